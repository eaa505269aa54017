"""Room safety: the `Supervisor` of a home: contracts, the reviewed rules, and the guard of the motors.

Layer 2 simulates a plan over the rules, layer 3 looks once more before a step starts, layers 4 and 5 are the
guard. None of them is given the person's words or what a model reasoned.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from grounding import Fact, Facts, Formula, Scene, to_pddl
from robots import Robot, Violation
from skills import Contract, SkillCall

from .asked import is_asked_for
from .basic import MAX_SCENE_AGE_S, BasicSupervisor
from .ltl import Break, Monitor, State
from .motion import GuardedRobot, ModeMachine
from .motion.scene_clearance import around
from .realtime import RealtimeRobot
from .rulebook import Rulebook
from .verdict import Objection

_MOVES_FIXTURES = ("open", "close")
"""Skills during which a part of a fixture moves with the hand."""


class HouseholdSupervisor:
    """Denies what the contracts, the rules or the motion limits do not allow; keeps the trace of one run."""

    def __init__(
        self,
        contracts: Sequence[Contract],
        rulebook: Rulebook | None = None,
        *,
        max_scene_age_s: float = MAX_SCENE_AGE_S,
    ) -> None:
        """Load the rules; `begin` starts a run.

        Args:
            contracts: The closed set of skills that may run.
            rulebook: Rules; default is the shipped, locked ones.
            max_scene_age_s: Oldest scene on which a step may start, [s].

        Raises:
            RulebookError: If a rule file is missing, unreadable or not what was reviewed.
        """
        self._basic = BasicSupervisor(contracts, max_scene_age_s=max_scene_age_s)
        self._operators = {contract.name: contract.operator for contract in contracts}
        self.rulebook = Rulebook.load() if rulebook is None else rulebook
        self.modes = ModeMachine()
        """What may move at all; `press_e_stop`, `acknowledge`, `reset` and `arm` are for people."""
        self._monitor: Monitor | None = None
        self._guard: GuardedRobot | None = None
        self._realtime: RealtimeRobot | None = None
        self._timeouts = {contract.name: contract.timeout_s for contract in contracts}
        self._held_types: frozenset[str] = frozenset()

    def begin(self, scene: Scene) -> None:
        """Start a trace: what is already wrong in `scene` was found and not done, and binds nobody."""
        self._monitor = self.rulebook.monitor(scene.universe)
        self._monitor.step(State(frozenset(scene.facts)))

    def record(self, call: SkillCall, scene: Scene) -> tuple[Violation, ...]:
        """Take in what a call that was tried has led to; return the rules that it broke in fact."""
        found = self._running(scene).step(_state(call, scene.facts))
        return tuple(_violation(b, "world", str(call), None) for b in found)

    def review_plan(
        self, calls: Sequence[SkillCall], goal: Formula | None, scene: Scene
    ) -> tuple[Objection, ...]:
        """Simulate the plan; return the first step that breaks rules, else the duties left at its end."""
        unreadable = self._basic.review_plan(calls, goal, scene)
        if unreadable:
            return unreadable
        monitor, facts = self._running(scene).copy(), frozenset(scene.facts)
        monitor.step(State(facts))
        for index, call in enumerate(calls):
            before = monitor.copy()
            facts, changed = self._after(call, facts, scene)
            found = monitor.step(_state(call, facts))
            objections = _objections(before, found, call, index, facts, changed, goal)
            if objections:
                return objections
        return _owed(monitor, goal, "plan")

    def review_step(self, call: SkillCall, scene: Scene, now_s: float) -> tuple[Violation, ...]:
        """Deny what the contracts deny, and a step whose intended effect would break a rule."""
        found = self._basic.review_step(call, scene, now_s)
        if found:
            return found
        before = self._running(scene).copy()
        before.step(State(frozenset(scene.facts)))
        facts, changed = self._after(call, frozenset(scene.facts), scene)
        state, monitor = _state(call, facts), before.copy()
        broken = tuple(
            _violation(b, "step", str(call), before.remedy(b, state, changed))
            for b in monitor.step(state)
            if not b.rule.unless_asked
        )
        return broken or self._prepare(call, scene)

    def duties(self, goal: Formula | None, scene: Scene) -> tuple[Objection, ...]:
        """Return what would still be owed if the run ended in `scene`."""
        monitor = self._running(scene).copy()
        monitor.step(State(frozenset(scene.facts)))
        return _owed(monitor, goal, "end")

    def halted(self) -> Violation | None:
        """Return why nothing may move until a person acts; None when it may."""
        return self.modes.why if self.modes.needs_person else None

    def wait_for_state(self) -> Violation | None:
        """Stand until the guarded robot's state can be believed; return why not, when it cannot for long."""
        return self._guard.wait_for_state() if self._guard is not None else None

    def guard(self, robot: Robot, on_event: Callable[[Violation], None] | None = None) -> Robot:
        """Return a robot that filters every tick; it knows what the hand holds.

        A `RealtimeRobot` is filtered here and once more in its own process, which outlives this one.
        """
        self._realtime = robot if isinstance(robot, RealtimeRobot) else None
        self._guard = GuardedRobot(
            robot, modes=self.modes, held_types=lambda: self._held_types, on_event=on_event,
            clock=time.monotonic if self._realtime is not None else None,
        )  # fmt: skip
        return self._guard

    def _prepare(self, call: SkillCall, scene: Scene) -> tuple[Violation, ...]:
        """Tell the guard what is, or is about to be, in the hand; return why a real-time robot is not ready.

        Motions are numbered anew.
        """
        names = [scene.held_item, *(call.arguments if call.skill == "pick" else ())]
        is_moved = call.skill in _MOVES_FIXTURES
        spared = {n for n in call.arguments if is_moved or n in scene.items} | {scene.held_item or ""}
        types = [scene.universe.types.get(name, frozenset()) for name in names if name is not None]
        self._held_types = frozenset().union(*types)
        timeout_s = self._timeouts[call.skill]
        if self._guard is not None:
            self._guard.begin_step(timeout_s, around(scene, spared))
        if self._realtime is not None:
            return self._realtime.begin_step(timeout_s, self._held_types).violations
        return ()

    def _running(self, scene: Scene) -> Monitor:
        if self._monitor is None:
            self.begin(scene)
        assert self._monitor is not None
        return self._monitor

    def _after(
        self, call: SkillCall, facts: frozenset[Fact], scene: Scene
    ) -> tuple[frozenset[Fact], frozenset[Fact]]:
        """Return the facts after a call that does what it promises, and the facts that it touches."""
        added, deleted = self._operators[call.skill].changes(call.arguments, facts, scene.universe)
        return frozenset((facts - deleted) | added), added | deleted


def _state(call: SkillCall, facts: Facts) -> State:
    """Return the state that a call led to: the facts, and that it was done."""
    return State(frozenset({*facts, ("did", call.skill, *call.arguments)}))


def _objections(
    before: Monitor,
    found: Sequence[Break],
    call: SkillCall,
    index: int,
    facts: frozenset[Fact],
    changed: frozenset[Fact],
    goal: Formula | None,
) -> tuple[Objection, ...]:
    objections = []
    for broken in found:
        remedy = before.remedy(broken, _state(call, facts), changed)
        if broken.rule.unless_asked and is_asked_for(goal, remedy, changed & facts):
            continue
        violation = _violation(broken, "plan", str(call), remedy)
        objections.append(Objection(violation=violation, index=index, call=call, remedy=remedy))
    return tuple(objections)


def _owed(monitor: Monitor, goal: Formula | None, layer: str) -> tuple[Objection, ...]:
    objections = []
    for owed in monitor.owed():
        remedy = monitor.remedy_at_end(owed)
        if not (owed.rule.unless_asked and is_asked_for(goal, remedy)):
            violation = _violation(owed, layer, owed.subject, remedy)
            objections.append(Objection(violation=violation, remedy=remedy))
    return tuple(objections)


def _violation(broken: Break, layer: str, subject: str, remedy: Formula | None) -> Violation:
    rule = broken.rule
    return Violation(
        rule=rule.name,
        layer=layer,
        subject=subject,
        measured=broken.subject,
        allowed=to_pddl(remedy) if remedy is not None else "",
        reason=f"{rule.text.rstrip('.')}, because {rule.reason}",
    )
