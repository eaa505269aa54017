"""Room planner: the Python way in: a simulated home, a robot in it, and somebody who says what to do.

    with open_session(objects={"apple_1": "table"}, robot_at="operator") as home:
        report = home.run("bring me a fruit")
    print(report.succeeded, [str(step.call) for step in report.steps])

This is the composition root: every part that the executive gets is built here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING

from grounding import Perception, Scene
from planner.calibration import Calibration, CalibrationError, load_calibration
from planner.evidence import begin_run, end_run, resume_with_evidence, run_counted, run_with_evidence
from planner.executive import (
    Library,
    Listener,
    Parts,
    Preview,
    Report,
    Settings,
    Strategy,
    preview,
)
from planner.given_steps import GivenSteps, read_call
from planner.language_model import LanguageModel
from planner.models import build_model
from planner.remote.model import PromptedModel
from planner.request import PERCEPTIONS, check_choice, check_instruction, check_strategy
from planner.session_options import SessionOptions, library_for
from planner.start import RunStart, start_of
from planner.supervision import gate_for, supervisor_for
from robots import Robot
from robots.catalogue import Catalogue, load_catalogue
from robots.setup import SceneSetup

if TYPE_CHECKING:
    from robots.pybullet import PybulletKitchen


__all__ = ["Session", "SessionOptions", "open_session"]


class Session:
    """One home, open until closed; `run` may be called several times."""

    def __init__(
        self, kitchen: PybulletKitchen, parts: Parts, options: SessionOptions, start: RunStart
    ) -> None:
        """Take what `open_session` built."""
        self.kitchen = kitchen
        self._options = options
        self._start = start
        self._runs = 0
        self._cancelled = Event()
        self.parts = replace(parts, is_cancelled=self._cancelled.is_set)

    def run(self, instruction: str) -> Report:
        """Do what `instruction` says, or report why not.

        Raises:
            BadRequest: If the instruction is empty or too long.
        """
        check_instruction(instruction)
        return self._run(instruction, self.parts)

    def do(self, *calls: str) -> Report:
        """Do the calls, `do("pick(apple_1)", "hand_over(apple_1)")`, and whatever must come before them.

        Raises:
            BadRequest: If a call cannot be read.
        """
        model = GivenSteps(tuple(read_call(call) for call in calls))
        settings = replace(self.parts.settings, strategy=Strategy.PLAN_AHEAD, qhat=None)
        return self._run("; ".join(calls), replace(self.parts, model=model, settings=settings))

    def resume(self, folder: Path) -> Report:
        """Go on with the interrupted run of a folder, in the moment in which its world was kept.

        This home has to be opened as that run's was; `planner.resume.resume_run` reads how.

        Raises:
            BadRequest: If the run has ended, still goes on, or its world is not in the folder.
            JournalBroken: If its journal cannot be read and written.
        """
        self._cancelled.clear()
        parts = replace(self.parts, perception=_perception(self.kitchen, self.kitchen.catalogue))
        return resume_with_evidence(parts, folder, self.kitchen, recording=self._options.recording)

    def cancel(self) -> None:
        """End the run that goes on, robot at rest; callable from any thread and from a signal handler."""
        self._cancelled.set()
        if isinstance(self.parts.model, PromptedModel):
            self.parts.model.interrupt()

    def _run(self, instruction: str, parts: Parts) -> Report:
        """Run; places visited, surfaces wiped, things poured or pushed count from now on."""
        self._cancelled.clear()
        self.kitchen.forget_deeds()
        perception = _perception(self.kitchen, self.kitchen.catalogue)
        self.parts = replace(self.parts, perception=perception)
        parts = replace(parts, perception=perception)
        options = self._options
        self._runs += 1
        if options.run_root is None:
            begin_run(parts, None, options.recording)
            try:
                return run_counted(parts, instruction)
            finally:
                end_run(parts)
        start = self._start.model_copy(
            update={
                "instruction": instruction,
                "model": parts.model.name,
                "strategy": parts.settings.strategy.value,
                "number": self._runs,
            }
        )
        return run_with_evidence(
            parts, start, options.run_root, self.kitchen, film=options.record, recording=options.recording
        )

    def plan(self, instruction: str) -> Preview:
        """Return the plan with its scores; nothing moves.

        Raises:
            BadRequest: If the instruction is empty or too long.
        """
        check_instruction(instruction)
        begin_run(self.parts, None)
        try:
            return preview(self.parts, instruction)
        finally:
            end_run(self.parts)

    def attend(self, *, robot: Robot | None = None, listener: Listener | None = None) -> None:
        """Put another robot in front of the simulated one (a filter, a disturber), or add a listener."""
        listeners = self.parts.listeners if listener is None else (*self.parts.listeners, listener)
        self.parts = replace(self.parts, robot=robot or self.parts.robot, listeners=listeners)

    def look(self) -> Scene:
        """Return a fresh scene."""
        perception = self.parts.perception
        return perception.perceive(self.parts.robot.observe(cameras=perception.cameras))

    def close(self) -> None:
        """End the simulation, and what the model still does."""
        if isinstance(self._options.model, str) and isinstance(self.parts.model, PromptedModel):
            self.parts.model.close()
        self.kitchen.close()

    def __enter__(self) -> Session:
        """Return the session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def open_session(
    *,
    scene: str = "saycan_kitchen",
    objects: Mapping[str, str] | None = None,
    robot_at: str = "operator",
    holding: str | None = None,
    opened: Sequence[str] = (),
    powered_on: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    seed: int = 0,
    options: SessionOptions | None = None,
) -> Session:
    """Build a home and everything that acts in it.

    Args:
        scene: Name of the scene.
        objects: Item `<category>_<n>` to the place, or the item with a cavity, where it starts.
        robot_at: Place at whose dock the robot starts.
        holding: Item in the gripper at the start.
        opened: Doors and drawers that start open.
        powered_on: Appliances and taps that start on.
        texts: Item to the words that are printed on it.
        seed: Decides poses, grasps and everything else that is sampled.
        options: Strategy, model, evidence, own parts.

    Raises:
        BadRequest: If a strategy or perception is unknown.
        UnknownModel: If the model is unknown.
        ModelUnavailable: If its key or its package is missing.
        RulebookError: If the safety rules are not what was reviewed.
        CalibrationError: If a calibration was fitted for another model, method or prompt.
        ImpossibleStart: If the start cannot be built.
    """
    setup = SceneSetup(
        items=dict(objects or {}),
        robot_at=robot_at,
        holding=holding,
        opened=frozenset(opened),
        powered_on=frozenset(powered_on),
        texts=dict(texts or {}),
        scene=scene,
    )
    return _build(setup, seed, SessionOptions() if options is None else options)


def _build(setup: SceneSetup, seed: int, options: SessionOptions) -> Session:
    strategy = check_strategy(str(options.strategy))
    catalogue = load_catalogue() if options.catalogue is None else options.catalogue
    model = _model(options, catalogue)
    check_choice("perception", options.perception, PERCEPTIONS)
    library = library_for(options)
    calibration = _calibration(model, options, library)
    sees = isinstance(model, PromptedModel) and model.wants_pictures
    kitchen = _open_kitchen(setup, seed, catalogue, options, large_pictures=sees)
    parts = Parts(
        robot=kitchen.robot,
        perception=_perception(kitchen, catalogue),
        library=library,
        model=model,
        supervisor=options.supervisor or supervisor_for(options.supervision, library),
        gate=options.gate or gate_for(options.supervision),
        settings=Settings(
            strategy=strategy,
            seed=seed,
            bounds=options.bounds,
            cameras=PICTURES_FROM if sees else (),
            prefetch=options.model_settings.prefetch,
            qhat=calibration.qhat if calibration else None,
        ),
        listeners=options.listeners,
        person=options.person,
    )
    start = start_of(setup, seed, options, strategy, calibration)
    return Session(kitchen, parts, options, start)


def _model(options: SessionOptions, catalogue: Catalogue) -> LanguageModel:
    if not isinstance(options.model, str):
        return options.model
    return build_model(options.model, catalogue, options.model_settings, is_replay=options.replay_only)


def _calibration(model: LanguageModel, options: SessionOptions, library: Library) -> Calibration | None:
    """Return when to ask the person, fitted for exactly this model; None when nothing was asked for."""
    path, calibration = options.model_settings.calibration, options.calibration
    if path is None and calibration is None:
        if isinstance(model, PromptedModel):
            model.use_calibration(None, library.contracts)
        return None
    if not isinstance(model, PromptedModel):
        raise CalibrationError(f"a calibration needs a model that rates by a prompt; {model.name} does not")
    if calibration is None and path is not None:
        calibration = load_calibration(path)
    assert calibration is not None
    model.use_calibration(calibration, library.contracts)
    return calibration


PICTURES_FROM = ("head",)
"""Cameras whose pictures a model is shown."""
PICTURE_SIZE = (480, 360)
"""Their size for a model that sees, [pixel]."""


def _open_kitchen(
    setup: SceneSetup, seed: int, catalogue: Catalogue, options: SessionOptions, *, large_pictures: bool
) -> PybulletKitchen:
    from robots.pybullet import CameraModel, open_kitchen

    cameras = {"head": CameraModel(), "wrist": CameraModel()}
    if large_pictures:
        width, height = PICTURE_SIZE
        cameras |= {name: CameraModel(width=width, height=height) for name in PICTURES_FROM}
    return open_kitchen(
        setup, seed=seed, gui=options.gui, catalogue=catalogue, layout=options.layout, cameras=cameras
    )


def _perception(kitchen: PybulletKitchen, catalogue: Catalogue) -> Perception:
    from grounding.oracle import OraclePerception

    return OraclePerception(kitchen, catalogue)
