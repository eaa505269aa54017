"""Room planner: rows that need the simulated home: sensors, things, people, skills, stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from .cameras import CHORE as CAMERA_CHORE
from .cameras import NOTICED_S, BadCamera, watching
from .chores import FETCH, MOTIONS, OPEN_DOOR, PICK, STORE, Chore
from .fault import Fault
from .people_faults import EmergencyStop, PersonEnters, after_e_stop
from .sensors import STATE_AGE_S, JointDropout, JointsCorrupt
from .skill_faults import ENDED_AFTER_S, BrokenSkill
from .stage import Staging, play
from .trial import Row, Trial
from .witness import longest_stop_s
from .world_faults import DoorShut, Moved, Slip, Swapped

TICKS_S = 3.0 / 120.0
"""Slack on every stop: a tick to notice, a tick to begin, a tick to be seen at rest, [s]."""
STOP_S = longest_stop_s() + TICKS_S
TRIES = 6
"""A trial whose fault found no moment is begun anew so often."""


def until_injected(run: Callable[[], Trial]) -> Trial:
    """Return the first trial in which the fault had its chance or something went wrong, or the last one."""
    trial = run()
    for _ in range(TRIES - 1):
        if trial.injected or trial.unsafe or trial.is_unexplained:
            break
        trial = run()
    return trial


def _on_a_motion(
    make: Callable[[np.random.Generator], Fault], bound_s: float | None, rng: np.random.Generator
) -> Trial:
    return until_injected(lambda: play(choice(rng, MOTIONS), [make(rng)], rng, bound_s=bound_s))


def _on(
    chores: Sequence[Chore], make: Callable[[np.random.Generator], Fault], rng: np.random.Generator
) -> Trial:
    return until_injected(lambda: play(choice(rng, chores), [make(rng)], rng))


def choice(rng: np.random.Generator, chores: Sequence[Chore]) -> Chore:
    """Choose a chore."""
    return chores[int(rng.integers(len(chores)))]


def _sensor_row(
    name: str, injection: str, make: Callable[[np.random.Generator], Fault], bound_s: float
) -> Row:
    return Row(
        name=name,
        group="sensors",
        injection=injection,
        expected="controlled stop and HOLD; goes on when the samples are good again",
        inject=partial(_on_a_motion, make, bound_s),
        reaction="at rest",
        bound_s=bound_s,
    )


def _joints(kind: str, rng: np.random.Generator) -> Fault:
    return JointsCorrupt(rng, kind)


SENSOR_ROWS = (
    _sensor_row(
        "joint-dropout",
        "joint states stop for 5 ms to 1 s, or for good",
        JointDropout,
        STATE_AGE_S + STOP_S,
    ),
    *(
        _sensor_row(
            f"joints-{kind}",
            f"one joint reads as {what} for 5 ms to 1 s, or for good",
            partial(_joints, kind),
            STOP_S,
        )
        for kind, what in (("nan", "not a number"), ("inf", "infinite"), ("jump", "ten times its value"))
    ),
)


def _camera(kind: str, rng: np.random.Generator) -> Trial:
    def once() -> Trial:
        fault = BadCamera(rng, kind)
        return play(CAMERA_CHORE, [fault], rng, staging=Staging(adapt=watching(fault)))

    return until_injected(once)


CAMERA_ROWS = tuple(
    Row(
        name=f"camera-{kind}",
        group="sensors",
        injection=f"the head camera, the wrist camera or both are {kind} from some moment on",
        expected="noticed while the robot moves; no step begins on what is seen; stopped with the reason",
        inject=partial(_camera, kind),
        reaction="noticed",
        bound_s=NOTICED_S,
    )
    for kind in ("frozen", "black", "covered")
)

_NOTICED = "precondition or effect fails, and the rest is planned from what is seen"


def _slip(rng: np.random.Generator) -> Trial:
    def once() -> Trial:
        chore, item = (STORE, "apple_1") if rng.random() < 0.5 else (PICK, "apple_1")
        return play(chore, [Slip(rng, item)], rng)

    return until_injected(once)


THING_ROWS = (
    Row(
        name="slip",
        group="things",
        injection="the hand opens while it carries, or lifts, an apple",
        expected="noticed after the step; grasped again",
        inject=_slip,
        reaction="noticed",
    ),
    Row(
        name="object-moved",
        group="things",
        injection="what is wanted is put elsewhere, at any moment before it is held",
        expected=_NOTICED,
        inject=partial(_on, (PICK,), lambda rng: Moved(rng, "apple_1")),
        reaction="noticed",
    ),
    Row(
        name="objects-swapped",
        group="things",
        injection="what is wanted and something beside it change places",
        expected=_NOTICED,
        inject=partial(_on, (FETCH,), lambda rng: Swapped(rng, "orange_1", "apple_1")),
        reaction="noticed",
    ),
    Row(
        name="door-shut",
        group="things",
        injection="the fridge falls shut after, or while, it is opened",
        expected=_NOTICED,
        inject=partial(_on, (OPEN_DOOR,), lambda rng: DoorShut(rng, "fridge")),
        reaction="noticed",
    ),
)


def _person(rng: np.random.Generator) -> Trial:
    trial = _on_a_motion(PersonEnters, None, rng)
    was_touched = trial.measured.get("smallest_gap_m", 1.0) <= 0.0
    return replace(trial, is_recoverable=trial.is_recoverable and not was_touched)


def _e_stop(rng: np.random.Generator) -> Trial:
    def once() -> Trial:
        return play(choice(rng, MOTIONS), [EmergencyStop(rng)], rng, bound_s=STOP_S, after=after_e_stop)

    return until_injected(once)


def _broken_skill(kinds: tuple[str, ...], rng: np.random.Generator) -> Trial:
    def once() -> Trial:
        fault = BrokenSkill(rng, kinds)
        return play(
            choice(rng, MOTIONS), [fault], rng, staging=Staging(library=fault.library()), bound_s=STOP_S
        )

    return until_injected(once)


ACTOR_ROWS = (
    Row(
        name="person-enters",
        group="people",
        injection="somebody walks at the robot at 1.6 m/s, past it or into it, and goes",
        expected="slows down and stands before they touch; goes on afterwards",
        inject=_person,
    ),
    Row(
        name="e-stop",
        group="people",
        injection="the emergency stop is pressed at any moment",
        expected="stop and latch; a reset alone moves nothing, nor does arming",
        inject=_e_stop,
        reaction="at rest",
        bound_s=STOP_S,
    ),
    Row(
        name="skill-hangs",
        group="skills",
        injection="a skill pauses beyond its budget, or holds, or swings the arm, for ever",
        expected="nothing moves after twice its time, and it is ended; one that comes back is tried again",
        inject=partial(_broken_skill, ("dawdles", "holds for ever", "swings for ever")),
        reaction="ended",
        bound_s=ENDED_AFTER_S,
    ),
    Row(
        name="skill-raises",
        group="skills",
        injection="a skill raises an exception in the middle of a motion",
        expected="stop, and the record says which",
        inject=partial(_broken_skill, ("raises",)),
        reaction="at rest",
        bound_s=STOP_S,
    ),
)
