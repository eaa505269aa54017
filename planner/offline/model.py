"""Room planner: the offline language model: no key, no download, the same answer every time.

It reads household English with a grammar and the catalogue's lexicon, makes goal formulas of it, and plans
over the skills' contracts. What it cannot read it says, with the nearest things it can do; it never does
something else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grounding import And, Atom, Facts, Not, Operator, Scene, Universe, holds, place_of
from planner.language_model import Decomposition, Scores, Task, Usage
from robots import Fixture
from robots.catalogue import Catalogue
from skills import Contract, SkillCall

from .advice import advise
from .goals import subgoals_of
from .lexicon import Lexicon, build_lexicon
from .limits import Limits, limits_of
from .meaning import NotUnderstood, Question, Understanding
from .planning import Proposal, best_option, doors_left_open, final_goal, propose
from .rating import rate
from .requests import read_instruction
from .sight import Sight
from .subgoals import Subgoal, conjunction, place_part

NAME = "offline"
_NO_ANSWER = ("try again", "stop", "yes", "no")
"""Answers to the executive's own questions; they say nothing about the instruction."""


@dataclass(frozen=True, kw_only=True)
class _Errand:
    """What an instruction meant when it was given."""

    subgoals: tuple[Subgoal, ...]
    start: Facts
    limits: Limits


class OfflineModel:
    """Implements `LanguageModel`."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Know the objects of the catalogue."""
        self._catalogue = catalogue
        self._lexicons: dict[tuple[str, ...], Lexicon] = {}
        self._errands: dict[tuple[str, str | None], _Errand] = {}
        self._proposals: dict[tuple[object, ...], Proposal] = {}

    @property
    def name(self) -> str:
        """Return "offline"."""
        return NAME

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition:
        """Return a goal and steps, a question, or what was not understood."""
        begin = time.monotonic()
        answer = self._decompose(task, scene, [c.operator for c in contracts])
        return replace(answer, model=NAME, usage=Usage(latency_s=time.monotonic() - begin))

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores:
        """Rate candidates by how well they begin a plan for what is left to do."""
        begin = time.monotonic()
        operators = [c.operator for c in contracts]
        plans: list[tuple[SkillCall, ...]] = []
        is_done = False
        try:
            errand = self._errand(task, scene)
            left = _left(errand, task, scene, operators)
            goal = task.goal or final_goal(errand.subgoals)
            is_done = not left and scene.holds(goal)
            if not is_done:
                plans = self._plans(errand, left, task, scene, operators)
        except (NotUnderstood, Question):
            plans = []
        usage = Usage(latency_s=time.monotonic() - begin)
        return Scores(scores=rate(candidates, plans, is_done=is_done, method=NAME), model=NAME, usage=usage)

    def _decompose(self, task: Task, scene: Scene, operators: Sequence[Operator]) -> Decomposition:
        sight = Sight.of(scene, self._catalogue, task.surprise)
        try:
            errand = self._errand(task, scene)
        except Question as question:
            return Decomposition(goal=None, question=question.question, options=question.options)
        except NotUnderstood as problem:
            return Decomposition(goal=None, not_understood=advise(str(problem), task.instruction, sight))
        left = _left(errand, task, scene, operators)
        if not errand.subgoals or not left:
            return Decomposition(goal=final_goal(errand.subgoals) if errand.subgoals else And())
        proposal = self._proposal(errand, left, sight, scene, operators)
        if proposal.steps is None:
            stuck = f"I understand, but see no way to do it: {proposal.reason}{_lost(proposal.reason, scene)}"
            return Decomposition(goal=None, not_understood=advise(stuck, task.instruction, sight))
        broken = errand.limits.broken_by(step.call for step in proposal.steps)
        if broken:
            stuck = f"I see no way to do it without {broken}, which you told me not to do"
            return Decomposition(goal=None, not_understood=advise(stuck, task.instruction, sight))
        earlier = [] if len(left) == len(errand.subgoals) else [final_goal(errand.subgoals)]
        return Decomposition(goal=conjunction([*earlier, proposal.goal]), steps=proposal.steps)

    def _errand(self, task: Task, scene: Scene) -> _Errand:
        """Return what the instruction means; once a run has begun, what it meant at its start."""
        key = (task.instruction, task.answer)
        is_new = not task.done and task.surprise is None and task.goal is None
        if key not in self._errands or is_new:
            self._errands[key] = self._understand(task, scene)
            if is_new:
                self._proposals.clear()
        return self._errands[key]

    def _understand(self, task: Task, scene: Scene) -> _Errand:
        sight = Sight.of(scene, self._catalogue)
        lexicon = self.lexicon_for(scene.fixtures)
        texts = [task.instruction]
        if task.answer and task.answer.strip().lower() not in _NO_ANSWER:
            spoken = task.answer.replace("_", " ")
            said = task.instruction.rstrip(" .!?")
            texts = [f"{said} on the {spoken}", f"{said} {spoken}", task.answer]
        for text in texts[:-1]:
            try:
                return _errand_of(read_instruction(text, lexicon), sight)
            except (NotUnderstood, Question):
                continue
        return _errand_of(read_instruction(texts[-1], lexicon), sight)

    def lexicon_for(self, fixtures: Mapping[str, Fixture]) -> Lexicon:
        """Return the lexicon for a home with these fixtures; built once."""
        key = tuple(sorted(fixtures))
        if key not in self._lexicons:
            self._lexicons[key] = build_lexicon(self._catalogue, fixtures)
        return self._lexicons[key]

    def _proposal(
        self,
        errand: _Errand,
        left: Sequence[Subgoal],
        sight: Sight,
        scene: Scene,
        operators: Sequence[Operator],
    ) -> Proposal:
        wanted = repr([(s.words, [p.wide for p in s.parts]) for s in left])
        key = (wanted, frozenset(sight.facts), sight.troubled, len(operators))
        if key not in self._proposals:
            self._proposals[key] = propose(left, sight, scene.universe, operators, start=errand.start)
        return self._proposals[key]

    def _plans(
        self,
        errand: _Errand,
        left: Sequence[Subgoal],
        task: Task,
        scene: Scene,
        operators: Sequence[Operator],
    ) -> list[tuple[SkillCall, ...]]:
        """Return plans for what is left, the preferred first, the others with another object each."""
        sight = Sight.of(scene, self._catalogue, task.surprise)
        plans = [self._proposal(errand, left, sight, scene, operators)]
        if left:
            chosen = {n for part in left[0].parts for n in best_option(part, sight)[0]}
            if any(len(part.options) > 1 for part in left[0].parts) and sight.held is None:
                other = replace(sight, troubled=sight.troubled | chosen)
                plans.append(self._proposal(errand, left, other, scene, operators))
        return [tuple(step.call for step in p.steps) for p in plans if p.steps is not None]


def _errand_of(understanding: Understanding, sight: Sight) -> _Errand:
    limits = limits_of(understanding, sight)
    return _Errand(subgoals=subgoals_of(understanding, sight), start=sight.facts, limits=limits)


def _lost(reason: str, scene: Scene) -> str:
    """Return which of the things that a reason names are nowhere, as a clause to add."""
    lost = [
        name
        for name in scene.items
        if name in reason and name != scene.held_item and place_of(scene.facts, name, scene.fixtures) is None
    ]
    return f"; no known place has {' and '.join(lost)}: on the floor, perhaps" if lost else ""


def _left(errand: _Errand, task: Task, scene: Scene, operators: Sequence[Operator]) -> tuple[Subgoal, ...]:
    """Return the subgoals that are not reached yet, by replaying what was done since the start."""
    by_name = {operator.name: operator for operator in operators}
    universe = scene.universe
    states: list[Facts] = [errand.start]
    for call in task.done:
        if call.skill in by_name:
            states.append(by_name[call.skill].apply(call.arguments, states[-1], universe))
    states.append(scene.facts)
    position = 0
    for state in states:
        while position < len(errand.subgoals) and _is_reached(errand.subgoals[position], state, universe):
            position += 1
    left = errand.subgoals[position:]
    if left or not errand.subgoals:
        return left
    goal = final_goal(errand.subgoals)
    if not holds(goal, scene.facts, universe):
        return tuple(
            s for s in errand.subgoals if not s.is_passing and not _is_reached(s, scene.facts, universe)
        )
    doors = doors_left_open(scene.facts, errand.start, goal)
    parts = tuple(place_part(Not(Atom("open", (door,))), f"door {door}") for door in doors)
    return (Subgoal(parts=parts, words="shut what I opened", frame="close"),) if parts else ()


def _is_reached(subgoal: Subgoal, facts: Facts, universe: Universe) -> bool:
    return all(holds(part.wide, facts, universe) for part in subgoal.parts)
