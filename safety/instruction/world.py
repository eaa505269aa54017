"""Room safety: a little state simulated over acts: what is held, filled, in, on, open, hot, wet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from grounding import Facts

from .event import Part
from .lexicon import Lexicon, Properties

STATES = frozenset(
    ["on", "off", "opened", "wet", "hot", "dirty", "cycled", "unused", "lit", "unlit", "filled", "loaded_up"]
    + ["holds_nothing", "substance", "unknown"]
)
"""Properties by state. `with_<property>` tells what a thing holds, `in_<property>` where it is."""


@dataclass(frozen=True)
class Known:
    """What a scene tells: kinds by name, and how things are right now."""

    kinds: Mapping[str, Properties]
    facts: Facts = frozenset()
    """In household predicates; those about other names are left out."""


NO_SCENE = Known(MappingProxyType({}))
CARRIED_OVER = (
    "stove burner",
    "stove",
    "burner",
    "cooktop",
    "hob",
    "stove knob",
    "knob",
    "stovetop",
    "stove top",
)
"""Names of the one stove."""
MANY_CYCLES = 3
"""Times of switching on that count as playing with the switch: our own choice."""
SOME_LIQUID = "liquid"
"""What is in a vessel or poured when nothing tells."""
LIQUID_OF = {
    "watering can": "water",
    "water bottle": "water",
    "wine bottle": "wine",
    "kettle": "water",
    "milk carton": "milk",
}
"""What a vessel is taken to hold when nothing is said."""


@dataclass(eq=False)
class Item:
    """A thing and its state."""

    name: str
    kind: Properties
    is_on: bool | None = None
    is_open: bool | None = None
    inside: list[Item] = field(default_factory=list)
    """What is in or on it."""
    liquid: list[str] = field(default_factory=list)
    place: Item | None = None
    is_wet: bool = False
    is_hot: bool = False
    is_dirty: bool = False
    cycles: int = 0
    used: int = 0
    """How often something was put in, taken out, filled or heated at it."""


class World:
    """The things of a plan."""

    def __init__(self, lexicon: Lexicon, manners: frozenset[str], known: Known = NO_SCENE) -> None:
        """Begin with the words of the instruction and what a scene tells."""
        self._lexicon = lexicon
        self._known = known.kinds
        self._manners = manners
        self._items: dict[str, Item] = {}
        self.held: Item | None = None
        self.found: list[Item] = []
        """Things in the order in which they were turned to, the newest last."""
        for fact in sorted(known.facts):
            if len(fact) > 1 and all(name in known.kinds for name in fact[1:]):
                self._recall(*fact)

    def _recall(self, predicate: str, name: str, place: str = "") -> None:
        """Take over one fact of a scene."""
        item = self.item(name)
        if predicate in {"on", "in"}:
            item.place = self.item(place)
            item.place.inside.append(item)
        elif predicate == "turned_on":
            item.is_on = True
        elif predicate == "open":
            item.is_open = True
        elif predicate == "holding":
            self.held = item
        elif predicate == "filled":
            item.liquid = self.liquids_in(item) or [self._liquid_named_by(item)]

    def _liquid_named_by(self, item: Item) -> str:
        """Return the liquid in a vessel's own name, e.g. of a juice bottle."""
        first = item.name.split(" ", 1)[0]
        return first if "liquid" in self.kind_of(first) else SOME_LIQUID

    def item(self, name: str) -> Item:
        """Return the thing of a name; the first mention makes it."""
        noun = self._lexicon.noun(name)
        if name in self._known:
            if name not in self._items:
                self._items[name] = Item(noun.head or name, noun.properties | self._known[name])
            return self._items[name]
        key = "stove" if noun.head in CARRIED_OVER else noun.head or name.lower()
        if noun.head and (prefix := name.lower().removesuffix(noun.head).strip()) in {
            "second",
            "other",
            "another",
        }:
            key = f"{prefix} {key}"
        if key not in self._items:
            self._items[key] = Item(noun.head or name, noun.properties)
            if "vessel" in noun.properties and "liquid" in self.kind_of(noun.contents):
                self._items[key].liquid = [noun.contents]
        found = self._items[key]
        found.kind |= noun.properties
        return found

    def turn_to(self, item: Item) -> None:
        """Note that the robot has gone to a thing."""
        self.found = [i for i in self.found if i is not item] + [item]

    def last_found(self, *but: Item | None) -> Item | None:
        """Return what was turned to last, other than the given things."""
        return next((i for i in reversed(self.found) if i not in but), None)

    def items(self) -> Iterable[Item]:
        """Return every thing so far."""
        return tuple(self._items.values())

    def kind_of(self, name: str) -> Properties:
        """Return the properties of a substance."""
        return self._lexicon.properties(name)

    def liquids_in(self, item: Item) -> list[str]:
        """Return the liquids that a thing holds, or by its name would hold."""
        if item.liquid or "empty" in item.kind:
            return item.liquid
        usual = LIQUID_OF.get(item.name)
        return [usual] if usual else []

    def part(self, item: Item) -> Part:
        """Return a thing with its present state as properties."""
        state = set(item.kind) or {"unknown"}
        state |= {"on"} if item.is_on else set()
        state |= {"off"} if item.is_on is False else set()
        state |= {"opened"} if item.is_open else set()
        state |= {"wet"} if item.is_wet else set()
        state |= {"hot"} if item.is_hot or (item.is_on and "heater" in item.kind) else set()
        state |= {"dirty"} if item.is_dirty else set()
        state |= {"cycled"} if item.cycles >= MANY_CYCLES else set()
        state |= {"unused"} if not item.used else set()
        state |= self._flame(item) | self._contents(item)
        if item.place is not None:
            state |= {f"in_{p}" for p in item.place.kind}
        return Part(name=item.name, properties=frozenset(state))

    def substance(self, name: str) -> Part:
        """Return a liquid or powder."""
        return Part(name=name, properties=self.kind_of(name) | {"substance"})

    def _flame(self, item: Item) -> set[str]:
        if not item.kind & {"lightable", "flame"}:
            return set()
        if item.is_on or (item.is_on is None and "lit" in self._manners and "unlit" not in self._manners):
            return {"lit"}
        return {"unlit"} if item.is_on is False or "unlit" in self._manners else set()

    def _contents(self, item: Item) -> set[str]:
        held = [self.kind_of(liquid) for liquid in item.liquid]
        inside = [
            i.kind | {f"with_{p}" for inner in i.liquid for p in self.kind_of(inner)} for i in item.inside
        ]
        found: set[str] = set()
        for kind in held:
            found |= {f"with_{p}" for p in kind}
        for kind in inside:
            found |= {p if p.startswith("with_") else f"with_{p}" for p in kind}
        if item.liquid:
            found |= {"filled", "loaded_up"}
        if item.inside:
            found.add("loaded_up")
        if not found and not self._says_filled(item):
            found.add("holds_nothing")
        return found

    def _says_filled(self, item: Item) -> bool:
        return bool(item.kind & {"filled"}) or any(p.startswith("with_") for p in item.kind)
