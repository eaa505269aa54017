"""Room planner: say x can: candidates with both factors, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from grounding import Fact, Scene
from skills import Affordance, SkillCall

from .language_model import ASK, DONE, Scores, Step

CanFunction = Callable[[SkillCall, Scene], Affordance]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One call that could be next, with what the model and the world say about it."""

    call: SkillCall
    say: float
    """Share of the model's belief that this is the next useful step; all candidates sum to 1."""
    can: float
    """Probability that it would succeed from here, now."""
    say_source: str
    can_source: str
    reasons: tuple[str, ...] = ()
    """What lowered `can`, in words."""

    @property
    def combined(self) -> float:
        """Return say x can."""
        return self.say * self.can


TOO_CLOSE = 0.95
"""Two candidates whose say x can differ by less than this ratio are too close to call: our own choice."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """All candidates of one choice, best first, and the one chosen."""

    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    """None when no candidate reaches the least combined score."""

    @property
    def call(self) -> SkillCall | None:
        """Return the chosen call."""
        return self.chosen.call if self.chosen else None

    @property
    def rivals(self) -> tuple[Candidate, ...]:
        """Return the chosen candidate and those too close to call: same skill, other objects."""
        if self.chosen is None or not self.chosen.call.arguments:
            return ()
        least = TOO_CLOSE * self.chosen.combined
        same = [c for c in self.candidates if c.call.skill == self.chosen.call.skill]
        return tuple(c for c in same if c.combined >= least)


def choose(candidates: Sequence[Candidate], *, least_combined: float) -> Decision:
    """Rank by say x can and take the best; equal scores keep the order given."""
    ranked = tuple(sorted(candidates, key=lambda c: -c.combined))
    best = ranked[0] if ranked and ranked[0].combined >= least_combined else None
    return Decision(candidates=ranked, chosen=best)


def plan_candidates(
    step: Step | None, scene: Scene, can: CanFunction, *, is_done: bool, can_ask: bool
) -> tuple[Candidate, ...]:
    """Weigh the plan's next step against its alternatives, `done` and `ask`, without a model call.

    Args:
        step: The plan's next step; None when the plan is finished.
        scene: Newest scene.
        can: Affordance of a call.
        is_done: Whether the goal holds in the scene.
        can_ask: Whether there is a person to ask.
    """
    weights: list[tuple[SkillCall, float]] = []
    if step is not None:
        others = [c for c in dict.fromkeys(step.alternatives) if c != step.call]
        weights += [(step.call, _NEXT), *((call, _ALTERNATIVE) for call in others[:_MAX_ALTERNATIVES])]
    weights += [(DONE, _NEXT if step is None else _OTHERWISE), (ASK, _OTHERWISE)]
    total = sum(weight for _, weight in weights)
    return tuple(
        _weigh(call, weight / total, "plan", scene, can, is_done, can_ask) for call, weight in weights
    )


def scored_candidates(
    scores: Scores, scene: Scene, can: CanFunction, *, is_done: bool, can_ask: bool
) -> tuple[Candidate, ...]:
    """Join the model's ratings with affordances."""
    return tuple(_weigh(s.call, s.probability, s.method, scene, can, is_done, can_ask) for s in scores.scores)


def weigh_unrated(call: SkillCall, scene: Scene, can: CanFunction) -> Candidate:
    """Return a candidate that nobody rated: it ranks by what is possible, and only a person takes it."""
    return _weigh(call, 1.0, "unrated", scene, can, is_done=False, can_ask=False)


def doubted(candidate: Candidate, needs: Sequence[Fact], doubts: Mapping[Fact, float]) -> Candidate:
    """Return a candidate whose `can` is reduced by what the model doubts of its precondition."""
    found = [(doubts[fact], fact) for fact in needs if fact in doubts]
    if not found:
        return candidate
    probability, fact = min(found)
    reason = f"the model doubts ({' '.join(fact)}): {probability:.2f}"
    return replace(candidate, can=candidate.can * probability, reasons=(*candidate.reasons, reason))


_NEXT, _ALTERNATIVE, _OTHERWISE = 1.0, 0.35, 0.02
"""Relative say of the plan's next step, of an alternative that the model named, and of done or ask: an
alternative wins only where the next step's `can` is below about a third of its own. Our own choice."""
_MAX_ALTERNATIVES = 6


def _weigh(
    call: SkillCall,
    say: float,
    source: str,
    scene: Scene,
    can: CanFunction,
    is_done: bool,
    can_ask: bool,
) -> Candidate:
    if call == DONE:
        reasons = () if is_done else ("the goal does not hold in the observed scene",)
        affordance = Affordance(probability=float(is_done), source="goal", reasons=reasons)
    elif call == ASK:
        reasons = () if can_ask else ("nobody is there to answer",)
        affordance = Affordance(probability=float(can_ask), source="person", reasons=reasons)
    else:
        affordance = can(call, scene)
    return Candidate(
        call=call,
        say=say,
        can=affordance.probability,
        say_source=source,
        can_source=affordance.source,
        reasons=affordance.reasons,
    )
