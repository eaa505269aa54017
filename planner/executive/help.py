"""Room planner: asking the person, calibrated: when the model's belief does not single out one option.

Source: Ren et al., "Robots That Ask For Help" (2023): act alone only when the prediction set is one option.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grounding import Operator, Scene
from planner.calibration.conformal import needs_help, prediction_set
from planner.language_model import ASK, Failure
from planner.selection import Candidate, Decision
from skills import SkillCall

from .agenda import Agenda
from .progress import Halt, Progress
from .report import Ending


def ask_if_unsure(progress: Progress, decision: Decision, qhat: float) -> Decision | Halt:
    """Return the decision when the prediction set is one option, else what the person chooses.

    Args:
        progress: The run.
        decision: Candidates with the model's calibrated belief.
        qhat: Fitted threshold: an option is plausible when its probability is at least 1 - qhat.
    """
    by_text = {str(c.call): c for c in decision.candidates}
    total = sum(c.say for c in decision.candidates) or 1.0
    plausible = prediction_set({text: c.say / total for text, c in by_text.items()}, qhat)
    if not needs_help(plausible):
        alone = by_text[plausible[0]]
        if alone.combined >= progress.parts.settings.least_combined:
            return replace(decision, chosen=alone)
    offered = [
        by_text[text] for text in plausible if by_text[text].can > 0.0 and by_text[text].call.arguments
    ]
    if len(offered) < 2:
        offered = [c for c in decision.candidates if c.call.arguments][: max(2, len(offered))]
    question = f"I am not sure about “{progress.task.instruction}”. What next?"
    chosen = choice_of_person(progress, question, offered, decision)
    return chosen or Halt(
        ending=Ending.NEEDS_ANSWER, reason=f"{question} {', '.join(str(c.call) for c in offered)}"
    )


def choose_alternative(
    progress: Progress,
    agenda: Agenda,
    index: int,
    scene: Scene,
    operators: Sequence[Operator],
    qhat: float,
) -> SkillCall | Halt:
    """Return which of a step's alternatives to take: one model call, and the person where that leaves doubt.

    Args:
        progress: The run.
        agenda: A plan that works.
        index: Its step that has alternatives.
        scene: Newest scene.
        operators: The library's.
        qhat: Fitted threshold.
    """
    step = agenda.steps[index]
    predicted = replace(scene, facts=agenda.verify(scene, operators).states[index])
    task = replace(progress.task, goal=agenda.goal, done=(*progress.task.done, *agenda.calls[:index]))
    options = tuple(dict.fromkeys((step.call, *step.alternatives)))
    scores = progress.consultant.score(task, predicted, (*options, ASK))
    if isinstance(scores, Failure):
        texts: tuple[str, ...] = tuple(map(str, options))
        shares: tuple[float, ...] = ()
    else:
        belief = {str(s.call): s.probability for s in scores.scores}
        plausible = prediction_set(belief, qhat)
        if not needs_help(plausible):
            return next(call for call in options if str(call) == plausible[0])
        texts = tuple(t for t in sorted(belief, key=lambda t: -belief[t]) if t != str(ASK))
        shares = tuple(belief[t] for t in texts)
    question = f"Which one for “{progress.task.instruction}”?"
    answer = progress.ask(question, texts, shares)
    chosen = next((call for call in options if str(call) == answer), None)
    return chosen or Halt(ending=Ending.NEEDS_ANSWER, reason=f"{question} {', '.join(texts)}")


def choice_of_person(
    progress: Progress, question: str, offered: Sequence[Candidate], decision: Decision
) -> Decision | None:
    """Return the decision with what the person chose of the offered candidates; None without an answer."""
    options = tuple(str(c.call) for c in offered)
    rated = tuple(c.say for c in offered) if all(c.say_source != "unrated" for c in offered) else ()
    answer = progress.ask(question, options, rated)
    chosen = next((c for c in offered if str(c.call) == answer), None)
    return None if chosen is None else replace(decision, chosen=chosen)
