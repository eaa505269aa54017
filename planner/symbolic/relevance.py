"""Room planner: keep the actions and facts that can matter for a goal, by walking back from it.

Dropping the rest loses no plan and no shorter plan: an action is dropped only when none of its effects
touches what the goal, a kept precondition or the condition of a kept effect reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TypeAlias

from .conditions import condition, mentioned
from .nodes import Node
from .task import GroundAction, GroundEffect

_Effect: TypeAlias = GroundAction | GroundEffect
"""The unconditional effect of an action stands in the action itself."""


def relevant_actions(
    actions: Sequence[GroundAction], goals: Iterable[Node], always: AbstractSet[int] = frozenset()
) -> tuple[list[GroundAction], int]:
    """Return the actions that can matter for the goals, without their other effects, and the facts' mask.

    Actions whose index is in `always` are kept whatever they do.
    """
    mask = 0
    for goal in goals:
        mask |= mentioned(condition(goal))
    left = [(effect, action) for action in actions for effect in _effects(action)]
    while True:
        waiting: list[tuple[_Effect, GroundAction]] = []
        before = mask
        for effect, action in left:
            if (effect.add | effect.delete) & mask:
                mask |= mentioned(action.precondition)
                if isinstance(effect, GroundEffect):
                    mask |= mentioned(effect.when)
            else:
                waiting.append((effect, action))
        if mask == before:
            break
        left = waiting
    kept = [a for a in actions if a.index in always or _touches(a, mask)]
    return [_masked(action, mask) for action in kept], mask


def _effects(action: GroundAction) -> list[_Effect]:
    return [action, *action.conditional]


def _touches(action: GroundAction, mask: int) -> bool:
    return any((effect.add | effect.delete) & mask for effect in _effects(action))


def _masked(action: GroundAction, mask: int) -> GroundAction:
    """Return the action without effects outside of the mask."""
    effects = action.conditional
    touched = action.add | action.delete
    for effect in effects:
        touched |= effect.add | effect.delete
    if touched & ~mask == 0:
        return action
    conditional = tuple(
        replace(e, add=e.add & mask, delete=e.delete & mask) for e in effects if (e.add | e.delete) & mask
    )
    return replace(action, add=action.add & mask, delete=action.delete & mask, conditional=conditional)
