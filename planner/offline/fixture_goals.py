"""Room planner: goals about places and appliances: go, visit, open, close, switch, wipe, clear."""

from __future__ import annotations

from grounding import Formula, Not

from .destinations import home_template
from .meaning import NotUnderstood, NounPhrase, PlacePhrase, Question, Request
from .references import References
from .sight import Sight
from .subgoals import Part, atom, disjunction, fixed_part, place_part

FIXTURE_FRAMES = frozenset({"go", "visit", "open", "close", "turn_on", "turn_off", "wipe", "clear", "unload"})

_NEEDS_KIND = {"open": "openable", "close": "openable", "turn_on": "switchable", "turn_off": "switchable",
               "wipe": "surface", "clear": "", "unload": "", "go": "", "visit": ""}  # fmt: skip
_VERBS = {
    "open": "opened",
    "close": "closed",
    "turn_on": "switched on",
    "turn_off": "switched off",
    "wipe": "wiped",
}


def fixture_parts(request: Request, references: References) -> list[Part]:
    """Return what must hold of the fixtures that a request names.

    Raises:
        NotUnderstood: If they cannot be used that way.
    """
    sight = references.sight
    phrases = request.places or _meant_places(request, references)
    parts = _tool_part(request, references) if request.tool is not None else []
    if request.frame in ("clear", "unload"):
        return _clear(phrases, references)
    for phrase in phrases:
        frame = "visit" if request.frame == "go" and phrase.is_all else request.frame
        parts += _one_phrase(frame, phrase, references, sight)
    return parts


def _meant_places(request: Request, references: References) -> tuple[PlacePhrase, ...]:
    """Return what "it" means for a verb that needs a fixture: the last one mentioned that it fits."""
    kind = _NEEDS_KIND[request.frame]
    kinds = references.sight.fixture_kinds
    if request.frame in ("clear", "unload") and not references.said.places:
        surfaces = [s for s in references.sight.fixtures_of("surface") if not _is_stove(s, references.sight)]
        raise Question("Which place should I clear, and where should the things go?", tuple(surfaces))
    for place in reversed(references.said.places):
        if not kind or kind in kinds.get(place, frozenset()):
            return (PlacePhrase(words=place, places=frozenset({place})),)
    if request.objects and request.frame in ("go", "visit"):
        return tuple(_place_of(thing, references) for thing in request.objects)
    raise NotUnderstood(f"I do not know what {request.words!r} is about")


def _is_stove(fixture: str, sight: Sight) -> bool:
    return "stove" in sight.fixture_kinds[fixture]


def last_surface(references: References) -> str | None:
    """Return the surface that was mentioned last."""
    kinds = references.sight.fixture_kinds
    return next((p for p in reversed(references.said.places) if "surface" in kinds.get(p, frozenset())), None)


def _place_of(thing: NounPhrase, references: References) -> PlacePhrase:
    fitting = references.fitting(references.described(thing))
    places = [
        p
        for name in fitting[:1]
        for p in references.sight.places_of(name)
        if p not in references.sight.category
    ]
    if not places:
        raise NotUnderstood(f"I see nothing here that is {thing.words!r}")
    return PlacePhrase(words=thing.words, places=frozenset(places))


def _one_phrase(frame: str, phrase: PlacePhrase, references: References, sight: Sight) -> list[Part]:
    kind = _NEEDS_KIND[frame]
    places = sorted(p for p in phrase.places if not kind or kind in sight.fixture_kinds.get(p, frozenset()))
    if phrase.role == "person" and not phrase.places:
        places = list(sight.fixtures_of("person"))
    if phrase.is_all and not phrase.places:
        places = list(sight.fixtures_of(kind))
    if not places:
        fits = ", ".join(sight.fixtures_of(kind))
        raise NotUnderstood(f"{phrase.words!r} cannot be {_VERBS[frame]}; what can: {fits}")
    if frame == "visit" and len(places) > 4 and references.said.context.places:
        places = sorted(references.said.context.places)
    if frame in ("close", "turn_off") and len(places) > 1:
        predicate = "open" if frame == "close" else "turned_on"
        places = [p for p in places if (predicate, p) in sight.facts] or places
    if "door" in phrase.words.split() and len(places) > 1 and not phrase.is_all:
        raise Question(f"Which door should be {_VERBS[frame]}?", tuple(places))
    formulas = [_state(frame, place) for place in places]
    if phrase.is_all or (frame == "visit" and len(places) > 1) or frame in ("close", "turn_off"):
        return [place_part(f, _key(frame, p)) for f, p in zip(formulas, places, strict=True)]
    return [place_part(disjunction(formulas), *(_key(frame, p) for p in places))]


def _key(frame: str, place: str) -> str:
    group = {"open": "door", "close": "door", "turn_on": "power", "turn_off": "power", "go": "robot"}.get(
        frame, frame
    )
    return "robot" if group == "robot" else f"{group} {place}"


def _state(frame: str, place: str) -> Formula:
    match frame:
        case "go":
            return atom("robot_at", place)
        case "visit":
            return atom("visited", place)
        case "open":
            return atom("open", place)
        case "close":
            return Not(atom("open", place))
        case "turn_on":
            return atom("turned_on", place)
        case "turn_off":
            return Not(atom("turned_on", place))
    return atom("wiped", place)


def _tool_part(request: Request, references: References) -> list[Part]:
    assert request.tool is not None
    described = references.described(request.tool)
    fitting = [n for n in references.fitting(described) if references.sight.has_type(n, "cleaning")]
    if not fitting:
        raise NotUnderstood(f"I see nothing to clean with that is {described.words!r}")
    return []


def _clear(phrases: tuple[PlacePhrase, ...], references: References) -> list[Part]:
    sight = references.sight
    cleared = frozenset().union(*(p.places for p in phrases)) if len(phrases) == 1 else frozenset()
    spared = references.spared_from("put_away")
    belongs = home_template(sight, away_from=cleared if len(cleared) < 3 else frozenset())
    parts: list[Part] = []
    chosen: list[str] = []
    for phrase in phrases:
        for name in sorted(sight.category):
            if sight.support_of(name) in phrase.places and name not in spared:
                parts.append(fixed_part((name,), belongs, sight))
                chosen.append(name)
    if not parts:
        where = " and ".join(p.words for p in phrases)
        raise NotUnderstood(f"there is nothing to put away on {where}")
    references.said.groups[-1].append((NounPhrase(words="them"), tuple(chosen)))
    return parts
