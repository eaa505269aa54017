"""Room planner: one exercise of a skill: a home, a call, its teacher, and when it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grounding import Scene
from grounding.oracle import OraclePerception
from robots import Array
from robots.panda_kinematics import solve_ik, tool_pose
from robots.pybullet import PybulletKitchen
from robots.transforms import inverse
from skills import SkillCall
from skills.demonstrations import (
    Demonstrator,
    DrawerTeacher,
    PickTeacher,
    PlaceTeacher,
    PushTeacher,
)
from skills.motion.body import Halt
from skills.motion.operate import plan_handle
from skills.motion.pushing import DIRECTION_RAD
from skills.policies.features import world_tool
from skills.policies.stances import PUSH_BACK_M
from skills.primitives.open import TARGET_FRACTION

from .errors import LearningError
from .homes import SEEN, SURFACES, Variation, random_home, repaint

REACH_ASIDE_M = 0.20
"""Farthest that a target is to the left or right of the base's axis when a policy starts, [m]."""
DRAWERS = ("top_drawer", "middle_drawer", "bottom_drawer")
NOT_HELD = frozenset({"banana", "spoon"})
MOVED_M = 0.06
OPEN_M = 0.075
"""A hand that is more open than this has not begun to close, [m]."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One exercise."""

    kitchen: PybulletKitchen
    call: SkillCall
    teacher: Callable[[Scene, Array], Demonstrator | None]
    """Made from what is seen now, for a start frame (T_world_start)."""
    is_done: Callable[[Scene], bool]
    is_followed: Callable[[Scene], bool]
    """Whether the teacher should be made anew: what it works on may have moved."""
    most_steps: int = 90


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What kind of exercise: the axes along which a policy is measured."""

    categories: Sequence[str] = SEEN
    """Of the target."""
    others: Sequence[str] = SEEN
    distractors: tuple[int, int] = (0, 5)
    """Fewest and most."""
    surfaces: Sequence[str] = SURFACES
    variation: Variation = Variation()
    stance: float = 1.0
    """How far the base strays from straight before the target, as a share of the reach."""


def task_for(skill: str, rng: np.random.Generator, exercise: Exercise | None = None) -> Task | None:
    """Return an exercise, or None when this draw allows none.

    Raises:
        ImpossibleStart: If the objects do not fit on the surface.
        LearningError: If there is no such skill.
    """
    if skill not in _TASKS:
        raise LearningError(f"there is no exercise for {skill!r}; skills: {', '.join(_TASKS)}")
    return _TASKS[skill](rng, exercise or Exercise())


def _home(rng: np.random.Generator, exercise: Exercise) -> tuple[PybulletKitchen, str, str]:
    target = str(rng.choice(list(exercise.categories)))
    count = int(rng.integers(exercise.distractors[0], exercise.distractors[1] + 1))
    others = [c for c in exercise.others if c != target]
    chosen = [str(c) for c in rng.choice(others, size=count, replace=False)]
    surface = str(rng.choice(list(exercise.surfaces)))
    items = [f"{category}_1" for category in (target, *chosen)]
    kitchen = random_home(items, surface, rng, variation=exercise.variation)
    repaint(kitchen, [surface], rng, exercise.variation)
    return kitchen, items[0], surface


def stand_before(kitchen: PybulletKitchen, surface: str, p_world: Array, aside: float, back: float) -> None:
    """Put the robot before a surface with a point so far to the left of its axis; before the episode only."""
    dock = np.array(kitchen.state().fixtures[surface].dock)
    left = np.array([-np.sin(dock[2]), np.cos(dock[2])])
    ahead = np.array([np.cos(dock[2]), np.sin(dock[2])])
    offset = float((p_world[:2] - dock[:2]) @ left) - aside
    offset = float(np.clip(offset, -0.44, 0.44))
    base = np.array([*(dock[:2] + offset * left - back * ahead), dock[2]])
    kitchen.robot.place_at_rest(kitchen.robot.observe().q_arm, base)


def _pick(rng: np.random.Generator, exercise: Exercise) -> Task | None:
    kitchen, item, surface = _home(rng, exercise)
    p = kitchen.items[item].pose()[:3, 3]
    aside = exercise.stance * float(rng.uniform(-REACH_ASIDE_M, REACH_ASIDE_M))
    stand_before(kitchen, surface, p, aside, float(rng.uniform(0.0, 0.06)) * exercise.stance)
    floor = float(p[2])

    def teacher(scene: Scene, start: Array) -> Demonstrator | None:
        return PickTeacher.of(scene.items[item].item, start, world_tool(scene.observation))

    def is_done(scene: Scene) -> bool:
        return scene.held_item == item and float(scene.items[item].p_world_item[2]) > floor + 0.09

    def is_followed(scene: Scene) -> bool:
        return scene.held_item != item and scene.observation.gripper_width > OPEN_M

    call = SkillCall("pick", (item,))
    return Task(kitchen=kitchen, call=call, teacher=teacher, is_done=is_done, is_followed=is_followed)


def _push(rng: np.random.Generator, exercise: Exercise) -> Task | None:
    kitchen, item, surface = _home(rng, exercise)
    p = kitchen.items[item].pose()[:3, 3].copy()
    aside = exercise.stance * float(rng.uniform(-0.12, 0.12))
    direction = str(rng.choice(sorted(DIRECTION_RAD)))
    back = PUSH_BACK_M if direction == "away" else 0.0
    stand_before(kitchen, surface, p, aside, back + float(rng.uniform(0.0, 0.06)) * exercise.stance)
    yaw = float(kitchen.state().fixtures[surface].dock[2]) + DIRECTION_RAD[direction]
    ahead = np.array([np.cos(yaw), np.sin(yaw)])

    def teacher(scene: Scene, start: Array) -> Demonstrator | None:
        dock = float(scene.fixtures[surface].dock[2])
        return PushTeacher.of(scene.items[item].item, direction, dock, start, world_tool(scene.observation))

    def is_done(scene: Scene) -> bool:
        return float((scene.items[item].p_world_item[:2] - p[:2]) @ ahead) > MOVED_M

    call = SkillCall("push", (item, direction))
    return Task(kitchen=kitchen, call=call, teacher=teacher, is_done=is_done, is_followed=_never)


def _place(rng: np.random.Generator, exercise: Exercise) -> Task | None:
    held = str(rng.choice([c for c in exercise.categories if c not in NOT_HELD]))
    count = int(rng.integers(exercise.distractors[0], exercise.distractors[1] + 1))
    others = [c for c in exercise.others if c != held]
    items = [f"{c}_1" for c in rng.choice(others, size=count, replace=False)]
    surface, item = str(rng.choice(list(exercise.surfaces))), f"{held}_1"
    kitchen = random_home(items, surface, rng, variation=exercise.variation, holding=item, robot_at=surface)
    repaint(kitchen, [surface], rng, exercise.variation)
    width = kitchen.robot.observe().gripper_width

    def teacher(scene: Scene, start: Array) -> Demonstrator | None:
        return PlaceTeacher.of(scene, item, surface, start, world_tool(scene.observation), width)

    def is_done(scene: Scene) -> bool:
        above = float(world_tool(scene.observation)[2, 3] - scene.items[item].p_world_item[2])
        return ("on", item, surface) in scene.facts and scene.held_item is None and above > 0.07

    call = SkillCall("place", (item, surface))
    return Task(kitchen=kitchen, call=call, teacher=teacher, is_done=is_done, is_followed=_never)


def stand_at_handle(
    kitchen: PybulletKitchen, name: str, is_opening: bool, rng: np.random.Generator, stray: float
) -> tuple[Array, float] | None:
    """Put hand and base about where the primitive begins; return bar grasp and goal."""
    perception = OraclePerception(kitchen, kitchen.catalogue)
    scene = perception.perceive(kitchen.robot.observe())
    fixture = scene.fixtures[name]
    assert fixture.articulation is not None
    wanted = TARGET_FRACTION["prismatic"] * fixture.articulation.upper if is_opening else 0.0
    plan = plan_handle(scene, fixture, fixture.articulation, wanted, attempt=0)
    if isinstance(plan, Halt):
        return None
    base = plan.reach.stand.base
    T_arm_tool = tool_pose(plan.q_line[0])
    across_along_away = (0.05, 0.05, 0.02)  # of the bar
    shift = stray * rng.uniform(-1.0, 1.0, size=3) * across_along_away
    T_arm_tool[:3, 3] += T_arm_tool[:3, :3] @ (shift - stray * np.array([0.0, 0.0, 0.02]))
    found = solve_ik(T_arm_tool[None], plan.q_line[:1])
    if not found.is_solved[0]:
        return None
    kitchen.robot.place_at_rest(found.q[0], base, width=0.06)
    T_handle_tool = inverse(fixture.articulation.T_world_handle) @ plan.reach.stand.T_world_tool
    return T_handle_tool, wanted


def _drawer(skill: str) -> Callable[[np.random.Generator, Exercise], Task | None]:
    def task(rng: np.random.Generator, exercise: Exercise) -> Task | None:
        name = str(rng.choice(DRAWERS))
        opened = [name] if skill == "close" else []
        kitchen = random_home([], name, rng, variation=exercise.variation, opened=opened, robot_at=name)
        repaint(kitchen, list(DRAWERS), rng, exercise.variation)
        placed = stand_at_handle(kitchen, name, skill == "open", rng, exercise.stance)
        if placed is None:
            kitchen.close()
            return None
        T_handle_tool, wanted = placed

        def teacher(scene: Scene, start: Array) -> Demonstrator | None:
            now = scene.fixtures[name].articulation
            if now is None:
                return None
            return DrawerTeacher.of(now, start, T_handle_tool=T_handle_tool, wanted=wanted)

        def is_done(scene: Scene) -> bool:
            now = scene.fixtures[name].articulation
            assert now is not None
            return now.open_fraction > 0.9 if skill == "open" else now.open_fraction < 0.03

        call = SkillCall(skill, (name,))
        return Task(
            kitchen=kitchen, call=call, teacher=teacher, is_done=is_done, is_followed=lambda scene: True
        )

    return task


def _never(scene: Scene) -> bool:
    return False


_TASKS = {"pick": _pick, "place": _place, "open": _drawer("open"), "close": _drawer("close"), "push": _push}
SKILLS = tuple(_TASKS)
"""Skills that there are teachers and exercises for."""
