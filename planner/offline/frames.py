"""Room planner: decide what a verb asks for, from what follows it ("take the coke", "take it to me")."""

from __future__ import annotations

from dataclasses import replace

from grounding.references import RelationKind

from .meaning import Attachment, NotUnderstood, NounPhrase, PlacePhrase, Question, Request
from .request_words import Arguments

_MOVES = {"move", "bring", "trash", "put_away", "release", "hold", "chill", "push"}
_EVERYTHING = PlacePhrase(words="everything", places=frozenset(), is_all=True)
_PLACE_ONLY = {"go", "visit", "open", "close", "turn_on", "turn_off", "wipe", "clear", "unload"}
_RELATIONS: dict[str, RelationKind] = {
    "near": "next_to",
    "left of": "left_of",
    "right of": "right_of",
    "behind": "behind",
    "in front of": "in_front_of",
}
_TOWARDS = {"to", "on", "in", "near"}
_ONLY_TO = {
    "bring": {"to", "near"},
    "trash": {"to"},
    "hold": {"to"},
    "find": set(),
    "chill": set(),
    "push": {"to"},
}
"""Frames for which "on the table" says where the thing is, not where it goes."""
_APPLIANCE_FRAMES = ("heat", "cook", "chill", "wash")
_WITHOUT_DESTINATION = (
    "bring",
    "trash",
    "put_away",
    "hold",
    "release",
    "find",
    "heat",
    "cook",
    "chill",
    "wash",
    "fill",
)


def requests_from(frames: tuple[str, ...], found: Arguments, words: str) -> tuple[Request, ...]:
    """Return the requests that a verb with these arguments makes, at least one.

    Raises:
        NotUnderstood: If the verb lacks what it needs.
        Question: If only the person can say where.
    """
    frames = _chosen_frames(frames, found, words)
    if found.direction and found.things:
        return (Request(frame="push", words=words, objects=_located(found), direction=found.direction),)
    if frames[0] in ("pour", "fill"):
        return (_pouring(frames[0], found, words),)
    if found.places and (stock := _stocking(frames, found, words)):
        return stock
    if found.places or (not found.things and found.loose):
        return _acting_on_places(frames, found, words)
    if not found.things:
        return _acting_on_nothing(frames, words)
    if frames[0] == "swap":
        return (Request(frame="swap", words=words, objects=_located(found)),)
    if frames[0] in ("wipe", "clear", "open", "close", "visit", "turn_on", "turn_off"):
        return _acting_on_things(frames[0], found, words)
    if found.has_recipient:
        return (Request(frame="bring", words=words, objects=_located(found)),)
    if set(frames) & _MOVES and (split := _moving(frames[0], found, words)):
        return split
    frame = _frame_without_destination(frames)
    if not frame:
        raise NotUnderstood(f"I do not know how to {words!r}")
    destination = _destination_of(found)
    return (Request(frame=frame, words=words, objects=_located(found, frame), destination=destination),)


def _chosen_frames(frames: tuple[str, ...], found: Arguments, words: str) -> tuple[str, ...]:
    if found.frame:
        return (found.frame,)
    if frames[0] == "split":
        raise NotUnderstood(f"I do not know how to {words!r}")
    return ("put_away",) if frames[0] == "unload" and found.things else frames


def _frame_without_destination(frames: tuple[str, ...]) -> str:
    """Return what a verb means when nobody says where to: "put the coke" is "put it down"."""
    frame = next((f for f in frames if f in _WITHOUT_DESTINATION), "")
    if frames[0] == "move" and "release" not in frames and frame in ("", "bring", "put_away"):
        return "release" if "push" not in frames else frame
    if "hold" in frames and frame == "bring" and frames[0] != "bring":
        return "hold"
    return frame


def _stocking(frames: tuple[str, ...], found: Arguments, words: str) -> tuple[Request, ...]:
    """Read "restock the far counter with rice chips and crackers"."""
    things = [a.thing for a in found.loose if a.preposition == "with" and a.thing is not None]
    if "move" not in frames or not things:
        return ()
    things += [thing for thing, _ in found.things]
    goal = Attachment(preposition="in", place=found.places[0])
    return (Request(frame="move", words=words, objects=tuple(things), destination=goal),)


def _destination_of(found: Arguments) -> Attachment | None:
    attached = [a for _, more in found.things for a in more] + found.loose
    return next((a for a in attached if a.preposition in ("in", "on", "to")), None)


def _located(found: Arguments, frame: str = "") -> tuple[NounPhrase, ...]:
    """Return the things with the places where they are said to be now."""
    result: list[NounPhrase] = []
    pending = 0
    for thing, attached in found.things:
        result.append(thing)
        for attachment in attached:
            if frame in _APPLIANCE_FRAMES and attachment.preposition in ("in", "on", "under", "at"):
                continue  # where it is done, not where the thing is
            if attachment.preposition == "with" and attachment.thing is not None:
                result.append(attachment.thing)
            else:
                result[pending:] = [_with_source(t, attachment) for t in result[pending:]]
                pending = len(result)
    return tuple(result)


def _with_source(thing: NounPhrase, attachment: Attachment) -> NounPhrase:
    if attachment.place is not None and attachment.place.role != "person":
        return replace(thing, at=thing.at or attachment.place.places)
    if attachment.thing is not None and not thing.pronoun:
        kind = _RELATIONS.get(attachment.preposition)
        if kind is not None:
            return replace(thing, relation=(kind, attachment.thing))
        if attachment.preposition in ("in", "from", "on"):
            return replace(thing, inside=attachment.thing)
    return thing


def _moving(frame: str, found: Arguments, words: str) -> tuple[Request, ...]:
    """Group things by the destination that follows them; empty when there is no destination at all."""
    requests: list[Request] = []
    group: list[NounPhrase] = []
    prepositions = _ONLY_TO.get(frame, _TOWARDS)
    for thing, attached in found.things:
        towards = [a for a in attached if a.preposition in prepositions or _is_bin(a)]
        goal = towards[-1] if towards else None
        current = thing
        for attachment in attached:
            if attachment is not goal:
                current = _with_source(current, attachment)
        group.append(current)
        if goal is not None:
            requests.append(_moved(group, goal, words))
            group = []
    loose = [a for a in found.loose if a.preposition in prepositions or _is_bin(a)]
    if group and (loose or requests):
        goal = loose[-1] if loose else requests[-1].destination
        assert goal is not None
        requests.append(_moved(group, goal, words))
    return tuple(requests)


def _is_bin(attachment: Attachment) -> bool:
    place = attachment.place
    return attachment.preposition in ("in", "to") and place is not None and place.role == "bin"


def _moved(group: list[NounPhrase], goal: Attachment, words: str) -> Request:
    if goal.place is not None and goal.place.role == "person":
        return Request(frame="bring", words=words, objects=tuple(group))
    return Request(frame="move", words=words, objects=tuple(group), destination=goal)


def _pouring(frame: str, found: Arguments, words: str) -> Request:
    things = [thing for thing, _ in found.things]
    attached = [a for _, more in found.things for a in more] + found.loose
    target = next((a for a in attached if a.preposition in ("in", "to", "on")), None)
    liquid = next((a.thing for a in attached if a.preposition == "with" and a.thing is not None), None)
    if frame == "fill" and things and liquid is not None:
        into = Attachment(preposition="in", thing=things[0])
        return Request(frame="pour", words=words, objects=(liquid,), destination=into)
    if frame == "pour" and things and found.has_recipient and target is None:
        cup = NounPhrase(words="a cup", kinds=frozenset({"mug", "glass"}))
        return Request(
            frame="pour",
            words=words,
            objects=(things[0],),
            destination=Attachment(preposition="in", thing=cup),
        )
    if frame == "pour" and things and target is not None:
        return Request(frame="pour", words=words, objects=(things[0],), destination=target)
    if frame == "pour" and things:
        return Request(frame="pour", words=words, objects=(things[0],))
    raise Question(f"What should I {words}?" if not things else f"With what should I {words}?", ())


def _acting_on_places(frames: tuple[str, ...], found: Arguments, words: str) -> tuple[Request, ...]:
    places = list(found.places)
    places += [
        a.place
        for a in found.loose
        if a.place is not None and a.preposition in ("to", "at", "by", "near", "in", "on", "over")
    ]
    frame = next((f for f in frames if f in _PLACE_ONLY), frames[0])
    if found.places and frame == "go" or not places:
        if not places:
            return _acting_on_nothing(frames, words)
        places = found.places
    if frame in ("trash", "move", "put_away", "release", "hold", "bring"):
        if found.places:
            raise NotUnderstood(f"I do not know how to {words!r}")
        return _emptying(frame, places, words)
    tool = next((a.thing for a in found.loose if a.preposition == "with" and a.thing is not None), None)
    if tool is None and found.things:
        tool = next(
            (a.thing for _, more in found.things for a in more if a.thing and a.preposition == "with"), None
        )
    return (Request(frame=frame, words=words, places=tuple(places), tool=tool),)


def _emptying(frame: str, places: list[PlacePhrase], words: str) -> tuple[Request, ...]:
    if frame == "release" or frame == "move":
        thing = NounPhrase(words="it", pronoun="one", is_definite=True)
        goal = Attachment(preposition="on", place=places[-1])
        return (Request(frame="move", words=words, objects=(thing,), destination=goal),)
    raise NotUnderstood(f"I do not know how to {words!r}")


def _acting_on_things(frame: str, found: Arguments, words: str) -> tuple[Request, ...]:
    """Read "clean the mug" as washing and "clear the cans from the table" as putting away."""
    things = _located(found)
    if frame == "wipe" and all(t.pronoun for t in things):
        return (Request(frame="wipe", words=words, objects=things),)
    if frame == "wipe":
        held = {"clean", "wash"}
        place = next(
            (
                a.place
                for _, more in found.things
                for a in more
                if a.place and a.preposition in ("from", "on")
            ),
            None,
        )
        if place is not None and not set(words.split()) & held:
            return (Request(frame="wipe", words=words, places=(place,)),)
        return (Request(frame="wash", words=words, objects=things),)
    if frame == "clear" and words.startswith("empty") and all(t.quantity == "count" for t in things):
        return (_pouring("pour", found, words),)
    if frame == "clear":
        moved = _moving("move", found, words)
        away = any(a.preposition in ("to", "in") for _, more in found.things for a in more)
        return moved if away and moved else (Request(frame="put_away", words=words, objects=things),)
    if all(t.pronoun for t in things):
        return (Request(frame=frame, words=words, objects=things),)
    if all(t.quantity == "all" and "everything" in t.words for t in things):
        return (Request(frame=frame, words=words, places=(_EVERYTHING,)),)
    raise NotUnderstood(f"I do not know how to {words!r}")


def _to_the_person(words: str) -> str:
    """Return the person's words as said back to them: "bring me" -> "bring you"."""
    if words.split()[0] in ("i", "can", "may", "could", "might"):
        return "bring you"
    other = {"me": "you", "my": "your", "us": "you", "our": "your"}
    return " ".join(other.get(word, word) for word in words.split())


def _acting_on_nothing(frames: tuple[str, ...], words: str) -> tuple[Request, ...]:
    if "release" in frames:
        return (Request(frame="release", words=words),)
    if frames[0] == "go" and set(words.split()) & {"come", "return", "back"}:
        home = PlacePhrase(words=words, places=frozenset(), role="person")
        return (Request(frame="go", words=words, places=(home,)),)
    if frames[0] in ("clear", "wipe"):
        return (Request(frame=frames[0], words=words),)
    if frames[0] in ("bring", "find", "trash", "hold", "push", "move", "put_away"):
        raise Question(f"What should I {_to_the_person(words)}?", ())
    raise NotUnderstood(f"I do not understand {words!r}: it lacks what to do it to")
