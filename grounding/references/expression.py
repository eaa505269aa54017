"""Room grounding: a noun phrase as data: what English (or a model) says about an object, before it is found.

Whoever reads language makes a `ReferringExpression`; `resolve` finds what it means in a scene. Vocabulary of
types is the scene's: categories ("apple"), attributes ("fruit"), "item", fixture names ("table") and fixture
kinds ("surface", "drawer", "place").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

RelationKind: TypeAlias = Literal[
    "on", "in", "at", "next_to", "left_of", "right_of", "behind", "in_front_of", "between", "held"
]
"""`at`: on, in or beside a place, or with the person. `between` needs two anchors, `held` none."""

Superlative: TypeAlias = Literal[
    "leftmost",
    "rightmost",
    "nearest",
    "farthest",
    "front",
    "back",
    "middle",
    "largest",
    "smallest",
    "tallest",
]
"""Nearest and farthest are measured from the robot, unless the expression has an `origin`; left, right, front
and back as seen from the place's dock."""

Quantity: TypeAlias = Literal["the", "a", "count", "all"]
"""`the`: one particular, ambiguous when several match. `a`: any one, never ambiguous. `count`: any `count`
of them. `all`: every one."""

Pronoun: TypeAlias = Literal["it", "they", "one", "there"]
"""`it`, `they`: what was mentioned last; `one`: another thing of the kind mentioned last; `there`: the place
mentioned last."""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A spatial constraint: `Relation(kind="on", anchors=(ReferringExpression(types=("table",)),))`."""

    kind: RelationKind
    anchors: tuple[ReferringExpression, ...] = ()
    is_negated: bool = False
    """"Not on the table"."""


@dataclass(frozen=True, kw_only=True)
class ReferringExpression:
    """What was said about an object or a place. Every field narrows; the empty expression is "something"."""

    types: tuple[str, ...] = ("item",)
    """Head noun: any of these types ("coke or pepsi", "blue chip bag")."""
    required: tuple[str, ...] = ()
    """All of these types too ("caffeinated" soda)."""
    excluded: tuple[str, ...] = ()
    """None of these types, nor of these names ("not an apple")."""
    colour: str | None = None
    """A colour word of `grounding.references.COLOURS`."""
    relations: tuple[Relation, ...] = ()
    superlative: Superlative | None = None
    origin: ReferringExpression | None = None
    """What nearest and farthest are measured from ("closest to the bowl"); None is the robot."""
    ordinal: int = 1
    """With a superlative: 1 is the leftmost, 2 the second from the left, ..."""
    quantity: Quantity = "a"
    count: int = 1
    """With quantity `count`."""
    is_distinct: bool = False
    """The chosen ones differ in category ("two different sodas")."""
    is_other: bool = False
    """None of what was mentioned before ("another", "the rest", "the other one")."""
    pronoun: Pronoun | None = None
    names: tuple[str, ...] = ()
    """Explicit names ("apple_1"); when given, only these."""
    text: str = ""
    """The words as said, for messages."""


@dataclass(frozen=True, kw_only=True)
class Mentioned:
    """What the conversation was about, oldest first; the antecedents of pronouns."""

    items: tuple[tuple[str, ...], ...] = ()
    """One group of item names per noun phrase."""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What an expression means in a scene."""

    names: tuple[str, ...]
    """The chosen objects, best first; empty when nothing fits."""
    candidates: tuple[str, ...]
    """Everything that fits the description, best (most accessible) first; superset of `names`."""
    is_ambiguous: bool = False
    """One was meant and several fit equally well: ask, or take `names`, which is the best guess."""
    reason: str = ""
    """Why nothing or not enough fits, or between what it is ambiguous; a sentence."""

    @property
    def is_found(self) -> bool:
        """Return whether enough objects fit."""
        return bool(self.names)
