"""Room planner: the Python way in: a simulated home, a robot in it, and somebody who says what to do.

    with open_session(objects={"apple_1": "table"}, robot_at="operator") as home:
        report = home.run("bring me a fruit")
    print(report.succeeded, [str(step.call) for step in report.steps])

This is the composition root: every part that the executive gets is built here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from grounding import Perception, Scene
from planner.executive import (
    Bounds,
    Executive,
    Library,
    Listener,
    Parts,
    Person,
    Preview,
    Report,
    Settings,
    Strategy,
    preview,
)
from planner.given_steps import GivenSteps, read_call
from planner.journal import RunFolder
from planner.language_model import LanguageModel
from planner.models import build_model
from planner.recording import Recorder, overview
from planner.request import PERCEPTIONS, check_choice, check_instruction, check_strategy
from robots import Robot
from robots.catalogue import Catalogue, load_catalogue
from robots.setup import SceneSetup
from safety import BasicSupervisor, Supervisor

if TYPE_CHECKING:
    from robots.pybullet import Layout, PybulletKitchen


@dataclass(frozen=True, kw_only=True)
class SessionOptions:
    """How a session behaves, whatever the home looks like."""

    strategy: Strategy | str = Strategy.PLAN_AHEAD
    model: str | LanguageModel = "offline"
    perception: str = "oracle"
    bounds: Bounds = field(default_factory=Bounds)
    run_root: Path | None = Path("runs")
    """Where run folders are made; None keeps no evidence."""
    record: bool = False
    """Also write `run.mp4`; needs a run folder."""
    gui: bool = False
    """Open the simulator's window."""
    catalogue: Catalogue | None = None
    """Known objects; default is the shipped catalogue."""
    layout: Layout | None = None
    """Furniture; default is what the scene names."""
    library: Library | None = None
    """Skills; default is the household's."""
    supervisor: Supervisor | None = None
    """Default denies what is unknown, stale or not applicable."""
    person: Person | None = None
    """Answers questions; None when nobody is there."""
    listeners: tuple[Listener, ...] = ()
    """Told every event of every run, after the journal."""


class Session:
    """One home, open until closed; `run` may be called several times."""

    def __init__(self, kitchen: PybulletKitchen, parts: Parts, options: SessionOptions) -> None:
        """Take what `open_session` built."""
        self.kitchen = kitchen
        self.parts = parts
        self._options = options

    def run(self, instruction: str) -> Report:
        """Do what `instruction` says, or report why not.

        Raises:
            BadRequest: If the instruction is empty or too long.
        """
        check_instruction(instruction)
        self._begin_run()
        return self._run(instruction, self.parts)

    def do(self, *calls: str) -> Report:
        """Do the calls, `do("pick(apple_1)", "hand_over(apple_1)")`, and whatever must come before them.

        Raises:
            BadRequest: If a call cannot be read.
        """
        model = GivenSteps(tuple(read_call(call) for call in calls))
        self._begin_run()
        return self._run("; ".join(calls), replace(self.parts, model=model))

    def _begin_run(self) -> None:
        """Forget what only counts within one run: places visited, surfaces wiped, things poured or pushed."""
        self.kitchen.forget_deeds()
        self.parts = replace(self.parts, perception=_perception(self.kitchen, self.kitchen.catalogue))

    def _run(self, instruction: str, parts: Parts) -> Report:
        root = self._options.run_root
        if root is None:
            return Executive(parts).run(instruction)
        folder = RunFolder(root, instruction)
        recorder = self._recorder(folder)
        parts = replace(parts, listeners=(folder, *parts.listeners))
        if recorder is not None:
            parts = replace(parts, robot=recorder)
        try:
            folder.save_picture("first.png", overview(self.kitchen))
            report = replace(Executive(parts).run(instruction), run_folder=folder.path)
            folder.save_summary(report)
            folder.save_picture("last.png", overview(self.kitchen))
        finally:
            folder.close()
            if recorder is not None:
                recorder.close()
        return report

    def plan(self, instruction: str) -> Preview:
        """Return the plan with its scores; nothing moves.

        Raises:
            BadRequest: If the instruction is empty or too long.
        """
        check_instruction(instruction)
        return preview(self.parts, instruction)

    def attend(self, *, robot: Robot | None = None, listener: Listener | None = None) -> None:
        """Put another robot in front of the simulated one (a filter, a disturber), or add a listener."""
        listeners = self.parts.listeners if listener is None else (*self.parts.listeners, listener)
        self.parts = replace(self.parts, robot=robot or self.parts.robot, listeners=listeners)

    def look(self) -> Scene:
        """Return a fresh scene."""
        perception = self.parts.perception
        return perception.perceive(self.parts.robot.observe(cameras=perception.cameras))

    def _recorder(self, folder: RunFolder) -> Recorder | None:
        if not self._options.record:
            return None
        return Recorder(self.parts.robot, partial(overview, self.kitchen), folder.path / "run.mp4")

    def close(self) -> None:
        """End the simulation."""
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
        seed: Decides poses, grasps and everything else that is sampled.
        options: Strategy, model, evidence, own parts.

    Raises:
        BadRequest: If a strategy or perception is unknown.
        UnknownModel: If the model is unknown.
        ImpossibleStart: If the start cannot be built.
    """
    setup = SceneSetup(
        items=dict(objects or {}),
        robot_at=robot_at,
        holding=holding,
        opened=frozenset(opened),
        powered_on=frozenset(powered_on),
        scene=scene,
    )
    return _build(setup, seed, SessionOptions() if options is None else options)


def _build(setup: SceneSetup, seed: int, options: SessionOptions) -> Session:
    strategy = check_strategy(str(options.strategy))
    catalogue = load_catalogue() if options.catalogue is None else options.catalogue
    model = build_model(options.model, catalogue) if isinstance(options.model, str) else options.model
    check_choice("perception", options.perception, PERCEPTIONS)
    kitchen = _open_kitchen(setup, seed, catalogue, options)
    library = _library() if options.library is None else options.library
    parts = Parts(
        robot=kitchen.robot,
        perception=_perception(kitchen, catalogue),
        library=library,
        model=model,
        supervisor=options.supervisor or BasicSupervisor(library.contracts),
        settings=Settings(strategy=strategy, seed=seed, bounds=options.bounds),
        listeners=options.listeners,
        person=options.person,
    )
    return Session(kitchen, parts, options)


def _open_kitchen(
    setup: SceneSetup, seed: int, catalogue: Catalogue, options: SessionOptions
) -> PybulletKitchen:
    from robots.pybullet import open_kitchen

    return open_kitchen(setup, seed=seed, gui=options.gui, catalogue=catalogue, layout=options.layout)


def _perception(kitchen: PybulletKitchen, catalogue: Catalogue) -> Perception:
    from grounding.oracle import OraclePerception

    return OraclePerception(kitchen, catalogue)


def _library() -> Library:
    from skills.library import household_library

    return household_library()
