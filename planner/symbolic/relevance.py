"""Room planner: keep the actions and facts that can matter for a goal, by walking back from it.

Dropping the rest loses no plan and no shorter plan: an action is dropped only when none of its effects is
read by the goal, by a kept precondition or by the condition of a kept effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from .conditions import bits
from .nodes import Branch, Node
from .task import GroundAction, GroundEffect


class LiteralReader:
    """Lists the literals of nodes; remembers nodes that it has seen."""

    def __init__(self) -> None:
        """Start with an empty memory."""
        self._seen: dict[int, tuple[Branch, frozenset[int]]] = {}

    def read(self, node: Node) -> frozenset[int]:
        """Return the node's literals; both signs of what is counted."""
        if isinstance(node, bool):
            return frozenset()
        if isinstance(node, int):
            return frozenset({node})
        seen = self._seen.get(id(node))
        if seen is None:
            found = frozenset[int]().union(*map(self.read, node.parts))
            if node.kind not in ("and", "or"):
                found |= {-literal for literal in found}
            seen = self._seen[id(node)] = (node, found)
        return seen[1]


def relevant_actions(
    actions: Sequence[GroundAction], goals: Iterable[Node], always: AbstractSet[int] = frozenset()
) -> tuple[list[GroundAction], int]:
    """Return the actions that can matter for the goals, without their other effects, and the facts' mask.

    Actions whose index is in `always` are kept whatever they do.
    """
    literals = _relevant_literals(actions, goals)
    mask = 0
    for literal in literals:
        mask |= 1 << abs(literal)
    kept = [a for a in actions if a.index in always or _produces(a, literals)]
    return [_masked(action, mask) for action in kept], mask


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


def _produces(action: GroundAction, literals: set[int]) -> bool:
    effects = [(action.add, action.delete), *((e.add, e.delete) for e in action.conditional)]
    return any(
        any(n in literals for n in bits(add)) or any(-n in literals for n in bits(delete))
        for add, delete in effects
    )


def _relevant_literals(actions: Sequence[GroundAction], goals: Iterable[Node]) -> set[int]:
    reader = LiteralReader()
    producers: dict[int, list[tuple[GroundAction, GroundEffect | None]]] = {}
    for action in actions:
        for effect in (None, *action.conditional):
            source = effect or action
            for n in bits(source.add):
                producers.setdefault(n, []).append((action, effect))
            for n in bits(source.delete):
                producers.setdefault(-n, []).append((action, effect))
    queue = sorted(frozenset[int]().union(*map(reader.read, goals)))
    found = set(queue)

    def want(literals: Iterable[int]) -> None:
        fresh = [n for n in literals if n not in found]
        found.update(fresh)
        queue.extend(fresh)

    while queue:
        literal = queue.pop()
        for action, effect in producers.get(literal, ()):
            want(reader.read(action.node))
            if effect is not None:
                want(n for m in reader.read(effect.when_node) for n in (m, -m))
        for _, effect in producers.get(-literal, ()):
            if effect is not None:
                want(n for m in reader.read(effect.when_node) for n in (m, -m))
    return found
