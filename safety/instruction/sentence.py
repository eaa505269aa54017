"""Room safety: an instruction in English as typed actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .act import Act, Relation
from .clauses import Clause, clauses_of
from .grammar import load_grammar
from .lexicon import Lexicon
from .phrases import FROM, WITH, Mentions, NounReader, parts_of

PUTS = frozenset({"put", "drop", "throw", "pour"})
"""Senses for which a lone `inside` means the thing just spoken of."""


@dataclass(frozen=True, kw_only=True)
class _Roles:
    """What stands where in a clause, before the verb's sense is considered."""

    objects: tuple[str, ...] = ()
    target: str | None = None
    relation: Relation = Relation.ON
    liquid: str | None = None
    tool: str | None = None
    source: str | None = None
    contents: str | None = None


class SentenceReader:
    """Reads acts from sentences; one instance serves any number of them."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the nouns."""
        self._lexicon = lexicon
        self._nouns = NounReader(lexicon)

    def read(self, text: str) -> tuple[Act, ...]:
        """Return what `text` asks for, in its order."""
        mentions = Mentions()
        return tuple(act for clause in clauses_of(text) for act in self._acts(clause, mentions))

    def _acts(self, clause: Clause, mentions: Mentions) -> Iterator[Act]:
        roles = self._roles(clause, mentions)
        if clause.sense == "turn_on" and roles.tool is not None and clause.words[-1] == "inside":
            yield Act(
                sense="put",
                verb=clause.verb,
                object=roles.tool,
                target=roles.objects[0],
                relation=Relation.IN,
            )
        for act in self._shaped(clause, roles):
            mentions.objects += [act.object] if act.object else []
            mentions.everything += [n for n in (act.object, act.target, act.tool) if n]
            yield act

    def _roles(self, clause: Clause, mentions: Mentions) -> _Roles:
        relations = load_grammar().relation_of
        (_, first), *rest = parts_of(clause.words)
        objects, contents = self._nouns.nouns(first, clause.sense, mentions)
        roles = _Roles(objects=tuple(objects), contents=contents)
        for preposition, words in rest:
            nouns, held = self._nouns.nouns(words, "", mentions)
            roles = replace(roles, contents=roles.contents or held)
            if not words and relations.get(preposition) is Relation.IN and clause.sense in PUTS:
                nouns = self._nouns.enclosing(mentions)
            if not nouns or (preposition == "for" and not self._is(nouns[0], "being")):
                continue
            if preposition in WITH and self._is(nouns[0], "liquid"):
                roles = replace(roles, liquid=roles.liquid or nouns[0])
            elif preposition in WITH:
                roles = replace(roles, tool=roles.tool or nouns[0])
            elif preposition in FROM:
                roles = replace(roles, source=roles.source or nouns[0])
            elif roles.target is None:
                roles = replace(roles, target=nouns[0], relation=relations[preposition])
        return roles

    def _shaped(self, clause: Clause, roles: _Roles) -> Iterator[Act]:
        """Put the parts where the verb wants them."""
        sense = self._sense(clause, roles)
        if sense in {"pour", "spray"}:
            roles = self._poured(roles)
        elif sense == "water":
            target = roles.objects[0] if roles.objects else None
            sense, roles = "pour", replace(roles, target=target, liquid=roles.liquid or "water", objects=())
        elif sense == "fill":
            said = roles.liquid or roles.contents
            roles = replace(roles, liquid=said or roles.tool or "water")
        elif sense == "mix" and len(roles.objects) > 1:
            roles = replace(roles, objects=roles.objects[:1], target=roles.objects[1])
        elif sense == "give" and roles.target is None:
            roles = self._given(roles)
        for name in roles.objects or (None,):
            yield Act(
                sense=sense,
                verb=clause.verb,
                object=name,
                target=roles.target,
                relation=roles.relation,
                liquid=roles.liquid,
                tool=roles.tool,
                contents=roles.contents,
            )

    def _sense(self, clause: Clause, roles: _Roles) -> str:
        """Return the verb's sense for these objects: one dumps tea, empties a table, leaves it on."""
        if clause.verb == "dump" and roles.objects and self._is(roles.objects[0], "liquid"):
            return "pour"
        if clause.verb.startswith("empty") and roles.objects and not self._is(roles.objects[0], "vessel"):
            return "clear"
        if (
            clause.verb == "toss"
            and roles.objects
            and roles.target is None
            and self._is(roles.objects[0], "leafy")
        ):
            return "mix"
        if clause.verb == "leave" and roles.target is None:
            return "leave"
        return clause.sense

    def _poured(self, roles: _Roles) -> _Roles:
        """Tell what is poured from what it is poured out of and onto."""
        vessels = [o for o in roles.objects if self._is(o, "vessel") and not self._is(o, "liquid")]
        named = next((o for o in roles.objects if o not in vessels), None)
        tool = roles.source or (vessels[0] if vessels else roles.tool)
        liquid, target = roles.liquid or named or roles.contents, roles.target
        if named is not None and target is None and not self._is(named, "liquid"):
            liquid, target = roles.liquid, named
        return replace(roles, objects=(), liquid=liquid, target=target, tool=tool)

    def _given(self, roles: _Roles) -> _Roles:
        """Take apart `give [the dog chocolate]`."""
        persons = load_grammar().persons
        for name in roles.objects:
            words = name.split()
            for cut in range(1, len(words)):
                front, back = " ".join(words[:cut]), " ".join(words[cut:])
                is_thing = front in persons or self._lexicon.noun(back).head
                if self._is(front, "being") and is_thing:
                    return replace(roles, objects=(back,), target=front, relation=Relation.TO)
        return roles

    def _is(self, name: str, kind: str) -> bool:
        return kind in self._lexicon.properties(name)
