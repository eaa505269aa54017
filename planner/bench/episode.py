"""Room planner: run one benchmark episode in this process, and judge it."""

from __future__ import annotations

import resource
import sys
import zlib
from collections.abc import Sequence

import numpy as np

from grounding import Formula, Operator, Universe, holds, parse_formula
from planner.executive import Bounds, Report, StepRecord
from planner.session import Session, SessionOptions, open_session
from robots.setup import ImpossibleStart
from skills import SkillCall

from .disturber import Disturber
from .result import EpisodeResult, Job
from .task_file import TaskFileError

WALL_S = 240.0
"""An episode that takes longer is a failure, [s]."""


def run_episode(job: Job) -> EpisodeResult:
    """Build the home, run the instruction, and compare the end with the task's goal.

    Raises:
        TaskFileError: If the start cannot be built with this seed.
    """
    session = _open(job)
    with session:
        disturber = None
        if job.is_disturbed:
            disturber = Disturber(
                session.kitchen, np.random.default_rng([job.seed, zlib.crc32(job.task.id.encode())])
            )
            session.attend(robot=disturber, listener=disturber)
        report = session.run(job.task.instruction)
        return _judge(job, session, report, disturber.injected if disturber else ())


def _open(job: Job) -> Session:
    task = job.task
    options = SessionOptions(
        strategy=job.strategy,
        model=job.model,
        model_settings=job.model_settings,
        perception=job.perception,
        supervision=job.supervision,
        skills=job.skills,
        run_root=job.run_root,
        bounds=Bounds(wall_s=WALL_S),
    )
    try:
        return open_session(
            scene=job.scene,
            objects=task.objects,
            robot_at=task.robot.at,
            holding=task.robot.holding,
            opened=task.open,
            powered_on=task.powered_on,
            seed=job.seed,
            options=options,
        )
    except ImpossibleStart as error:
        raise TaskFileError(f"task {task.id}, seed {job.seed}: {error}") from error


def _judge(job: Job, session: Session, report: Report, disturbances: tuple[str, ...]) -> EpisodeResult:
    goal = parse_formula(job.task.goal)
    truth = session.look()
    operators = [contract.operator for contract in session.parts.library.contracts]
    proposed = tuple(step.call for step in report.plan) or report.done_calls
    was_proposed = bool(report.plan) or report.succeeded
    return EpisodeResult(
        task=job.task.id,
        family=job.task.family,
        seed=job.seed,
        strategy=job.strategy,
        plan_success=was_proposed and reaches(proposed, goal, report.first_facts, truth.universe, operators),
        execution_success=truth.holds(goal),
        ending=report.ending.value,
        reason=report.reason if report.succeeded else _why(report),
        steps=tuple(_spell(step) for step in report.steps),
        recoveries=report.recoveries,
        disturbances=disturbances,
        model_calls=max(report.model_calls, report.usage.calls),
        input_tokens=report.usage.input_tokens,
        cached_tokens=report.usage.cached_tokens,
        output_tokens=report.usage.output_tokens,
        usd=report.usage.usd,
        wall_s=report.timings.wall_s,
        planning_s=report.timings.planning_s,
        model_s=report.timings.model_s,
        robot_s=truth.time_s,
        peak_memory_mb=peak_memory_mb(),
    )


def reaches(
    calls: Sequence[SkillCall],
    goal: Formula,
    facts: frozenset[tuple[str, ...]],
    universe: Universe,
    operators: Sequence[Operator],
) -> bool:
    """Return whether every call is applicable in its turn and `goal` holds after the last."""
    by_name = {operator.name: operator for operator in operators}
    for call in calls:
        operator = by_name[call.skill]
        if not operator.is_applicable(call.arguments, facts, universe):
            return False
        facts = operator.apply(call.arguments, facts, universe)
    return holds(goal, facts, universe)


def peak_memory_mb() -> float:
    """Return the largest resident size of this process so far, [MB]."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def _why(report: Report) -> str:
    failed = [s for s in report.steps if not s.effects_hold]
    if not failed:
        return report.reason
    last = failed[-1]
    return f"{report.reason} (last failure {last.call}: {last.outcome.reason})"


def _spell(step: StepRecord) -> str:
    if step.effects_hold:
        return str(step.call)
    return f"{step.call} {step.outcome.status.value}: {step.outcome.reason}"
