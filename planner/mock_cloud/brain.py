"""Room planner: what the mock cloud answers: the offline model behind the same prompts as a vendor's.

It knows only what the prompt says, as a vendor's model does; pictures are not looked at.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from typing import Any

from grounding import to_pddl
from planner.language_model import ASK, NONE_OF_THESE, Decomposition, Task
from planner.offline import OfflineModel
from planner.remote.describe import facts_in
from robots.catalogue import Catalogue
from skills import HOUSEHOLD_CONTRACTS, SkillCall

from .reading import ReadPrompt, read_calls, read_prompt

_WORD_WEIGHT = 1.5
"""What one word that an option shares with the instruction adds to its logit."""


class Brain:
    """Answers prompts; safe to call from several threads, one at a time."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the known objects."""
        self._catalogue = catalogue
        self._model = OfflineModel(catalogue)
        self._lock = threading.Lock()

    def decompose(self, user_text: str) -> dict[str, Any]:
        """Return the answer to a decomposition's prompt, in the schema that it came with.

        Raises:
            UnreadablePrompt: If it is not one of ours.
        """
        told = read_prompt(user_text, self._catalogue)
        if told.scene is None:
            return _answer(Decomposition(goal=None, not_understood="The scene is only a sentence."))
        with self._lock:
            return _answer(self._model.decompose(told.task, told.scene, HOUSEHOLD_CONTRACTS))

    def rate(self, user_text: str, options: Sequence[str]) -> dict[str, float]:
        """Return a distribution over the options, summing to 1.

        Raises:
            UnreadablePrompt: If the prompt is not one of ours.
        """
        told = read_prompt(user_text, self._catalogue)
        if told.scene is None:
            return self._rate_by_words(told.task, options)
        calls = [(option, read_calls(option)) for option in options if option != NONE_OF_THESE]
        known = {option: found[0] for option, found in calls if len(found) == 1}
        rated = self._rate_calls(told, tuple(dict.fromkeys((*known.values(), ASK))))
        # To find none right is to want to ask; so the odds of two options do not depend on the others.
        weights = {option: rated[call] for option, call in known.items()}
        return _normalised({option: weights.get(option, rated[ASK]) for option in options})

    def holds(self, user_text: str, statement: str) -> float:
        """Return how probable it is that a stated fact is true in the prompt's scene."""
        told = read_prompt(user_text, self._catalogue)
        if told.scene is None:
            return 0.5
        stated = facts_in(statement)
        return 0.99 if stated and all(fact in told.scene.facts for fact in stated) else 0.01

    def _rate_calls(self, told: ReadPrompt, calls: tuple[SkillCall, ...]) -> dict[SkillCall, float]:
        assert told.scene is not None
        with self._lock:
            scores = self._model.score(told.task, told.scene, HOUSEHOLD_CONTRACTS, calls)
        return {score.call: score.probability for score in scores.scores}

    def _rate_by_words(self, task: Task, options: Sequence[str]) -> dict[str, float]:
        """Rate free text by the words and kinds of things that an option shares with the instruction."""
        asked = _words(task.instruction)
        weights = {}
        for option in options:
            shared = len(asked & self._meaning(option))
            weights[option] = math.exp(_WORD_WEIGHT * shared) if option != NONE_OF_THESE else 0.5
        return _normalised(weights)

    def _meaning(self, option: str) -> set[str]:
        words = _words(option)
        for name, category in self._catalogue.categories.items():
            names = (name.replace("_", " "), *category.synonyms)
            if any(_words(spoken) and _words(spoken) <= words for spoken in names):
                words |= {part for attribute in category.attributes for part in attribute.split("_")}
        return words


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 2} - _EMPTY


_EMPTY = frozenset(
    {"the", "that", "bring", "put", "can", "you", "and", "pick", "for", "with", "please", "could"}
)


def _normalised(weights: dict[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {option: weight / total for option, weight in weights.items()}


def _answer(decomposition: Decomposition) -> dict[str, Any]:
    return {
        "not_understood": decomposition.not_understood,
        "question": decomposition.question,
        "options": list(decomposition.options),
        "goal": to_pddl(decomposition.goal) if decomposition.goal is not None else None,
        "steps": [
            {**_call(s.call), "reason": s.reason, "alternatives": [_call(a) for a in s.alternatives]}
            for s in decomposition.steps
        ],
    }


def _call(call: SkillCall) -> dict[str, Any]:
    return {"skill": call.skill, "arguments": list(call.arguments)}
