"""Room grounding: reference resolution, from a noun phrase as data to objects of a scene."""

from .accessibility import ranked
from .colours import COLOURS, colours_of
from .expression import (
    Mentioned,
    Pronoun,
    Quantity,
    ReferringExpression,
    Relation,
    RelationKind,
    Resolution,
    Superlative,
)
from .resolve import resolve
from .spatial import is_related, place_in, sorted_by

__all__ = [
    "COLOURS",
    "Mentioned",
    "Pronoun",
    "Quantity",
    "ReferringExpression",
    "Relation",
    "RelationKind",
    "Resolution",
    "Superlative",
    "colours_of",
    "is_related",
    "place_in",
    "ranked",
    "resolve",
    "sorted_by",
]
