"""Room grounding: reference resolution, from a noun phrase as data to objects of a scene."""

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

__all__ = [
    "Mentioned",
    "Pronoun",
    "Quantity",
    "ReferringExpression",
    "Relation",
    "RelationKind",
    "Resolution",
    "Superlative",
]
