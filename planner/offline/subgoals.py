"""Room planner: what a request asks for as formulas: which objects may serve, and what must hold of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias

from grounding import And, Atom, Equal, Exists, Formula, Not, Or, Variable

from .meaning import NounPhrase
from .sight import Sight

Template: TypeAlias = Callable[[str], Formula]
"""What must hold of one object, given its name or a variable."""

_MOST_OPTIONS = 60
_DEPTH = {"top_drawer": "0", "middle_drawer": "1", "bottom_drawer": "2"}
"""Upper drawers first: an open one is in the way of those below."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that must hold, with the choices that make it hold."""

    wide: Formula
    """Existential where any object will do; what success is judged by."""
    options: tuple[tuple[tuple[str, ...], Formula], ...]
    """(objects, what must hold of them), best first; plans are made for one of them."""
    touches: frozenset[str] = frozenset()
    """Names whose state it decides; a later part about the same name replaces it."""


@dataclass(frozen=True, kw_only=True)
class Subgoal:
    """What one request asks for."""

    parts: tuple[Part, ...]
    words: str
    frame: str

    @property
    def is_passing(self) -> bool:
        """Return whether it need not hold at the end when other requests follow."""
        return self.frame in ("go", "hold")


def conjunction(formulas: Sequence[Formula]) -> Formula:
    """Return one formula for all; a single one stays as it is."""
    flat = [part for f in formulas for part in (f.parts if isinstance(f, And) else (f,))]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else And(unique)


def disjunction(formulas: Sequence[Formula]) -> Formula:
    """Return one formula for any; a single one stays as it is."""
    unique = tuple(dict.fromkeys(formulas))
    return unique[0] if len(unique) == 1 else Or(unique)


def parts_for(
    thing: NounPhrase,
    fitting: Sequence[str],
    count: int,
    template: Template,
    sight: Sight,
    *,
    is_uniform: bool = True,
) -> list[Part]:
    """Return the parts that ask for `count` of the fitting objects (all of them when `count` covers them).

    Args:
        thing: The phrase, for its kinds and whether they must differ.
        fitting: Objects that fit the description, best first.
        count: How many are wanted.
        template: What must hold of each.
        sight: The scene.
        is_uniform: Whether the same is asked of every object; if not, the goal names them.
    """
    if count >= len(fitting) and (thing.is_definite or thing.quantity != "count" or thing.names or thing.at):
        return [fixed_part((name,), template, sight) for name in fitting]
    options = [
        (chosen, formula)
        for chosen in _choices(thing, fitting, count, sight)
        for formula in _by_place(conjunction([template(name) for name in chosen]), sight)
    ]
    wide = (_wide(thing, fitting, count, template, sight) if is_uniform else None) or disjunction(
        [formula for _, formula in options]
    )
    return [Part(wide=wide, options=tuple(options), touches=frozenset(options[0][0]))]


def fixed_part(names: tuple[str, ...], template: Template, sight: Sight) -> Part:
    """Return the part that asks for exactly these objects."""
    formula = conjunction([template(name) for name in names])
    options = tuple((names, one) for one in _by_place(formula, sight))
    return Part(wide=formula, options=options, touches=frozenset(names))


def place_part(formula: Formula, *touches: str) -> Part:
    """Return a part about fixtures or the robot itself."""
    return Part(wide=formula, options=(((), formula),), touches=frozenset(touches))


def _by_place(formula: Formula, sight: Sight) -> list[Formula]:
    """Return "in any drawer" as one formula per drawer, best first: true, here, open, upper ones."""
    if not isinstance(formula, Or) or not all(isinstance(part, Atom) for part in formula.parts):
        return [formula]

    def key(part: Formula) -> tuple[bool, bool, bool, str]:
        assert isinstance(part, Atom)
        place = part.terms[-1]
        is_open = ("open", place) in sight.facts or "openable" not in sight.fixture_kinds.get(place, ())
        return (
            part.ground({}) not in sight.facts,
            place not in sight.here,
            not is_open,
            _DEPTH.get(place, place),
        )

    return sorted(formula.parts, key=key)


def _choices(thing: NounPhrase, fitting: Sequence[str], count: int, sight: Sight) -> list[tuple[str, ...]]:
    if not thing.is_distinct:
        return list(combinations(fitting, count))[:_MOST_OPTIONS]
    found = [
        chosen
        for chosen in combinations(fitting, count)
        if len({sight.category[name] for name in chosen}) == count
    ]
    return found[:_MOST_OPTIONS]


def _wide(
    thing: NounPhrase, fitting: Sequence[str], count: int, template: Template, sight: Sight
) -> Formula | None:
    """Return the existential goal when every object of the kinds would do; None when only some would."""
    if set(sight.items_of(thing.kinds)) != set(fitting):
        return None
    if thing.is_distinct:
        kinds = sorted({sight.category[name] for name in fitting})
        chosen = list(combinations(kinds, count))
        if len(chosen) > _MOST_OPTIONS:
            return None
        return disjunction([conjunction([_exists((kind,), 1, template) for kind in some]) for some in chosen])
    return _exists(_type_names(thing, sight), count, template)


def _type_names(thing: NounPhrase, sight: Sight) -> tuple[str, ...]:
    catalogue = sight.catalogue
    if len(thing.kinds) == 1:
        return tuple(thing.kinds)
    for attribute in sorted(catalogue.attributes, key=lambda a: (a not in thing.words, a)):
        if thing.kinds == {
            c for c in catalogue.categories if attribute in catalogue.categories[c].attributes
        }:
            return (attribute,)
    if thing.kinds == set(catalogue.categories):
        return ("item",)
    return tuple(sorted({sight.category[name] for name in sight.items_of(thing.kinds)}))


def _exists(types: tuple[str, ...], count: int, template: Template) -> Formula:
    variables = tuple(Variable(f"?x{i}" if i else "?x", types) for i in range(count))
    names = [v.name for v in variables]
    differ: list[Formula] = [Not(Equal(a, b)) for a, b in combinations(names, 2)]
    return Exists(variables, conjunction([*differ, *(template(name) for name in names)]))


def atom(predicate: str, *terms: str) -> Formula:
    """Return an atom."""
    return Atom(predicate, terms)


def one_of(predicate: str, places: Sequence[str]) -> Template:
    """Return the template "in or on any of these places"."""
    return lambda name: disjunction([Atom(predicate, (name, place)) for place in places])


def pairs(first: Sequence[str], second: Sequence[str]) -> list[tuple[str, str]]:
    """Return every pair of different names."""
    return [(a, b) for a, b in product(first, second) if a != b]
