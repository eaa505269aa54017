"""Room planner: what the offline model understands of an instruction, before it looks for objects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from grounding.references import RelationKind, Superlative

from .lexicon import Kinds

Quantity = Literal["count", "all", "rest", "half"]


class NotUnderstood(ValueError):
    """Words that the grammar or the scene cannot make sense of; carries the sentence for the person."""


class Question(ValueError):
    """A choice that only the person can make."""

    def __init__(self, question: str, options: tuple[str, ...]) -> None:
        """Keep the question and the possible answers."""
        super().__init__(question)
        self.question = question
        self.options = options


@dataclass(frozen=True, kw_only=True)
class NounPhrase:
    """Which things are meant: kinds, how many, and where they are now."""

    words: str
    """As the person said it."""
    kinds: Kinds = frozenset()
    names: frozenset[str] = frozenset()
    """Items called by their own name (`apple_1`); empty when described by kind."""
    quantity: Quantity = "count"
    count: int = 1
    is_definite: bool = False
    is_distinct: bool = False
    """The things must be of different kinds."""
    at: frozenset[str] = frozenset()
    """Places where they are now; empty means anywhere."""
    inside: NounPhrase | None = None
    """Receptacle item that they are in now."""
    relation: tuple[RelationKind, NounPhrase] | None = None
    """How they stand to another item: next to it, left of it, ..."""
    superlative: Superlative | None = None
    """"The leftmost", "the biggest"."""
    prefer: tuple[Kinds, ...] = ()
    pronoun: Literal["", "one", "many"] = ""
    near: Kinds = frozenset()
    """Kinds that will do when there is nothing of `kinds`: a lime soda for a "lemon lime soda"."""
    rank: int = 1
    """Place in the order of `superlative`: 2 for "the second from the left"."""
    is_liked: bool = False
    """What the person likes, of this kind."""
    is_new: bool = False
    """Another one than what was talked about."""
    refers_to: int | None = None
    """Index of the earlier request whose objects are meant."""

    def narrowed(self, kinds: Kinds) -> NounPhrase:
        """Return the phrase restricted to some kinds."""
        return replace(self, kinds=self.kinds & kinds)


@dataclass(frozen=True, kw_only=True)
class PlacePhrase:
    """Which fixtures are meant; several without `is_all` means any of them."""

    words: str
    places: frozenset[str]
    is_all: bool = False
    role: str = ""
    """Kind that all of them share and verbs care about: "person", "bin", ..."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A preposition with what follows it: `on the table`, `next to the bowl`."""

    preposition: str
    place: PlacePhrase | None = None
    thing: NounPhrase | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`if there is a coke on the table`, `if the fridge is open`; otherwise the request is skipped."""

    thing: NounPhrase | None = None
    place: PlacePhrase | None = None
    state: Literal["", "open", "closed", "on", "off", "empty"] = ""
    is_negated: bool = False


@dataclass(frozen=True, kw_only=True)
class Request:
    """One thing to do."""

    frame: str
    words: str
    objects: tuple[NounPhrase, ...] = ()
    destination: Attachment | None = None
    places: tuple[PlacePhrase, ...] = ()
    """Fixtures that the verb acts on: go to, open, wipe."""
    tool: NounPhrase | None = None
    direction: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the person told about themselves and the home before and between the requests."""

    mentions: tuple[NounPhrase, ...] = ()
    """Things talked about, oldest first; what `it` may mean."""
    last_mentions: tuple[NounPhrase, ...] = ()
    """Those of the last remark; what `them` may mean."""
    liked: Kinds = frozenset()
    disliked: Kinds = frozenset()
    needs: tuple[tuple[Kinds, tuple[Kinds, ...]], ...] = ()
    """Kinds that would serve how the person feels, with preferences."""
    forbidden: tuple[Request, ...] = ()
    """What must not be done; the frame "touch" stands for everything."""
    opened: Kinds = frozenset()
    """Kinds that the person opened or started."""
    places: frozenset[str] = frozenset()
    """Places that were named."""


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """All requests in the order in which they are to be done."""

    requests: tuple[Request, ...]
    context: Context = field(default_factory=Context)
    """The person's remarks."""
