"""Room skills: collision-free paths of the arm: a straight edge when it is free, else OMPL's RRT-Connect.

Deterministic: OMPL's generator is seeded for every query and the search is bounded by a count of edges, not
by a clock. Source: Kuffner and LaValle, RRT-Connect (2000); Sucan et al., The Open Motion Planning Library
(2012).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grounding.collision import ArmCollision
from robots import Array
from robots.panda import PANDA_ARM_LIMITS

MARGIN_M = 0.012
"""Distance kept from everything; where the start or the goal is closer already, that distance is kept."""
DEEPEST_START_M = -0.02
"""A start deeper than this inside something is a collision; less may be the spheres' own roundness."""
STEP_RAD = 0.09
"""Largest joint motion between two checked configurations."""
RANGE_RAD = 1.2
"""Longest edge of the trees, in the joint space's Euclidean norm."""
MAX_EDGES = 1200


@dataclass(frozen=True, kw_only=True)
class ArmPath:
    """Way points in joint space and how they were found."""

    q: Array
    """Shape (n, 7), [rad]; straight between the points."""
    edges_checked: int


@dataclass(frozen=True, kw_only=True)
class NoArmPath:
    """Why there is none: one of the four sentences that a primitive may give."""

    reason: str


def plan_arm_path(
    collision: ArmCollision, q_start: Array, q_goals: Array, *, seed: int, margin: float = MARGIN_M
) -> ArmPath | NoArmPath:
    """Return a path from `q_start` to the easiest of `q_goals` (k, 7), or why there is none."""
    if not len(q_goals):
        return NoArmPath(reason="no inverse kinematics")
    start_gap = float(collision.clearance(q_start[None])[0])
    if start_gap < DEEPEST_START_M:
        return NoArmPath(reason="start in collision")
    goal_gaps = collision.clearance(q_goals)
    goals = q_goals[goal_gaps >= 0.0]
    gaps = goal_gaps[goal_gaps >= 0.0]
    if not len(goals):
        return NoArmPath(reason="goal in collision")
    order = np.argsort(np.abs(goals - q_start).max(axis=1))
    search = _EdgeSearch(collision, q_start)
    for k in order[:4]:
        search.margin = min(margin, float(gaps[k]) - 1e-4)
        if search.is_edge_free(q_start, goals[k]):
            return ArmPath(q=np.stack([q_start, goals[k]]), edges_checked=search.edges)
    for k in order[:3]:
        search.margin = min(margin, float(gaps[k]) - 1e-4)
        points = _rrt_connect(search, q_start, goals[k], seed)
        if points is not None:
            return ArmPath(q=_shortcut(search, points), edges_checked=search.edges)
    return NoArmPath(reason="no path in time")


class _EdgeSearch:
    """Counts and answers edge queries; near the start it accepts what only gets freer."""

    def __init__(self, collision: ArmCollision, q_start: Array) -> None:
        self._collision = collision
        self._q_start = q_start
        self._start_gap = float(collision.clearance(q_start[None])[0])
        self.margin = MARGIN_M
        self.edges = 0

    def is_edge_free(self, a: Array, b: Array) -> bool:
        """Return whether the straight motion keeps the margin."""
        self.edges += 1
        points = edge_points(a, b)
        if len(points) > 6 and not self._are_free(points[-1:0:-5]):  # most edges that fail, fail here
            return False
        return self._are_free(points)

    def _are_free(self, points: Array) -> bool:
        return bool(np.all(self._collision.clearance(points) >= self._allowed(points)))

    def _allowed(self, points: Array) -> Array:
        if self._start_gap >= self.margin:
            return np.full(len(points), self.margin)
        # Ramp from the start's own gap to the margin within half a radian.
        away = np.minimum(np.abs(points - self._q_start).max(axis=1) / 0.5, 1.0)
        return np.asarray(self._start_gap - 2e-3 + away * (self.margin - self._start_gap))


def edge_points(a: Array, b: Array, *, step: float = STEP_RAD) -> Array:
    """Return configurations from `a` to `b` at most `step` apart in every joint, shape (n, 7)."""
    count = max(1, int(np.ceil(float(np.abs(b - a).max()) / step)))
    return np.asarray(a + np.linspace(0.0, 1.0, count + 1)[:, None] * (b - a))


def _rrt_connect(search: _EdgeSearch, q_start: Array, q_goal: Array, seed: int) -> Array | None:
    from ompl import base, geometric, util

    util.noOutputHandler()
    util.RNG.setSeed(seed % (2**31 - 1) + 1)
    space = base.RealVectorStateSpace(7)
    bounds = base.RealVectorBounds(7)
    for i in range(7):
        bounds.setLow(i, float(PANDA_ARM_LIMITS.lower[i]))
        bounds.setHigh(i, float(PANDA_ARM_LIMITS.upper[i]))
    space.setBounds(bounds)
    information = base.SpaceInformation(space)
    information.setStateValidityChecker(lambda state: True)
    information.setMotionValidator(_motion_validator(base, information, search.is_edge_free))
    information.setup()
    problem = base.ProblemDefinition(information)
    problem.setStartAndGoalStates(_state(space, q_start), _state(space, q_goal))
    planner = geometric.RRTConnect(information)
    planner.setRange(RANGE_RAD)
    planner.setProblemDefinition(problem)
    planner.setup()
    last = search.edges + MAX_EDGES
    if not planner.solve(base.PlannerTerminationCondition(lambda: search.edges >= last)):
        return None
    if not problem.hasExactSolution():
        return None
    path = problem.getSolutionPath()
    return np.array([[path.getState(k)[i] for i in range(7)] for k in range(path.getStateCount())])


def _state(space: Any, q: Array) -> Any:
    state = space.allocState()
    for i in range(7):
        state[i] = float(q[i])
    return state


def _motion_validator(base: Any, information: Any, is_edge_free: Callable[[Array, Array], bool]) -> Any:
    class BatchedValidator(base.MotionValidator):  # type: ignore[misc]  # OMPL ships no types
        def checkMotion(self, first: Any, second: Any, *last_valid: Any) -> bool:
            a = np.array([first[i] for i in range(7)])
            b = np.array([second[i] for i in range(7)])
            return is_edge_free(a, b)

    return BatchedValidator(information)


def _shortcut(search: _EdgeSearch, points: Array) -> Array:
    """Return as few of the points as free straight edges can join, tried twice."""
    for _ in range(2):
        kept, i = [points[0]], 0
        while i < len(points) - 1:
            j = len(points) - 1
            while j > i + 1 and not search.is_edge_free(points[i], points[j]):
                j -= 1
            kept.append(points[j])
            i = j
        middle = [(a + b) / 2 for a, b in zip(kept[:-1], kept[1:], strict=True)]
        if len(kept) <= 2:
            break
        points = np.array([p for pair in zip(kept[:-1], middle, strict=True) for p in pair] + [kept[-1]])
    return np.array(kept)
