"""Room planner: what "on the far counter", "in the bowl" and "next to the apple" require of an object."""

from __future__ import annotations

from grounding import Formula
from grounding.references import is_related

from .lexicon import kinds_of
from .meaning import Attachment, NotUnderstood, Question
from .references import References
from .sight import Sight
from .subgoals import Template, atom, disjunction
from .word_list import load_word_list


def destination_template(destination: Attachment, references: References) -> Template:
    """Return what must hold of an object that is put there.

    Raises:
        NotUnderstood: If nothing can be put there.
    """
    if destination.place is not None and not destination.place.places:
        place = _last_place(references)
        if place is None:
            raise Question("Where should I put it?", _surfaces(references.sight))
        return _at_places((place,), references.sight, place)
    if destination.place is not None and destination.preposition == "near":
        raise NotUnderstood(f"I can put things on or in {destination.place.words!r}, but not next to it")
    if destination.place is not None:
        return _at_places(tuple(sorted(destination.place.places)), references.sight, destination.place.words)
    thing = destination.thing
    assert thing is not None
    if thing.pronoun and (place := _last_place(references)):
        return _at_places((place,), references.sight, thing.words)
    described = references.described(thing)
    anchors = references.fitting(described)
    if not anchors:
        raise NotUnderstood(f"I see nothing here that is {described.words!r}")
    if destination.preposition == "near":
        return _beside(anchors, references.sight, described.words)
    cavities = [a for a in anchors if references.sight.has_type(a, "receptacle")]
    if not cavities:
        raise NotUnderstood(f"I can put things next to {described.words!r}, but not in or on it")
    return lambda name: disjunction([atom("in", name, a) for a in cavities if a != name])


def _surfaces(sight: Sight) -> tuple[str, ...]:
    return tuple(s for s in sight.fixtures_of("surface") if "stove" not in sight.fixture_kinds[s])


def home_template(sight: Sight, *, away_from: frozenset[str] = frozenset()) -> Template:
    """Return the template "where a thing of its kind belongs", none of the places `away_from`."""
    homes = [
        (kinds_of(h.any, sight.catalogue), place)
        for h in load_word_list().homes
        for place in ([h.place] if h.place in sight.fixture_kinds else sight.fixtures_of(h.kind))
    ]

    def belongs(name: str) -> Formula:
        for kinds, place in homes:
            if sight.category[name] in kinds and place in sight.fixture_kinds and place not in away_from:
                return _at_places((place,), sight, place)(name)
        raise NotUnderstood(f"I do not know where {name} belongs")

    return belongs


def _last_place(references: References) -> str | None:
    """Return the container or surface mentioned last, unless a receptacle was talked about just now."""
    kinds = references.sight.fixture_kinds
    last = next((group for group in reversed(references.said.groups) if group), [])
    if any(references.sight.has_type(name, "receptacle") for _, names in last for name in names):
        return None
    for place in reversed(references.said.places):
        if {"container", "surface"} & kinds.get(place, frozenset()):
            return place
    return None


def _at_places(places: tuple[str, ...], sight: Sight, words: str) -> Template:
    found: list[tuple[str, str]] = []
    for place in places:
        kinds = sight.fixture_kinds.get(place, frozenset())
        if "surface" in kinds:
            found.append(("on", place))
        elif "container" in kinds:
            found.append(("in", place))
        elif "person" in kinds and len(places) == 1:
            found.append(("with_operator", ""))
    if not found:
        raise NotUnderstood(f"nothing can be put on or in {words!r}")
    return lambda name: disjunction(
        [atom(predicate, name, place) if place else atom(predicate, name) for predicate, place in found]
    )


def check_beside(
    names: tuple[str, ...], destination: Attachment, template: Template, references: References
) -> None:
    """Refuse to call done what only the surface shares: we cannot put one thing closer to another.

    Raises:
        NotUnderstood: If a thing is on the anchor's surface already, but not next to it.
    """
    if destination.thing is None or destination.preposition != "near":
        return
    scene = references.sight.scene
    anchors = references.fitting(references.described(destination.thing))
    for name in names:
        beside = any(is_related(scene, "next_to", name, [a]) for a in anchors if a != name)
        if scene.holds(template(name)) and not beside:
            raise NotUnderstood(
                f"{name} shares a surface with {destination.thing.words!r} already; I cannot put it closer"
            )


def _beside(anchors: tuple[str, ...], sight: Sight, words: str) -> Template:
    supports = [p for a in anchors if (p := sight.support_of(a)) is not None and p in sight.fixture_kinds]
    if not supports:
        raise NotUnderstood(f"I do not know where {words!r} is")
    return _at_places(tuple(dict.fromkeys(supports)), sight, words)
