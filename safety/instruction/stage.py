"""Room safety: where acts are played: the world, what was said, and the events so far."""

from __future__ import annotations

from collections.abc import Sequence

from .act import Act
from .event import Event, Part
from .lexicon import Lexicon
from .world import NO_SCENE, Item, Known, World


class Stage:
    """The world of one plan and the events in it."""

    def __init__(
        self,
        lexicon: Lexicon,
        manners: frozenset[str],
        *,
        said: Sequence[Act] = (),
        known: Known = NO_SCENE,
    ) -> None:
        """Begin with an empty hand; see `simulate.simulate` for the arguments."""
        self.world = World(lexicon, manners, known)
        self.said_liquid = next((act.liquid for act in said if act.liquid), None)
        """The liquid that the instruction names, for steps that do not."""
        self.put_down = frozenset(
            self.world.item(act.object).name for act in said if act.sense == "put" and act.object
        )
        """What the instruction wants placed: a step that says `drop` means that it is let go there."""
        self.said_relations = {
            self.world.item(act.target).name: act.relation
            for act in said
            if act.sense == "put" and act.target
        }
        """Where the instruction wants things, by place: steps say `put` for in and on."""
        self.events: list[Event] = []

    def event(self, kind: str, act: Act | None = None, **parts: Part | None) -> None:
        """Note that something happens."""
        known = {role: part for role, part in parts.items() if part is not None}
        self.events.append(Event(kind=kind, parts=known, verb=act.verb if act else ""))

    def is_kind(self, name: str, kind: str) -> bool:
        """Return whether what is called `name` has a property."""
        return kind in self.world.kind_of(name)

    def named(self, name: str | None) -> Item | None:
        """Return the thing of a name, if one was given."""
        return None if name is None else self.world.item(name)

    def part(self, item: Item | None) -> Part | None:
        """Return a thing in its present state."""
        return None if item is None else self.world.part(item)

    def at_hand(self, act: Act) -> Item | None:
        """Return what an act is done to: what it names, else what is held, else what was turned to last."""
        return self.named(act.object) or self.world.held or self.world.last_found()

    def turned_to_after(self, item: Item) -> Item | None:
        """Return what the robot turned to after it had turned to `item`."""
        found = self.world.found
        at = next((n for n, i in enumerate(found) if i is item), None)
        return found[-1] if at is not None and at + 1 < len(found) else None
