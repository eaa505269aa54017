"""Room skills: put the held item down at a free spot, open the fingers, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grounding import Scene
from grounding.collision import scene_solids
from grounding.extents import footprint, rectangle_of
from grounding.placements import Placement, Spot, sample_placements
from robots import Array, Fixture, frozen
from robots.transforms import inverse
from skills.skill import SkillContext

from .approach_choice import Approach, Surroundings, ToolTarget, find_approach
from .arm import LADEN_SPEED, T_world_tool, held_spheres, reach_for, run_arm, tuck_in
from .body import Body, Halt, failed, first_halt
from .drive import drive_to
from .level import upright_axis
from .stand import stands_for

LINE_SPEED = 0.4
WAY_OUT_M = 0.09
SPARE_M = 0.035
"""How much wider than the item the fingers open, [m]."""
STANDS_TRIED = 6
HIGHER_DROP_M = 0.022
JAMMED_M = 0.006
"""Fingers that stay this much narrower than commanded are held by something, [m]."""
LOOSENING_FORCES = (55.0, 70.0)
"""Forces with which jammed fingers are opened in turn, up to the most that the hand gives, [N]."""
PACKED_KINDS = frozenset({"sink", "drawer", "person"})
"""Places that are filled from their corners; behind a door the corners are hard to reach."""


@dataclass(frozen=True, kw_only=True)
class ChosenPlacement:
    """A placement and how to get there."""

    placement: Placement
    approach: Approach
    opening: float


def put_down(
    body: Body, context: SkillContext, scene: Scene, item: str, fixture: Fixture, spots: Sequence[Spot]
) -> Halt | None:
    """Put the held item down at the first of `spots` that works, withdraw and fold the arm."""
    halt: Halt | None = failed("no free room")
    for spot in (*spots, *(_higher(spot) for spot in spots[:1] if not spot.is_drop)):
        chosen = choose_placement(body, context, scene, item, fixture, spot)
        if isinstance(chosen, Halt):
            halt = chosen
            continue
        halt = _bring(body, context, scene, item, chosen)
        if halt is None:
            return _let_go(body, context, chosen)
        if halt.is_interruption:
            break
    return halt


def _higher(spot: Spot) -> Spot:
    """Return the spot for a hand that cannot get as low as a gentle release needs."""
    floor = float(spot.region.T_world_region[2, 3])
    return replace(spot, lowest=floor + HIGHER_DROP_M, is_crowded=True)


def choose_placement(
    body: Body, context: SkillContext, scene: Scene, item: str, fixture: Fixture, spot: Spot
) -> ChosenPlacement | Halt:
    """Return the best reachable placement, or why there is none."""
    thing = scene.items[item].item
    T_tool_item = inverse(T_world_tool(body)) @ thing.T_world_item
    dock = np.array(fixture.dock)
    placements = sample_placements(
        thing,
        T_tool_item,
        spot,
        heading=float(dock[2]),
        near=body.base[:2] + 0.5 * np.array([np.cos(dock[2]), np.sin(dock[2])]),
        rng=context.rng,
        variety=0.3 * context.attempt,
    )
    if not placements:
        return failed(f"no free room for {item} at {fixture.name}")
    opening = min(0.08, body.observe().gripper_width + SPARE_M)
    around = Surroundings(
        obstacles=scene_solids(scene, without=frozenset({item}), in_detail=_receptacles(scene)),
        held=held_spheres(thing, T_world_tool(body)),
        opening_out=opening,
    )
    targets = [t for p in placements for t in _targets(p, spot, dock, body.observe().gripper_width)]
    stands = stands_for(placements[0].T_world_item[:3, 3], fixture, scene, body.base)[:STANDS_TRIED]
    found = find_approach(targets, stands, around, body.q_arm)
    if not isinstance(found, Approach):
        return failed(f"{found.reason}: none of {len(placements)} places for {item} at {fixture.name}")
    body.evidence["places_tried"] = found.tried
    chosen = placements[found.index // _WAYS]
    return ChosenPlacement(placement=chosen, approach=found, opening=opening)


_WAYS = 2


def _targets(placement: Placement, spot: Spot, dock: Array, width: float) -> list[ToolTarget]:
    """Return ways to one placement: from above, and from the front just above the support."""
    ahead = np.array([np.cos(dock[2]), np.sin(dock[2]), 0.0])
    back = -WAY_OUT_M * placement.T_world_tool[:3, 2]
    ways = (
        (np.array([0.0, 0.0, 0.07]), back, 0.0),
        (-0.10 * ahead + np.array([0.0, 0.0, 0.03]), -0.10 * ahead + 0.3 * back, 0.2),
    )
    return [
        ToolTarget(
            T_world_tool=placement.T_world_tool,
            opening=min(0.08, width),
            way_in=way_in,
            way_out=way_out,
            cost=placement.cost + cost,
        )
        for way_in, way_out, cost in ways
    ]


def _receptacles(scene: Scene) -> frozenset[str]:
    return frozenset(name for name, thing in scene.items.items() if "receptacle" in thing.types)


def _bring(
    body: Body, context: SkillContext, scene: Scene, item: str, chosen: ChosenPlacement
) -> Halt | None:
    approach = chosen.approach
    obstacles = scene_solids(scene, without=frozenset({item}), in_detail=_receptacles(scene))
    thing = scene.items[item].item
    held, up = held_spheres(thing, T_world_tool(body)), upright_axis(thing, T_world_tool(body))
    goal = approach.q_in[:1]
    return first_halt(
        lambda: drive_to(body, scene, approach.base, speed=0.8),
        lambda: reach_for(
            body, context, obstacles, goal, gripper_width=0.04, held=held, up=up, speed=LADEN_SPEED
        ),
        lambda: run_arm(body, approach.q_in, speed=LINE_SPEED, is_dense=True),
    )


def _let_go(body: Body, context: SkillContext, chosen: ChosenPlacement) -> Halt | None:
    """Open the fingers, withdraw and fold the arm."""
    return first_halt(
        lambda: release(body, chosen.opening),
        lambda: run_arm(body, chosen.approach.q_out, speed=LINE_SPEED, is_dense=True),
        lambda: tuck_in(body, context),
    )


def release(body: Body, opening: float) -> Halt | None:
    """Open the fingers and let the item come to rest; work them loose when the item has jammed between them.

    A round item that was squeezed against the palm can lock by friction between palm and pads.
    """
    halt = body.grip(opening, seconds=0.4)
    for force in LOOSENING_FORCES:
        width = body.observe().gripper_width
        if halt is not None or width > opening - JAMMED_M:
            break
        halt = body.grip(width, force=1.0, seconds=0.1) or body.grip(opening, force=force, seconds=0.3)
    return halt


def surface_spot(scene: Scene, item: str, fixture: Fixture) -> Spot:
    """Return the free part of a fixture's region as a spot for an item."""
    return Spot(
        region=fixture.region,
        is_packed=bool(fixture.kinds & PACKED_KINDS),
        taken=footprints_near(scene, item, fixture.region.T_world_region[:3, 3]),
        avoided=rectangle_of(fixture.wipe_patch) if fixture.wipe_patch else None,
    )


def footprints_near(scene: Scene, item: str, p_world: Array, *, within: float = 1.2) -> tuple[Array, ...]:
    """Return the footprints of the other items within a distance of a point."""
    return tuple(
        frozen(footprint(thing.item))
        for name, thing in scene.items.items()
        if name != item and float(np.linalg.norm(thing.p_world_item - p_world)) < within
    )
