"""Room planner: what happened before an interruption stays true: perception that also knows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grounding import PREDICATE_BY_NAME, Fact, Perception, Scene
from robots import Observation


class Remembering:
    """Implements `Perception`: what another one sees, and what is remembered besides."""

    def __init__(self, perception: Perception) -> None:
        """Start with nothing to remember."""
        self._perception = perception
        self._facts: frozenset[Fact] = frozenset()

    @property
    def name(self) -> str:
        """Return the perception's name."""
        return self._perception.name

    @property
    def cameras(self) -> tuple[str, ...]:
        """Return the cameras that the perception needs."""
        return self._perception.cameras

    def perceive(self, observation: Observation) -> Scene:
        """Return what is seen, with what is remembered."""
        scene = self._perception.perceive(observation)
        return replace(scene, facts=scene.facts | self._facts)

    def remember(self, facts: Iterable[Fact]) -> None:
        """Remember those of `facts` that stay true once they happened."""
        self._facts |= {fact for fact in facts if is_memory(fact)}

    def is_told(self, facts: Iterable[Fact]) -> None:
        """Believe a person about what happened and no look can show: deeds, and what the person received."""
        self._facts |= {fact for fact in facts if is_memory(fact) or fact[0] in _PERSON_KNOWS}


_PERSON_KNOWS = frozenset({"with_operator"})


def is_memory(fact: Fact) -> bool:
    """Return whether a fact stays true once it happened."""
    predicate = PREDICATE_BY_NAME.get(fact[0])
    return predicate is not None and predicate.is_memory


def is_static(fact: Fact) -> bool:
    """Return whether a fact is true of the home whatever is done."""
    predicate = PREDICATE_BY_NAME.get(fact[0])
    return predicate is not None and predicate.is_static
