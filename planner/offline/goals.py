"""Room planner: from requests to subgoals: what must hold, of which objects, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grounding import Facts, Formula, Not, Universe, holds

from .destinations import check_beside, destination_template, home_template
from .fixture_goals import FIXTURE_FRAMES, fixture_parts, last_surface
from .lexicon import kinds_of
from .meaning import Context, NotUnderstood, NounPhrase, Question, Request, Understanding
from .pairs_of_things import pour_parts, swap_parts
from .references import Conversation, References
from .sight import Sight
from .subgoals import Part, Subgoal, Template, atom, conjunction, fixed_part, one_of, parts_for, place_part

_CLEANER = NounPhrase(words="something to clean with")
_PLURAL_DEFAULT = {"bring": 2, "hold": 1}


def subgoals_of(understanding: Understanding, sight: Sight) -> tuple[Subgoal, ...]:
    """Return the subgoals in the order in which they are to be reached; empty when nothing is to be done.

    Raises:
        NotUnderstood: If the scene lacks what a request is about.
        Question: If only the person can choose.
    """
    conversation = Conversation(context=understanding.context, places=sorted(understanding.context.places))
    references = References(sight, conversation)
    requests = _without_implied_grasps(understanding.requests) or _implied(understanding.context)
    found: list[Subgoal] = []
    for index, request in enumerate(requests):
        if not _condition_holds(request, references):
            continue
        conversation.groups.append([])
        parts = _parts_of(request, references)
        conversation.places += _places_named(request)
        found.append(Subgoal(parts=tuple(parts), words=request.words, frame=request.frame))
        found += _switching(request, sight, is_last=index == len(requests) - 1)
        if not conversation.groups[-1]:
            conversation.groups.pop()
    return tuple(found)


def _implied(context: Context) -> tuple[Request, ...]:
    """Return what somebody who is thirsty would like, although they did not ask."""
    if not context.needs and context.forbidden:
        raise NotUnderstood("there is nothing to do then: I do not see what you would like me to do instead")
    if not context.needs:
        raise NotUnderstood("I do not see what you would like me to do")
    kinds = context.needs[0][0]
    for more, _ in context.needs[1:]:
        kinds = kinds & more or kinds | more
    prefer = tuple(p for _, better in context.needs for p in better)
    thing = NounPhrase(words="what you need", kinds=kinds, prefer=prefer)
    return (Request(frame="bring", words="you need it", objects=(thing,)),)


def _without_implied_grasps(requests: Sequence[Request]) -> tuple[Request, ...]:
    """Drop "pick up the apple" before "and move it to ...": the second says it all."""
    kept: list[Request] = []
    for request in requests:
        before = kept[-1] if kept else None
        names_it = bool(request.objects) and all(o.pronoun and not o.is_new for o in request.objects)
        if (
            before is not None
            and before.frame == "hold"
            and names_it
            and request.condition == before.condition
        ) and request.frame not in ("hold", "find", "go"):
            kept[-1] = replace(request, objects=before.objects)
            continue
        kept.append(request)
    return tuple(kept)


def _condition_holds(request: Request, references: References) -> bool:
    condition = request.condition
    if condition is None:
        return True
    sight = references.sight
    if condition.thing is not None:
        thing = references.described(condition.thing)
        found = references.fitting(thing)
        if found and not condition.is_negated:
            references.said.groups.append([(thing, found[:1])])
        return bool(found) != condition.is_negated
    places = condition.place.places if condition.place is not None else frozenset()
    predicate = {"open": "open", "closed": "open", "on": "turned_on", "off": "turned_on"}.get(condition.state)
    if predicate is None:
        truth = not any(sight.places_of(item) & places for item in sight.category)
    else:
        truth = any((predicate, place) in sight.facts for place in places) == (
            condition.state in ("open", "on")
        )
    references.said.places += sorted(places)
    return truth != condition.is_negated


def _places_named(request: Request) -> list[str]:
    named = [place for thing in request.objects for place in sorted(thing.at)]
    named += [place for phrase in request.places for place in sorted(phrase.places)]
    if request.destination is not None and request.destination.place is not None:
        named += sorted(request.destination.place.places)
    return named


def _parts_of(request: Request, references: References) -> list[Part]:
    if request.frame == "wipe" and not request.places and not last_surface(references):
        if not request.objects and not references.said.context.needs:
            raise Question("What should I clean?", references.sight.fixtures_of("surface"))
        cleaner = replace(_CLEANER, kinds=kinds_of("cleaning", references.sight.catalogue))
        return _parts_about(cleaner, replace(request, frame="bring"), references)
    if request.frame in FIXTURE_FRAMES:
        return fixture_parts(request, references)
    if request.frame == "swap":
        return swap_parts(request, references)
    if request.frame == "release":
        return [_release(request, references)]
    if request.frame == "pour":
        return pour_parts(request, references)
    if not request.objects:
        raise NotUnderstood(f"I do not understand {request.words!r}: it lacks what to do it to")
    parts = [part for thing in request.objects for part in _parts_about(thing, request, references)]
    if request.frame == "hold" and len(parts) > 1:
        raise NotUnderstood(f"I have one gripper and cannot hold {len(parts)} things at once")
    return parts


def _parts_about(thing: NounPhrase, request: Request, references: References) -> list[Part]:
    template = _template(request, references)
    stays = request.words.startswith(("leave", "keep"))
    references.said.frame = "" if stays else request.frame
    described = _sorted_by_bin(references.described(thing), request, references.sight)
    fitting = list(references.fitting(described))
    if not fitting:
        raise NotUnderstood(_missing(described, references))
    if described.quantity == "count":
        fitting = _not_yet_done(fitting, template, references) if not described.names else fitting
        if not described.is_definite:
            fitting = [n for n in fitting if n not in references.said.covered] or fitting
    count = references.count_for(described, len(fitting), default=_PLURAL_DEFAULT.get(request.frame))
    uniform = request.frame != "put_away"
    parts = parts_for(described, fitting, count, template, references.sight, is_uniform=uniform)
    chosen = tuple(name for part in parts for name in part.options[0][0])
    if request.destination is not None:
        check_beside(chosen, request.destination, template, references)
    if request.frame == "hold" and len(chosen) > 1:
        raise NotUnderstood(f"I have one gripper and cannot hold {len(chosen)} things at once")
    references.said.groups[-1].append((described, chosen))
    return parts


def _sorted_by_bin(thing: NounPhrase, request: Request, sight: Sight) -> NounPhrase:
    """Prefer what belongs into the kind of bin that was named, for homes that have only one."""
    for stem, attribute in (("recycl", "recyclable"), ("compost", "compostable")):
        if stem in request.words and request.frame in ("move", "trash"):
            return replace(thing, prefer=(*thing.prefer, kinds_of(attribute, sight.catalogue)))
    return thing


def _missing(thing: NounPhrase, references: References) -> str:
    if references.said.context.forbidden:
        return f"Of what you allowed me to use, nothing is {thing.words!r}"
    where = f" there ({', '.join(sorted(thing.at))})" if thing.at else " here"
    return f"I see nothing{where} that is {thing.words!r}"


def _not_yet_done(fitting: list[str], template: Template, references: References) -> list[str]:
    facts = references.sight.facts
    open_ones = [name for name in fitting if not _is_true(template(name), facts)]
    return open_ones or fitting


def _is_true(formula: Formula, facts: Facts) -> bool:
    return holds(formula, facts, Universe({}))


def _template(request: Request, references: References) -> Template:
    sight = references.sight
    match request.frame:
        case "bring":
            return lambda name: atom("with_operator", name)
        case "trash":
            return one_of("in", _require(sight.fixtures_of("bin"), "a bin"))
        case "move":
            assert request.destination is not None
            return destination_template(request.destination, references)
        case "put_away":
            if request.destination is not None:
                return destination_template(request.destination, references)
            return home_template(sight)
        case "hold":
            return lambda name: atom("holding", name)
        case "find":
            return lambda name: atom("found", name)
        case "push":
            return lambda name: atom("pushed", name, request.direction)
    return _appliance_template(request, sight)


def _appliance(request: Request, sight: Sight) -> str:
    """Return the fixture that heats, cooks, chills or washes here."""
    place = request.destination.place if request.destination is not None else None
    named = place.places if place is not None else frozenset()
    kind = {"chill": "fridge", "wash": "sink", "cook": "stove", "heat": "microwave"}.get(request.frame, "")
    if not kind:
        raise NotUnderstood(f"I do not know how to {request.words!r}")
    if request.frame == "heat" and any("stove" in sight.fixture_kinds.get(p, ()) for p in named):
        kind = "stove"
    return _require(sight.fixtures_of(kind), f"a {kind}")[0]


def _appliance_template(request: Request, sight: Sight) -> Template:
    """Return where a thing must be to be heated, cooked, chilled or washed."""
    appliance = _appliance(request, sight)
    predicate = "on" if "surface" in sight.fixture_kinds[appliance] else "in"
    if "openable" not in sight.fixture_kinds[appliance]:
        return lambda name: atom(predicate, name, appliance)
    return lambda name: conjunction([atom(predicate, name, appliance), _shut(appliance)])


def _switching(request: Request, sight: Sight, *, is_last: bool) -> list[Subgoal]:
    """Return the subgoals that switch the appliance on, and off again before anything else is done."""
    if request.frame not in ("heat", "cook", "wash"):
        return []
    appliance = _appliance(request, sight)
    is_on = atom("turned_on", appliance)
    states = [is_on] if is_last else [is_on, Not(is_on)]
    return [
        Subgoal(parts=(place_part(state, f"power {appliance}"),), words=request.words, frame="turn_on")
        for state in states
    ]


def _shut(fixture: str) -> Formula:
    return Not(atom("open", fixture))


def _require(fixtures: tuple[str, ...], what: str) -> tuple[str, ...]:
    if not fixtures:
        raise NotUnderstood(f"there is no {what.removeprefix('a ')} in this home")
    return fixtures


def _release(request: Request, references: References) -> Part:
    sight, held = references.sight, references.sight.held
    surfaces = [s for s in sight.fixtures_of("surface") if "stove" not in sight.fixture_kinds[s]]
    if held is None and references.said.groups[:-1] and all(t.pronoun for t in request.objects):
        held = next(
            (n for group in reversed(references.said.groups) for _, names in group for n in names), None
        )
    fits = held is not None and all(
        held in references.fitting(references.described(t)) for t in request.objects
    )
    if held is None or not fits:
        what = request.objects[0].words if request.objects else "it"
        raise Question(f"Where should I put {what}?", tuple(sorted(surfaces)))
    here = [s for s in surfaces if s in sight.here]
    references.said.groups[-1].append((NounPhrase(words="it", names=frozenset({held})), (held,)))
    put_down = one_of("on", here or surfaces)
    return fixed_part((held,), lambda name: conjunction([atom("gripper_empty"), put_down(name)]), sight)
