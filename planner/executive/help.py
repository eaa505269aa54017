"""Room planner: asking the person, calibrated: when the model's belief does not single out one option.

Source: Ren et al., "Robots That Ask For Help" (2023): act alone only when the prediction set is one option.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from grounding import Operator, Scene
from planner.calibration.conformal import needs_help, prediction_set
from planner.language_model import ASK, PASSING, Failure, FailureKind
from planner.selection import Candidate, Decision
from skills import SkillCall

from .agenda import Agenda
from .progress import Halt, Progress
from .report import Ending


def ask_if_unsure(progress: Progress, decision: Decision, qhat: float) -> Decision | Halt | None:
    """Return the decision when the prediction set is one option, else what the person chooses.

    None means that the person said something else; it is in the task, and the model is to be asked again.

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
    return choice_of_person(
        progress, f"I am not sure about “{progress.task.instruction}”. What next?", offered, decision
    )


def choice_of_person(
    progress: Progress, question: str, offered: Sequence[Candidate], decision: Decision
) -> Decision | Halt | None:
    """Return the decision with what the person chose of the offered candidates.

    None means that they said something else, which is now in the task; a halt, that nobody answered.
    """
    options = tuple(str(c.call) for c in offered)
    rated = tuple(c.say for c in offered) if all(c.say_source != "unrated" for c in offered) else ()
    chosen = _ask(progress, question, options, rated)
    if not isinstance(chosen, int):
        return chosen
    return replace(decision, chosen=offered[chosen])


def choose_alternative(
    progress: Progress,
    agenda: Agenda,
    index: int,
    scene: Scene,
    operators: Sequence[Operator],
    qhat: float,
) -> SkillCall | Halt | None:
    """Return which of a step's alternatives to take: one model call, and the person where that leaves doubt.

    None means that the person said something else; it is in the task, and the model is to be asked again.

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
    shares: tuple[float, ...] = ()
    if isinstance(scores, Failure):
        if scores.kind not in (*PASSING, FailureKind.BAD_ANSWER):
            return progress.halt_without_model(scores)
    else:
        belief = {str(s.call): s.probability for s in scores.scores}
        plausible = prediction_set(belief, qhat)
        if not needs_help(plausible):
            return next(call for call in options if str(call) == plausible[0])
        options = tuple(sorted(options, key=lambda call: -belief[str(call)]))
        shares = tuple(belief[str(call)] for call in options)
    question = f"Which one for “{progress.task.instruction}”?"
    chosen = _ask(progress, question, tuple(map(str, options)), shares)
    return options[chosen] if isinstance(chosen, int) else chosen


def meant_option(answer: str, options: Sequence[str]) -> int | None:
    """Return the option that an answer means: as written, or the only one whose own words it says.

    An answer that also denies or excludes something ("not the apple") means none by its words alone.
    """
    said = answer.strip().lower()
    for index, option in enumerate(options):
        if said == option.lower():
            return index
    spoken = _words(said)
    if spoken & _DENIALS:
        return None
    words = [_words(option.lower()) for option in options]
    shared = set.intersection(*words) if words else set()
    named = [index for index, own in enumerate(words) if own - shared and own - shared <= spoken]
    return named[0] if len(named) == 1 else None


_DENIALS = frozenset(
    {"not", "no", "none", "neither", "nor", "never", "don", "dont", "without"}
    | {"except", "but", "other", "another", "else", "instead", "anything"}
)
_STOPS = frozenset({"stop", "cancel", "abort", "quit"})


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+|[0-9]+", text))


def _ask(
    progress: Progress, question: str, options: tuple[str, ...], rated: tuple[float, ...]
) -> int | Halt | None:
    """Return the chosen option, None after another answer, or a halt when nobody answers."""
    answer = progress.ask(question, options, rated)
    if answer is None:
        return Halt(ending=Ending.NEEDS_ANSWER, reason=f"{question} {', '.join(options)}")
    if answer.strip(" .!").lower() in _STOPS:
        return Halt(ending=Ending.CANCELLED, reason=f"the person said “{answer.strip()}”")
    index = meant_option(answer, options)
    if index is None:
        progress.heard(answer)
    return index
