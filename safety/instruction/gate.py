"""Room safety: layer 1, the instruction gate: words and steps judged by hazards, with the scene at hand."""

from __future__ import annotations

from collections.abc import Sequence

from grounding import Scene
from robots import Violation
from safety.verdict import ALLOWED, Ruling, Verdict
from skills import SkillCall

from .calls import acts_of, known_of
from .judge import HazardJudge, Judgement, Vote, hazard_judge

LAYER = "instruction"


class HazardGate:
    """Refuses what would harm people, animals or property, and asks where a harmless reading fits as well."""

    def __init__(self, *, judge: HazardJudge | None = None, vote: Vote | None = None) -> None:
        """Take a judge, by default the shipped one with an optional second opinion."""
        self._judge = judge or hazard_judge(vote=vote)

    def review(self, instruction: str, scene: Scene, calls: Sequence[SkillCall] = ()) -> Verdict:
        """Return whether the request may be acted on, must be asked about, or is refused."""
        if not instruction.strip():
            found = _violation("instruction_has_words", "instruction", "empty", "words")
            return Verdict(ruling=Ruling.REFUSE, violations=(found,))
        judged = self._judge.judge_acts(
            instruction, acts_of(calls), steps=[str(call) for call in calls], known=known_of(scene)
        )
        return verdict_of(judged)


def verdict_of(judged: Judgement) -> Verdict:
    """Return a judgement as the verdict that the executive reads."""
    if judged.ruling is Ruling.ALLOW:
        return ALLOWED
    found = _violation(judged.rule, judged.evidence or "request", "what was asked for", judged.reason)
    question = ""
    if judged.ruling is Ruling.ASK:
        question = f"{judged.reason} What exactly is meant?"
    return Verdict(ruling=judged.ruling, violations=(found,), question=question)


def _violation(rule: str, subject: str, measured: str, allowed: str) -> Violation:
    return Violation(rule=rule, layer=LAYER, subject=subject, measured=measured, allowed=allowed)
