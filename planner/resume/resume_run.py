"""Room planner: open the home of an interrupted run as it stopped, and go on with the run.

The model is asked only where goal and plan are not in the journal, and with what is left of its budget.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from planner.evidence import check_can_go_on
from planner.executive import Listener, PastRun, Person, Report, Strategy
from planner.given_steps import GivenSteps, read_call
from planner.journal import FILE, read_journal, read_recording
from planner.journal.costs import everything_sent
from planner.language_model import LanguageModel
from planner.model_settings import ModelSettings
from planner.models import build_model
from planner.remote.errors import ModelUnavailable
from planner.remote.gateway import Recording
from planner.remote.gateway.budget import Budget
from planner.remote.model import PromptedModel
from planner.request import BadRequest
from planner.session import Session, SessionOptions, open_session
from planner.start import RunStart, read_start
from robots.catalogue import load_catalogue

from .absent_model import AbsentModel


def resume_run(
    folder: Path, *, person: Person | None = None, listeners: tuple[Listener, ...] = (), gui: bool = False
) -> Report:
    """Go on with the interrupted run of a folder.

    Args:
        folder: Its run folder; the same journal is continued.
        person: Who can say what became of a step that must not be done twice; None when nobody is there.
        listeners: Told every event, after the journal.
        gui: Open the simulator's window.

    Raises:
        BadRequest: If the folder is no run folder, its run has ended or still goes on, or it cannot be.
        ModelUnavailable: If there is no plan yet, and no model to make one.
        JournalBroken: If the journal cannot be read and written.
    """
    if not (folder / FILE).is_file():
        raise BadRequest(f"{folder} is not a run folder: it has no {FILE}")
    journalled = read_journal(folder)
    check_can_go_on(folder, journalled)
    start = read_start(folder, "resumed")
    model = _model(start, journalled.past, folder)
    options = SessionOptions(
        strategy=start.strategy,
        model=model,
        model_settings=replace(start.settings, calibration=None),
        perception=start.perception,
        supervision=start.supervision,
        skills={name: tuple(uris) for name, uris in start.skills.items()},
        bounds=start.bounds,
        person=person,
        listeners=listeners,
        recording=None if journalled.past.has_plan else _unused_answers(folder),
        calibration=start.calibration if not isinstance(model, AbsentModel) else None,
        gui=gui,
    )
    with ExitStack() as ends:
        if isinstance(model, PromptedModel):
            ends.callback(model.close)
        home = ends.enter_context(_open_as(start, options))
        return home.resume(folder)


def _open_as(start: RunStart, options: SessionOptions) -> Session:
    """Return the home as the run began in it."""
    return open_session(
        scene=start.scene,
        objects=start.objects,
        robot_at=start.robot_at,
        holding=start.holding,
        opened=start.opened,
        powered_on=start.powered_on,
        texts=start.texts,
        seed=start.seed,
        options=options,
    )


def _model(start: RunStart, past: PastRun, folder: Path) -> LanguageModel:
    if start.model == "given":
        return GivenSteps(tuple(read_call(call) for call in start.instruction.split("; ")))
    settings = _with_rest_of_budget(start.settings, folder)
    try:
        return build_model(start.model, load_catalogue(), settings)
    except ModelUnavailable as absent:
        if not past.has_plan or start.strategy == Strategy.SAYCAN:
            raise
        return AbsentModel(start.model, str(absent))


def _with_rest_of_budget(settings: ModelSettings, folder: Path) -> ModelSettings:
    """Return the settings with the budget less what the run has sent; what was never answered counts."""
    spent, budget = everything_sent(folder / FILE), settings.calls.budget
    left = Budget(
        calls=None if budget.calls is None else max(0, budget.calls - spent.requests),
        tokens=None
        if budget.tokens is None
        else max(0, budget.tokens - spent.input_tokens - spent.output_tokens),
        usd=None if budget.usd is None else max(0.0, budget.usd - (spent.usd or 0.0)),
    )
    return replace(settings, calls=replace(settings.calls, budget=left))


def _unused_answers(folder: Path) -> Recording:
    """Return what a model answered before the plan was made: it is not asked, nor billed, again."""
    return read_recording(folder / FILE, with_failures=False)
