"""Room planner: bad input becomes one sentence on stderr and exit code 2.

ValueError
├── BadRequest        instruction, strategy, perception
├── UnknownModel      model
├── ModelUnavailable  key or package
├── UnsuitableScorer  scorer
├── PriceError        price file
├── CacheError        folder of kept answers
├── CalibrationError  calibration file, or one of another model
├── SituationError    labelled situations
├── ConformalError    coverage, or too few situations
├── TaskFileError     task file
├── CatalogueError    catalogue file
├── FormulaError      goal
├── RulebookError     rule file, lock, proposal
├── TraceError        trace
├── RequestFileError  labelled requests
├── SkillChoiceError  implementation of a skill
├── PolicyFileError   policy file
├── DatasetError      demonstrations
├── LearningError     skill, axis, head, extra that is missing
└── ImpossibleStart   scene, objects, robot

RuntimeError
└── JournalBroken     a record that cannot be written or read: exit code 1
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

NOT_DONE, BAD_INPUT, INTERRUPTED = 1, 2, 130


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn bad input into a sentence and exit 2, a broken journal into exit 1, and Ctrl-C into exit 130."""
    from grounding.formula_parser import FormulaError
    from planner.bench.task_file import TaskFileError
    from planner.calibration import CalibrationError, ConformalError, SituationError
    from planner.executive import JournalBroken
    from planner.learning.errors import LearningError
    from planner.models import UnknownModel
    from planner.remote.errors import ModelUnavailable, UnsuitableScorer
    from planner.remote.gateway import CacheError, PriceError
    from planner.request import BadRequest
    from planner.symbolic.pddl import PddlError
    from robots.catalogue import CatalogueError
    from robots.setup import ImpossibleStart
    from safety.instruction.requests import RequestFileError
    from safety.rule_file import RulebookError
    from safety.trace import TraceError
    from skills.datasets import DatasetError
    from skills.policies.onnx_policy import PolicyFileError
    from skills.policies.uri import SkillChoiceError

    inputs = (BadRequest, TaskFileError, CatalogueError, FormulaError, PddlError, ImpossibleStart)
    models = (UnknownModel, ModelUnavailable, UnsuitableScorer, PriceError, CacheError)
    rules = (RulebookError, TraceError, RequestFileError)
    learning = (SkillChoiceError, PolicyFileError, DatasetError, LearningError)
    bad = (*inputs, *models, *rules, *learning, CalibrationError, SituationError, ConformalError)
    try:
        yield
    except bad as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(BAD_INPUT) from error
    except JournalBroken as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(NOT_DONE) from error
    except KeyboardInterrupt as error:
        sys.stderr.write("interrupted; the robot is at rest and the journal is closed\n")
        raise typer.Exit(INTERRUPTED) from error
