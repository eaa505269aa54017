"""Room grounding: from what was said about an object to the objects of a scene, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from grounding.scene import Scene

from .accessibility import ranked
from .colours import colours_of
from .expression import Mentioned, ReferringExpression, Relation, Resolution
from .spatial import is_related, place_in, sorted_by

_NOBODY = Mentioned()


def resolve(expression: ReferringExpression, scene: Scene, *, mentioned: Mentioned = _NOBODY) -> Resolution:
    """Return the objects or places that an expression means.

    Args:
        expression: What was said.
        scene: What is there.
        mentioned: What was talked about before, for pronouns, "the" and "another".
    """
    if expression.pronoun in ("it", "they", "there"):
        return _pronoun(expression, scene, mentioned)
    names = _all_names(expression, scene, mentioned)
    if not names:
        return _nothing(expression, scene, f"there is no {_said(expression)} here")
    for words, keeps in _filters(expression, scene, mentioned):
        kept = [name for name in names if keeps(name)]
        if not kept:
            return _nothing(expression, scene, f"{_listed(scene, names)}: none {words}")
        names = kept
    candidates = ranked(scene, names)
    if expression.superlative is not None:
        origin = resolve(expression.origin, scene, mentioned=mentioned).names if expression.origin else ()
        others = [name for name in candidates if name not in origin]
        ordered = sorted_by(scene, expression.superlative, others, origin=next(iter(origin), None))
        if expression.ordinal > len(ordered):
            return _nothing(expression, scene, f"there are only {_listed(scene, ordered)}")
        first = expression.ordinal - 1
        candidates = (*ordered[first:], *ordered[:first])
        if expression.quantity in ("the", "a"):
            return Resolution(names=candidates[:1], candidates=candidates)
    return _chosen(expression, scene, candidates, mentioned)


def _all_names(expression: ReferringExpression, scene: Scene, mentioned: Mentioned) -> list[str]:
    types = scene.universe.types
    if expression.names:
        return [name for name in expression.names if name in types]
    wanted = set(expression.types)
    if expression.pronoun == "one" and mentioned.items:
        last = mentioned.items[-1]
        wanted = {scene.items[name].item.category for name in last if name in scene.items} or wanted
    things = (*sorted(scene.items), *sorted(scene.fixtures))
    return [name for name in things if wanted & types[name]]


def _filters(
    expression: ReferringExpression, scene: Scene, mentioned: Mentioned
) -> list[tuple[str, Callable[[str], bool]]]:
    """Return what else must hold of a name, each with the words for "none ..."."""
    types = scene.universe.types
    required, excluded = frozenset(expression.required), frozenset(expression.excluded)
    found: list[tuple[str, Callable[[str], bool]]] = []
    if required:
        found.append((f"is {' and '.join(sorted(required))}", lambda n: required <= types[n]))
    if excluded:
        words = f"is something else than {', '.join(sorted(excluded))}"
        found.append((words, lambda n: not excluded & (types[n] | {n})))
    if expression.colour is not None:
        found.append((f"is {expression.colour}", partial(_is_coloured, scene, expression.colour)))
    if expression.is_other:
        before = {name for group in mentioned.items for name in group} | set(mentioned.places)
        found.append(("is another one", lambda n: n not in before))
    for relation in expression.relations:
        found.append((_relation_words(relation), _relation_test(relation, scene, mentioned)))
    return found


def _is_coloured(scene: Scene, colour: str, name: str) -> bool:
    return name in scene.items and colour in colours_of(scene.items[name].item)


def _relation_test(relation: Relation, scene: Scene, mentioned: Mentioned) -> Callable[[str], bool]:
    groups = [resolve(anchor, scene, mentioned=mentioned).candidates for anchor in relation.anchors]
    if len(groups) == 2:
        pairs = [(a, b) for a in groups[0] for b in groups[1] if a != b]
    else:
        pairs = [(a, a) for a in groups[0]] if groups else [("", "")]

    def test(name: str) -> bool:
        anchors = ([a, b] if len(groups) == 2 else [a] for a, b in pairs)
        return any(is_related(scene, relation.kind, name, some) for some in anchors) != relation.is_negated

    return test


def _pronoun(expression: ReferringExpression, scene: Scene, mentioned: Mentioned) -> Resolution:
    if expression.pronoun == "there":
        last = mentioned.places[-1:]
        return Resolution(names=last, candidates=last, reason="" if last else "no place was mentioned before")
    group = next((g for g in reversed(mentioned.items) if g), ())
    if not group and scene.held_item is not None:
        group = (scene.held_item,)
    if not group:
        return Resolution(names=(), candidates=(), reason="nothing was mentioned before")
    names = group if expression.pronoun == "they" or expression.quantity == "all" else group[-1:]
    return Resolution(names=names, candidates=group)


def _chosen(
    expression: ReferringExpression, scene: Scene, candidates: tuple[str, ...], mentioned: Mentioned
) -> Resolution:
    match expression.quantity:
        case "all":
            return Resolution(names=candidates, candidates=candidates)
        case "count":
            return _counted(expression, scene, candidates)
        case "a":
            return Resolution(names=candidates[:1], candidates=candidates)
    for group in reversed(mentioned.items):
        known = [name for name in candidates if name in group]
        if len(known) == 1:
            return Resolution(names=(known[0],), candidates=candidates)
    is_ambiguous = not _are_interchangeable(scene, candidates)
    reason = f"it could be {' or '.join(_where(scene, name) for name in candidates)}" if is_ambiguous else ""
    return Resolution(names=candidates[:1], candidates=candidates, is_ambiguous=is_ambiguous, reason=reason)


def _counted(expression: ReferringExpression, scene: Scene, candidates: tuple[str, ...]) -> Resolution:
    chosen: list[str] = []
    kinds: set[str] = set()
    for name in candidates:
        kind = scene.items[name].item.category if name in scene.items else name
        if not (expression.is_distinct and kind in kinds):
            chosen.append(name)
            kinds.add(kind)
    if len(chosen) < expression.count:
        different = "different " if expression.is_distinct else ""
        reason = f"there are only {len(chosen)} {different}of the {expression.count} that were asked for"
        return Resolution(names=(), candidates=candidates, reason=f"{reason}: {_listed(scene, chosen)}")
    return Resolution(names=tuple(chosen[: expression.count]), candidates=candidates)


def _are_interchangeable(scene: Scene, names: Sequence[str]) -> bool:
    """Return whether nobody could mind which one is taken: same category, same place."""
    seen = {(scene.items[n].item.category if n in scene.items else n, place_in(scene, n)) for n in names}
    return len(seen) == 1


def _nothing(expression: ReferringExpression, scene: Scene, reason: str) -> Resolution:
    return Resolution(names=(), candidates=(), reason=reason)


def _said(expression: ReferringExpression) -> str:
    words = expression.text or " or ".join(expression.names or expression.types)
    first, _, rest = words.partition(" ")
    return rest if rest and first.lower() in ("a", "an", "any", "some", "the") else words


def _where(scene: Scene, name: str) -> str:
    place = place_in(scene, name)
    if name == scene.held_item:
        return f"{name} in the hand"
    return name if place in (None, name) else f"{name} at {place}"


def _listed(scene: Scene, names: Iterable[str]) -> str:
    return ", ".join(_where(scene, name) for name in names)


def _relation_words(relation: Relation) -> str:
    anchors = " and ".join(_said(anchor) for anchor in relation.anchors)
    words = f"is {'not ' if relation.is_negated else ''}{relation.kind.replace('_', ' ')} {anchors}"
    return words.strip()
