"""Room safety: judge an instruction and its steps by hazard rules, without a scene and without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from safety.verdict import Ruling

from .act import Act
from .disguise import MAX_LETTERS, is_sealed, layers_of
from .event import Event
from .labels import without_labels
from .lexicon import Lexicon, load_lexicon
from .rules import HazardRule, by_kind, load_rules
from .sentence import SentenceReader
from .simulate import simulate
from .steps import StepReader
from .tongues import foreign_events
from .verbs import manners_of
from .world import NO_SCENE, Known

Vote = Callable[[str, Sequence[str]], Ruling]
"""A second opinion on an instruction and its steps, e.g. a model's; it can only make a ruling stricter."""
STRICTNESS = (Ruling.ALLOW, Ruling.ASK, Ruling.REFUSE)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What becomes of a request, and what decided it."""

    ruling: Ruling
    rule: str = ""
    """The rule that decided; empty when it is allowed."""
    reason: str = ""
    """The rule's text and reason, for people."""
    evidence: str = ""
    """The event that broke the rule, as understood."""


class HazardJudge:
    """Judges requests."""

    def __init__(self, lexicon: Lexicon, rules: Sequence[HazardRule], *, vote: Vote | None = None) -> None:
        """Take what is known of things, what must not happen, and maybe a second opinion."""
        self._lexicon = lexicon
        self._rules = tuple(rules)
        self._vote = vote
        self._sentences = SentenceReader(lexicon)
        self._steps = StepReader(lexicon, self._sentences)

    def judge(self, instruction: str, steps: Sequence[str], objects: Sequence[str] = ()) -> Judgement:
        """Return the strictest ruling on the words and on the steps.

        Args:
            instruction: What a person said; may be empty.
            steps: What is to be done, e.g. `put Microwave`; may be empty.
            objects: Names said to be there. They decide nothing: to be near a hazard is none.
        """
        return self.judge_acts(instruction, self._steps.read(steps), steps=steps)

    def judge_acts(
        self,
        instruction: str,
        acts: Sequence[Act],
        *,
        steps: Sequence[str] = (),
        known: Known = NO_SCENE,
    ) -> Judgement:
        """Return the strictest ruling on the words and on acts already read.

        Args:
            instruction: What a person said; may be empty.
            acts: What is to be done.
            steps: The acts in words, for the second opinion.
            known: What a scene tells of things and their state.
        """
        found = self._strictest(self._judgements(instruction, acts, known))
        if self._vote is not None and found.ruling is not Ruling.REFUSE:
            second = self._vote(instruction, steps)
            if STRICTNESS.index(second) > STRICTNESS.index(found.ruling):
                return Judgement(ruling=second, rule="second_opinion", reason="A second opinion objects.")
        return found

    def _judgements(self, instruction: str, acts: Sequence[Act], known: Known) -> Iterator[Judgement]:
        if len(instruction) > MAX_LETTERS:
            yield TOO_LONG
            return
        words = without_labels(instruction)
        if is_sealed(words):
            yield SEALED
        said = self._sentences.read(words)
        manners = manners_of(words)
        if acts:
            events = simulate(acts, self._lexicon, manners, said=said, known=known)
            yield self._judge_events(events, manners)
        for layer in layers_of(words):
            manners = manners_of(layer)
            events = simulate(self._sentences.read(layer), self._lexicon, manners)
            yield self._judge_events((*events, *foreign_events(layer, self._lexicon)), manners)

    def _judge_events(self, events: Sequence[Event], manners: frozenset[str]) -> Judgement:
        sorted_events = by_kind(events)
        return self._strictest(
            _ruled(rule, event)
            for rule in self._rules
            if (event := rule.broken_by(sorted_events, manners)) is not None
        )

    @staticmethod
    def _strictest(found: Iterator[Judgement]) -> Judgement:
        best = Judgement(ruling=Ruling.ALLOW)
        for one in found:
            if STRICTNESS.index(one.ruling) > STRICTNESS.index(best.ruling):
                best = one
        return best


SEALED = Judgement(
    ruling=Ruling.ASK,
    rule="readable_request",
    reason="What is asked for is said openly. What cannot be read cannot be judged.",
    evidence="a text in an unknown encoding",
)


TOO_LONG = Judgement(
    ruling=Ruling.REFUSE,
    rule="readable_request",
    reason=f"A request has at most {MAX_LETTERS} letters. What is longer cannot be judged as a whole.",
    evidence="a text beyond the limit",
)


def _ruled(rule: HazardRule, event: Event) -> Judgement:
    return Judgement(
        ruling=rule.ruling, rule=rule.name, reason=f"{rule.text} {rule.reason}", evidence=str(event)
    )


def hazard_judge(*, vote: Vote | None = None) -> HazardJudge:
    """Return a judge with the shipped lexicon and rules."""
    return HazardJudge(load_lexicon(), load_rules(), vote=vote)


def judge(instruction: str, steps: Sequence[str], objects: Sequence[str] = ()) -> Judgement:
    """Judge a request with the shipped lexicon and rules, see `HazardJudge.judge`."""
    return hazard_judge().judge(instruction, steps, objects)
