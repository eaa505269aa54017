"""Room safety: the household's words for rules, and what the name of a thing says of its type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from grounding import PREDICATES
from robots.catalogue import Catalogue, load_catalogue
from skills import HOUSEHOLD_CONTRACTS

from .ltl.syntax import DID, WORDS
from .ltl.vocabulary import Misread, Vocabulary

FIXTURES: Mapping[str, frozenset[str]] = {
    name: frozenset(("object", "place", name, *kinds.split()))
    for name, kinds in {
        "fridge": "container openable appliance",
        "microwave": "container openable switchable appliance",
        "stove": "surface switchable appliance",
        "sink": "container switchable",
        "trash_can": "container bin",
        "operator": "person",
        "table": "surface",
        "counter": "surface",
        "drawer": "container openable",
    }.items()
}
"""What furniture is whose name ends like this, as in `robots.pybullet`."""
HOME = (
    *("table", "close_counter", "far_counter", "stove", "sink", "fridge", "microwave", "trash_can"),
    *("operator", "top_drawer", "middle_drawer", "bottom_drawer", "away", "closer", "left", "right"),
)
"""Names that are in every home of ours."""

Roles = Mapping[str, Sequence[tuple[str, ...]]]


@cache
def household() -> Vocabulary:
    """Return the words that every rule file may use."""
    kinds: dict[str, set[str]] = {"object": {"object"}, "direction": {"direction"}}
    catalogue = _catalogue()
    items = [catalogue.types_of(category) for category in catalogue.categories]
    for types in (*items, *FIXTURES.values()):
        for kind in types - {"object"}:
            kinds.setdefault(kind, set()).update(types - {"object"})
    return Vocabulary(
        predicates={p.name: p.arguments for p in PREDICATES},
        actions={c.name: tuple(p.types for p in c.parameters) for c in HOUSEHOLD_CONTRACTS},
        kinds={kind: frozenset(types) for kind, types in kinds.items()},
        objects={name: types_of_name(name) or frozenset({"direction"}) for name in HOME},
        types_of_name=types_of_name,
    )


def widened(
    base: Vocabulary,
    *,
    predicates: Roles,
    actions: Roles,
    types: Iterable[str],
    objects: Mapping[str, Iterable[str]],
) -> Vocabulary:
    """Return the vocabulary with a file's own words; a type of a file's own may be that of anything.

    Raises:
        Misread: If a predicate exists already, or a type does not.
    """
    taken = {*base.predicates, *WORDS, DID}
    for name in predicates:
        if name in taken:
            raise Misread(name, f"'{name}' is a word already and cannot be declared")
    wide = Vocabulary(
        predicates={**base.predicates, **predicates},
        actions={**base.actions, **actions},
        kinds={**base.kinds, **{kind: frozenset({"object"}) for kind in types if kind not in base.kinds}},
        objects={**base.objects, **{name: frozenset(kinds) for name, kinds in objects.items()}},
        types_of_name=base.types_of_name,
    )
    roles = (kind for each in (predicates, actions) for r in each.values() for role in r for kind in role)
    for kind in (*roles, *(kind for kinds in objects.values() for kind in kinds)):
        wide.check_type(kind)
    return wide


def types_of_name(name: str) -> frozenset[str]:
    """Return the types that a thing has by its name: `<category>_<n>`, or furniture; none for other names."""
    catalogue = _catalogue()
    stem = name.split(".")[0].rstrip("0123456789").rstrip("_")
    category = stem if stem in catalogue.categories else _category_called(stem.replace("_", " "))
    if category is not None:
        return catalogue.types_of(category)
    found = [kinds for end, kinds in FIXTURES.items() if stem == end or stem.endswith(f"_{end}")]
    return frozenset().union(*found)


def implied_types(accepted: Sequence[str], have: frozenset[str]) -> frozenset[str]:
    """Return what a role says of a name that is none of what the role accepts: the first of it."""
    if not accepted or accepted[0] == "object" or have & set(accepted):
        return frozenset()
    return frozenset({accepted[0]})


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


@cache
def _category_called(words: str) -> str | None:
    """Return the category that people call so, when it is one only."""
    categories = _catalogue().categories
    found = [name for name, category in categories.items() if words in category.synonyms]
    return found[0] if len(found) == 1 else None
