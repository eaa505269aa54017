"""Room skills: where the base drives: A* on an occupancy grid, shortcuts, straight docking.

A docked base stands too close to furniture to turn, so a path backs off along the robot's own axis until it
can, crosses the room on the grid, turns on the way, and drives the last stretch straight ahead.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from robots import Array

from .floor_map import FloorMap

CELL_M = 0.08
COMFORT_M = 0.18
"""Turning gap beyond which a cell costs nothing extra."""
MARGIN_M = 0.015
"""Gap that the platform's outline keeps, [m]; a docked or freshly nudged base may start with less."""
MAX_RETREAT_M = 1.2
SEARCH_MARGIN_M = 1.5
"""How far a path may stray outside the rectangle that start and goal span, [m]."""

BasePath = Array
"""Base poses x, y, yaw to pass through in the world frame, shape (n, 3); yaw is continuous, not wrapped."""


@dataclass(frozen=True, kw_only=True)
class NoBasePath:
    """Why the base cannot get there."""

    reason: str


def plan_base_path(floor: FloorMap, start: Array, goal: Array) -> BasePath | NoBasePath:
    """Return poses from `start` to `goal` (x, y, yaw in the world frame), or why there are none.

    The folded arm keeps away from what is tall; where that leaves no way, only the platform does.
    """
    goal = np.array([goal[0], goal[1], start[2] + wrapped(float(goal[2] - start[2]))])
    path = _path(floor, start, goal)
    if isinstance(path, NoBasePath) and floor.tall is not None:
        path = _path(replace(floor, tall=None), start, goal)
    return path


def _path(floor: FloorMap, start: Array, goal: Array) -> BasePath | NoBasePath:
    if floor.footprint_clearance(goal[None])[0] < 0.0:
        return NoBasePath(reason="goal in collision")
    if abs(goal[2] - start[2]) < 0.35 and is_edge_free(floor, start, goal):
        return np.stack([start, goal])
    leave, arrive = _free_pose_behind(floor, start), _free_pose_behind(floor, goal)
    if leave is None:
        return NoBasePath(reason="start in collision")
    if arrive is None:
        return NoBasePath(reason=f"no room in front of the goal at {goal[0]:.2f}, {goal[1]:.2f}")
    crossing = _cross(floor, leave[:2], arrive[:2])
    if crossing is None:
        return NoBasePath(reason="no path for the base")
    return _with_turn(start, leave, crossing, arrive, goal)


def wrapped(angle: float) -> float:
    """Return the angle in (-pi, pi]."""
    return float(-((np.pi - angle) % (2 * np.pi) - np.pi))


def interpolated(start: Array, goal: Array, *, step_m: float = 0.04, step_rad: float = 0.06) -> Array:
    """Return poses from `start` to `goal` with at most the given steps, shape (n, 3)."""
    delta = goal - start
    count = max(float(np.hypot(*delta[:2])) / step_m, abs(float(delta[2])) / step_rad)
    fractions = np.linspace(0.0, 1.0, int(np.ceil(count)) + 1)
    return np.asarray(start + fractions[:, None] * delta, dtype=np.float64)


def is_edge_free(floor: FloorMap, start: Array, goal: Array) -> bool:
    """Return whether the platform can move straight; from a tight start it may only get freer."""
    clearances = floor.footprint_clearance(interpolated(start, goal))
    allowed = min(MARGIN_M, float(min(clearances[0], clearances[-1])) - 1e-3)
    return bool(clearances.min() >= allowed and clearances.min() > -0.03)


def _free_pose_behind(floor: FloorMap, pose: Array) -> Array | None:
    """Return the nearest pose straight behind (else in any direction) where the platform can turn."""
    directions = (
        pose[2] + np.pi + np.array([0, 0.5, -0.5, 1.0, -1.0, np.pi / 2, -np.pi / 2, 2.4, -2.4, np.pi])
    )
    distances = np.arange(0.0, MAX_RETREAT_M, 0.03)
    for direction in directions:
        ray = pose + distances[:, None] * np.array([np.cos(direction), np.sin(direction), 0.0])
        free = np.flatnonzero(floor.turning_gap(ray[:, :2]) >= 0.02)
        if len(free) and is_edge_free(floor, pose, ray[free[0]]):
            return np.asarray(ray[free[0]], dtype=np.float64)
    return None


def _with_turn(start: Array, leave: Array, crossing: Array, arrive: Array, goal: Array) -> BasePath:
    """Return the whole path; the turn is spread over the crossing in proportion to its length."""
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(crossing, axis=0), axis=1))])
    share = lengths / lengths[-1] if lengths[-1] > 1e-6 else np.linspace(0.0, 1.0, len(lengths))
    yaws = leave[2] + share * (goal[2] - leave[2])
    middle = np.column_stack([crossing, yaws])
    path = np.vstack([start, middle, goal])
    keep = np.concatenate([[True], np.abs(np.diff(path, axis=0)).max(axis=1) > 1e-6])
    return np.asarray(path[keep], dtype=np.float64)


def _cross(floor: FloorMap, start: Array, goal: Array) -> Array | None:
    """Return way points of a path for the turning disc, shape (n, 2), or None."""
    if _is_line_free(floor, start, goal, COMFORT_M):
        return np.stack([start, goal])
    low = np.minimum(start, goal) - SEARCH_MARGIN_M
    shape = tuple(np.ceil((np.maximum(start, goal) + SEARCH_MARGIN_M - low) / CELL_M).astype(int))
    grid = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), axis=-1)
    gap = floor.turning_gap(low + grid.reshape(-1, 2) * CELL_M).reshape(shape)
    cells = _a_star(gap, _cell(start, low), _cell(goal, low))
    if cells is None:
        return None
    points = np.vstack([start, low + np.array(cells[1:-1]).reshape(-1, 2) * CELL_M, goal])
    return _shortcut(floor, points)


def _cell(point: Array, low: Array) -> tuple[int, int]:
    x, y = np.rint((point - low) / CELL_M).astype(int)
    return int(x), int(y)


def _a_star(gap: Array, start: tuple[int, int], goal: tuple[int, int]) -> list[tuple[int, int]] | None:
    """Return 8-connected cells from start to goal, avoiding tight ones where a detour is short."""
    cost = 1.0 + 4.0 * np.clip((COMFORT_M - gap) / COMFORT_M, 0.0, 1.0)
    blocked = gap < 0.0
    for cell in (start, goal):
        blocked[cell] = False
    moves = [(i, j, float(np.hypot(i, j))) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    best = {start: 0.0}
    parent: dict[tuple[int, int], tuple[int, int]] = {}
    queue = [(0.0, start)]
    closed: set[tuple[int, int]] = set()
    while queue:
        _, here = heapq.heappop(queue)
        if here == goal:
            return _trace(parent, goal)
        if here in closed:
            continue
        closed.add(here)
        for i, j, length in moves:
            there = (here[0] + i, here[1] + j)
            inside = 0 <= there[0] < cost.shape[0] and 0 <= there[1] < cost.shape[1]
            if not inside or blocked[there]:
                continue
            total = best[here] + length * float(cost[there])
            if total < best.get(there, np.inf):
                best[there], parent[there] = total, here
                estimate = float(np.hypot(goal[0] - there[0], goal[1] - there[1]))
                heapq.heappush(queue, (total + estimate, there))
    return None


def _trace(parent: dict[tuple[int, int], tuple[int, int]], goal: tuple[int, int]) -> list[tuple[int, int]]:
    cells = [goal]
    while cells[-1] in parent:
        cells.append(parent[cells[-1]])
    return cells[::-1]


def _shortcut(floor: FloorMap, points: Array) -> Array:
    """Return as few of the points as straight, no tighter lines can join."""
    kept, i = [points[0]], 0
    while i < len(points) - 1:
        j = len(points) - 1
        while j > i + 1:
            tightest = float(floor.turning_gap(points[i : j + 1]).min())
            if _is_line_free(floor, points[i], points[j], min(tightest, COMFORT_M) - 0.02):
                break
            j -= 1
        kept.append(points[j])
        i = j
    return np.asarray(np.stack(kept), dtype=np.float64)


def _is_line_free(floor: FloorMap, start: Array, goal: Array, gap: float) -> bool:
    count = int(np.ceil(float(np.linalg.norm(goal - start)) / 0.03)) + 1
    line = start + np.linspace(0.0, 1.0, count)[:, None] * (goal - start)
    return bool(floor.turning_gap(line).min() >= max(gap, -0.01))
