"""Room planner: goals about two things at once: pour one into the other, swap them."""

from __future__ import annotations

from .meaning import NotUnderstood, NounPhrase, Request
from .references import References
from .subgoals import Part, atom, fixed_part, one_of, place_part


def swap_parts(request: Request, references: References) -> list[Part]:
    """Return that two things change places.

    Raises:
        NotUnderstood: If they are not two, or stand on the same thing.
    """
    sight = references.sight
    things = [references.described(thing) for thing in request.objects]
    names = [name for thing in things for name in references.fitting(thing)[: max(1, thing.count)]]
    places = [sight.support_of(name) for name in names]
    if len(set(names)) != 2 or None in places or len(set(places)) != 2:
        raise NotUnderstood("I can swap two things that lie at two different places")
    references.said.groups[-1].append((NounPhrase(words="them"), tuple(names)))
    parts: list[Part] = []
    for name, place in zip(names, reversed(places), strict=True):
        assert place is not None
        predicate = "on" if "surface" in sight.fixture_kinds.get(place, ()) else "in"
        parts.append(fixed_part((name,), one_of(predicate, (place,)), sight))
    return parts


def pour_parts(request: Request, references: References) -> list[Part]:
    """Return that something is poured into another thing, or into the sink.

    Raises:
        NotUnderstood: If it cannot be poured, or there is nothing to pour it into.
    """
    sight = references.sight
    source = references.described(request.objects[0])
    sources = [n for n in references.fitting(source) if sight.has_type(n, "pourable")]
    if not sources:
        found = references.fitting(source)
        what = f"{found[0]} cannot be poured" if found else f"I see nothing to pour that is {source.words!r}"
        raise NotUnderstood(what)
    target = request.destination.thing if request.destination is not None else None
    if target is None:
        into = sight.fixtures_of("sink")[:1]
    else:
        described = references.described(target)
        into = tuple(
            n for n in references.fitting(described) if sight.has_type(n, "receptacle") and n != sources[0]
        )
    if not into:
        raise NotUnderstood(f"I see nothing that I could pour {source.words!r} into")
    filled = target is not None
    references.said.groups[-1].append((source, into[:1] if filled else tuple(sources[:1])))
    parts = [place_part(atom("poured", sources[0], into[0]), f"poured {sources[0]}")]
    if target is not None and target.words == "a cup":
        parts.append(fixed_part((into[0],), lambda name: atom("with_operator", name), sight))
    return parts
