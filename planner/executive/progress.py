"""Room planner: what both strategies share: the task so far, its words, its recoveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grounding import Formula, Scene
from planner.language_model import PASSING, Decomposition, Failure, FailureKind, Step, Task
from robots import Violation
from safety import Ruling, Verdict
from skills import SkillCall

from .consultant import Consultant
from .events import Asked, Recovering, Rung, Vetoed
from .ladder import Ladder
from .parts import Inquiry, Parts, Stopwatch
from .report import Ending


@dataclass(frozen=True, kw_only=True)
class Halt:
    """The run ends here."""

    ending: Ending
    reason: str


class Progress:
    """The mutable middle of one run."""

    def __init__(self, parts: Parts, watch: Stopwatch, instruction: str) -> None:
        """Start with nothing but the words."""
        self.parts = parts
        self.watch = watch
        self.task = Task(instruction=instruction)
        self.consultant = Consultant(parts, watch)
        self.ladder = Ladder(parts.settings.bounds)
        self.goal: Formula | None = None
        self.asked: Formula | None = None
        """The end that was asked for in so many words, which may waive a duty."""
        self.plan: tuple[Step, ...] = ()
        """First plan that was verified and allowed."""
        self.recoveries: list[Rung] = []
        self._confirmed: set[str] = set()
        """Rules of the instruction gate about which the person said that no harm is meant."""
        self._has_reconsidered = False
        """The model was told once that its steps are not what the words allow."""

    @property
    def has_person(self) -> bool:
        """Return whether somebody can be asked."""
        return self.parts.person is not None and self.ladder.may_ask()

    def recover(self, rung: Rung, reason: str) -> None:
        """Note a rung of the ladder."""
        self.recoveries.append(rung)
        self.parts.emit(Recovering(rung=rung, reason=reason))

    def did(self, call: SkillCall) -> None:
        """Note a call whose effects were observed."""
        self.task = self.task_after(call)

    def task_after(self, call: SkillCall) -> Task:
        """Return the task as it will be when `call` has succeeded."""
        return replace(self.task, done=(*self.task.done, call), surprise=None)

    def ask(
        self, question: str, options: tuple[str, ...], probabilities: tuple[float, ...] = ()
    ) -> str | None:
        """Ask the person, if there is one."""
        inquiry = Inquiry(question=question, options=options, probabilities=probabilities)
        person, answer = self.parts.person if self.ladder.may_ask() else None, None
        if person is not None:
            self.ladder.questions += 1
            answer = person(inquiry)
        self.parts.emit(
            Asked(
                question=question,
                options=options,
                answer=answer,
                probabilities=probabilities,
                is_heard=person is not None,
            )
        )
        return answer

    def heard(self, answer: str) -> None:
        """Tell the model what the person answered."""
        self.task = replace(self.task, answer=answer)

    def is_told_to_try_again(self, reason: str) -> bool:
        """Ask the person whether to go on after `reason`; the answer goes to the model with the task."""
        if not self.has_person:
            return False
        self.recover(Rung.ASK, reason)
        answer = self.ask(f"I cannot go on: {reason}. What shall I do?", ("try again", "stop"))
        if answer is None or answer == "stop":
            return False
        self.heard(answer)
        return True

    def vetoes(self, subject: str, violations: Sequence[Violation]) -> str:
        """Journal violations and return them as one sentence; empty when there are none."""
        if not violations:
            return ""
        self.parts.emit(Vetoed(subject=subject, violations=tuple(violations)))
        return "; ".join(map(str, violations))

    def judge(self, scene: Scene) -> Halt | None:
        """Put the words to the instruction gate, and to the person when they may be meant harmlessly."""
        return self._rule(*self._judged(scene, ()))

    def propose(self, scene: Scene, *, surprise: str | None) -> Decomposition | Halt:
        """Ask the model for goal and steps, and put them to the instruction gate.

        The words alone were allowed, so steps that are not may be the model's slip: it is told why and asked
        once more before the request itself is refused or the person is asked.
        """
        decomposition = self.understand(scene, surprise=surprise)
        if isinstance(decomposition, Halt):
            return decomposition
        verdict, new = self._judged(scene, [step.call for step in decomposition.steps])
        if new and not self._has_reconsidered and self.may_decompose:
            self._has_reconsidered = True
            reason = f"the steps are not allowed: {self.vetoes('proposed plan', new)}"
            self.recover(Rung.DECOMPOSE, reason)
            return self.propose(scene, surprise=reason)
        return self._rule(verdict, new) or decomposition

    @property
    def may_decompose(self) -> bool:
        """Return whether the model may be asked for another plan."""
        return self.consultant.decompositions < self.parts.settings.bounds.decompositions

    def _judged(self, scene: Scene, calls: Sequence[SkillCall]) -> tuple[Verdict, tuple[Violation, ...]]:
        """Return the gate's verdict, and what in it the person has not confirmed yet."""
        verdict = self.parts.gate.review(self.task.instruction, scene, calls)
        if verdict.ruling is Ruling.ALLOW:
            return verdict, ()
        return verdict, tuple(v for v in verdict.violations if v.rule not in self._confirmed)

    def _rule(self, verdict: Verdict, new: Sequence[Violation]) -> Halt | None:
        if not new:
            return None
        text = self.vetoes("request", new)
        if verdict.ruling is Ruling.REFUSE:
            return Halt(ending=Ending.REFUSED, reason=text)
        answer = self.ask(verdict.question, ("yes", "no"))
        if answer is None:
            return Halt(ending=Ending.NEEDS_ANSWER, reason=verdict.question)
        if answer.strip().lower() not in ("yes", "y"):
            return Halt(ending=Ending.REFUSED, reason=f"not confirmed: {text}")
        self._confirmed |= {v.rule for v in new}
        return None

    def understand(self, scene: Scene, *, surprise: str | None = None) -> Decomposition | Halt:
        """Ask the model for goal and steps; a question goes to the person, and back with the answer."""
        self.task = replace(self.task, surprise=surprise)
        decomposition = self._decompose(scene)
        while not isinstance(decomposition, Halt) and decomposition.question is not None:
            if decomposition.not_understood is not None:
                break
            answer = self.ask(decomposition.question, decomposition.options)
            if answer is None:
                if decomposition.steps:
                    break
                return Halt(ending=Ending.NEEDS_ANSWER, reason=decomposition.question)
            self.heard(answer)
            decomposition = self._decompose(scene)
        if isinstance(decomposition, Decomposition) and decomposition.not_understood is not None:
            return Halt(ending=Ending.REFUSED, reason=decomposition.not_understood)
        return decomposition

    def _decompose(self, scene: Scene) -> Decomposition | Halt:
        """Ask the model; while its answers are unusable, ask it afresh, then the person, then give up."""
        while True:
            answer = self.consultant.decompose(self.task, scene)
            if isinstance(answer, Decomposition):
                return answer
            may_repeat = answer.kind is FailureKind.BAD_ANSWER
            if may_repeat and self.may_decompose:
                self.recover(Rung.DECOMPOSE, str(answer))
                continue
            may_pass = may_repeat or answer.kind in PASSING
            if may_pass and self.is_told_to_try_again(str(answer)):
                continue
            return self.halt_without_model(answer)

    def halt_without_model(self, failure: Failure) -> Halt:
        """End the run where the robot stands; a refusal of the model is a refusal of the task."""
        endings = {FailureKind.REFUSED: Ending.REFUSED, FailureKind.CANCELLED: Ending.CANCELLED}
        ending = endings.get(failure.kind, Ending.STOPPED)
        if ending is Ending.STOPPED:
            self.recover(Rung.STOP, str(failure))
        return Halt(ending=ending, reason=str(failure))
