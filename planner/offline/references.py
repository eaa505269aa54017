"""Room planner: which objects of the scene a noun phrase means, with the conversation so far in mind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from grounding.references import is_related, sorted_by

from .lexicon import Kinds, kinds_of
from .meaning import Context, NotUnderstood, NounPhrase, Question, Request
from .sight import Sight

_FLEXIBLE = {"few", "several", "couple", "some"}


@dataclass
class Conversation:
    """What was talked about while the requests are turned into goals."""

    context: Context
    groups: list[list[tuple[NounPhrase, tuple[str, ...]]]] = field(default_factory=list)
    """Per request: phrases and the objects chosen for them."""
    frame: str = ""
    """What is being done with the things that are looked for."""
    places: list[str] = field(default_factory=list)
    """Fixtures in the order in which they were mentioned."""

    @property
    def covered(self) -> frozenset[str]:
        """Return every object that some request is about."""
        return frozenset(name for group in self.groups for _, names in group for name in names)


class References:
    """Finds objects for phrases."""

    def __init__(self, sight: Sight, conversation: Conversation) -> None:
        """Look at one scene, in one conversation."""
        self.sight = sight
        self.said = conversation

    def described(self, thing: NounPhrase) -> NounPhrase:
        """Return the phrase with a pronoun replaced by what it stands for, and the remarks applied.

        Raises:
            Question: If nothing was mentioned that the pronoun could mean.
        """
        if thing.pronoun:
            return self._antecedent(thing)
        context, kinds, prefer = self.said.context, thing.kinds, thing.prefer
        if thing.is_liked and len(kinds) == len(self.sight.catalogue.categories):
            kinds = self._liked(thing)
        if thing.near and not self.sight.items_of(kinds):
            kinds = self._near(thing)
        words = set(thing.words.split())
        if words & {"open", "opened"} and kinds & context.opened:
            kinds &= context.opened
        if kinds - context.disliked and kinds != context.disliked:
            kinds -= context.disliked
        for fitting, better in context.needs:
            if kinds == frozenset(self.sight.catalogue.categories) and not thing.at and not thing.names:
                kinds = fitting
            prefer = (*prefer, *(b for b in better if b & kinds))
        if thing.is_new and context.disliked and len(thing.kinds) == len(self.sight.catalogue.categories):
            kinds &= self._same_sort(context.disliked)
        if context.liked & kinds:
            prefer = (context.liked, *prefer)
        return replace(thing, kinds=kinds, prefer=prefer)

    def _near(self, thing: NounPhrase) -> Kinds:
        return thing.near if self.sight.items_of(thing.near) else thing.kinds

    def _liked(self, thing: NounPhrase) -> Kinds:
        liked = self.said.context.liked - self.said.context.disliked
        if liked or self.said.context.needs:
            return liked or thing.kinds
        edible = kinds_of("drink | food -condiment", self.sight.catalogue)
        raise Question("What do you like?", self.sight.ranked(self.sight.items_of(edible))[:6])

    def _same_sort(self, kinds: Kinds) -> Kinds:
        """Return everything of the sort that these kinds are: "something else" than a coke is a drink."""
        for sort in ("drink", "food", "cleaning", "dish"):
            fitting = kinds_of(sort, self.sight.catalogue)
            if kinds <= fitting:
                return fitting
        return frozenset(self.sight.catalogue.categories)

    def _antecedent(self, thing: NounPhrase) -> NounPhrase:
        if {"hold", "holding", "hand", "gripper"} & set(thing.words.split()) and self.sight.held is not None:
            return NounPhrase(words=thing.words, names=frozenset({self.sight.held}), is_definite=True)
        last = next((group for group in reversed(self.said.groups) if group), [])
        if thing.is_new:
            kinds = self._last_kinds()
            return NounPhrase(words=thing.words, kinds=kinds, is_new=True)
        if last:
            chosen = last if thing.pronoun == "many" else last[-1:]
            names = frozenset(name for _, found in chosen for name in found)
            if names:
                return NounPhrase(words=thing.words, names=names, is_definite=True, quantity="all")
        context = self.said.context
        if thing.pronoun == "many" and len(context.last_mentions) > 1:
            names = frozenset(n for mention in context.last_mentions for n in self._first_of(mention))
            return NounPhrase(words=thing.words, names=names, is_definite=True, quantity="all")
        if context.mentions:
            mention = self.described(context.mentions[-1])
            many = thing.pronoun == "many"
            return replace(mention, words=thing.words, is_definite=True, quantity="all" if many else "count")
        if self.sight.held is not None:
            return NounPhrase(words=thing.words, names=frozenset({self.sight.held}), is_definite=True)
        raise Question(f"What do you mean by {thing.words!r}?", self.sight.ranked(self.sight.category)[:6])

    def _first_of(self, mention: NounPhrase) -> tuple[str, ...]:
        described = self.described(mention)
        fitting = self.fitting(described)
        return fitting[: self.count_for(described, len(fitting))]

    def _last_kinds(self) -> Kinds:
        context = self.said.context
        for group in reversed(self.said.groups):
            for phrase, names in reversed(group):
                return phrase.kinds or frozenset(self.sight.category[name] for name in names)
        if context.liked:
            return context.liked
        if context.mentions:
            return context.mentions[-1].kinds
        raise NotUnderstood("I do not know another one of what you mean")

    def fitting(self, thing: NounPhrase) -> tuple[str, ...]:
        """Return every object that a described phrase fits, best first."""
        names = thing.names & set(self.sight.category) if thing.names else self.sight.items_of(thing.kinds)
        found = [name for name in names if self._is_where_said(name, thing)]
        spared = self.spared_from(self.said.frame)
        found = [name for name in found if name not in spared]
        if thing.quantity == "rest":
            found = [n for n in found if n not in self.said.covered]
        if thing.is_new:
            fresh = [n for n in found if n not in self.said.covered]
            found = fresh if self.said.covered else found
        if thing.is_definite and thing.quantity == "count" and len(thing.kinds) > 1:
            found = [n for n in found if n in self.said.covered] or found  # "the bottle" talked about
        if not thing.at and not thing.names:
            found = self._in_the_open(found, thing)
        ranked = self.sight.ranked(found, thing.prefer)
        if thing.relation is not None and thing.relation[0] == "next_to" and len(ranked) > 1:
            anchor = self.fitting(self.described(thing.relation[1]))[0]
            ranked = sorted_by(self.sight.scene, "nearest", ranked, origin=anchor)
        if thing.superlative is not None and ranked:
            order = sorted_by(self.sight.scene, thing.superlative, ranked)
            return order[thing.rank - 1 :][: max(1, thing.count)]
        return ranked

    def spared_from(self, frame: str) -> frozenset[str]:
        """Return the objects that the person said must not be treated as this frame does."""
        if not frame:
            return frozenset()
        return self.named_by(r for r in self.said.context.forbidden if r.frame in ("touch", frame))

    def named_by(self, requests: Iterable[Request]) -> frozenset[str]:
        """Return every object that these requests could be about."""
        before, self.said.frame = self.said.frame, ""  # looked for among everything
        things = [self.described(t) for r in requests for t in r.objects if self._is_known(t)]
        names = frozenset(n for t in things for n in self.fitting(t))
        self.said.frame = before
        return names

    def _is_known(self, thing: NounPhrase) -> bool:
        context = self.said.context
        return not thing.pronoun or bool(self.said.groups or context.mentions or context.last_mentions)

    def _is_where_said(self, name: str, thing: NounPhrase) -> bool:
        places = self.sight.places_of(name)
        if thing.at and not places & thing.at:
            return False
        if thing.inside is not None and not places & set(self.fitting(self.described(thing.inside))):
            return False
        if thing.relation is not None:
            kind, other = thing.relation
            anchors = self.fitting(self.described(other))
            return any(is_related(self.sight.scene, kind, name, [a]) for a in anchors if a != name)
        return True

    def _in_the_open(self, names: Sequence[str], thing: NounPhrase) -> list[str]:
        """Leave out what was thrown away, or given to the person, unless nothing else fits."""
        kinds = self.sight.fixture_kinds

        def is_gone(name: str) -> bool:
            return any({"bin", "person"} & kinds.get(p, frozenset()) for p in self.sight.places_of(name))

        def is_stored(name: str) -> bool:
            return any("openable" in kinds.get(p, frozenset()) for p in self.sight.places_of(name))

        left = [n for n in names if not is_gone(n)]
        if thing.quantity in ("all", "rest") and len(thing.kinds) == len(self.sight.catalogue.categories):
            return [n for n in left if not is_stored(n)]
        if thing.quantity in ("all", "rest"):
            return left
        return left or list(names)

    @staticmethod
    def _half(thing: NounPhrase, available: int) -> int:
        if available % 2:
            options = (str(available // 2), str(available // 2 + 1))
            raise Question(f"There are {available}; how many do you mean by {thing.words!r}?", options)
        return available // 2

    def count_for(self, thing: NounPhrase, available: int, *, default: int | None = None) -> int:
        """Return how many objects are wanted of those available.

        Args:
            thing: The phrase.
            available: How many fit.
            default: How many a bare plural means ("bring me apples"); None means all.

        Raises:
            NotUnderstood: If there are fewer than the person asked for.
        """
        if thing.quantity in ("all", "rest"):
            return available
        if thing.quantity == "half":
            return self._half(thing, available)
        if thing.count == 0 and "some" in thing.words.split():
            return min(2, available)
        if thing.count == 0:
            return available if default is None else min(default, available)
        if thing.count > available and not set(thing.words.split()) & _FLEXIBLE:
            raise NotUnderstood(f"I see only {available} of the {thing.count} that {thing.words!r} asks for")
        return min(thing.count, available)
