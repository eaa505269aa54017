"""The mode machine as a state machine: what is latched leaves only by its own act, and reset never moves."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from robots import Violation
from safety.motion import Mode, ModeMachine

CAUSES = st.sampled_from(["state", "people", "contact"])
WHY = Violation(rule="r", layer="tick", subject="s", measured=1.0, allowed=0.0)


class Modes(RuleBasedStateMachine):
    """A model of what people and sensors did, beside the machine."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[Mode] = []
        self.machine = ModeMachine(lambda mode, why: self.changes.append(mode))
        self.asked: dict[str, Mode] = {}
        self.is_pressed = False
        self.is_unarmed = False

    @rule(cause=CAUSES, mode=st.sampled_from([Mode.SLOW, Mode.HOLD, Mode.PROTECTIVE_STOP]))
    def something_is_wrong(self, cause: str, mode: Mode) -> None:
        self.machine.enter(cause, mode, WHY)
        old = self.asked.get(cause, Mode.RUN)
        self.asked[cause] = old if old is Mode.PROTECTIVE_STOP else mode

    @rule(cause=CAUSES)
    def it_is_right_again(self, cause: str) -> None:
        self.machine.clear(cause)
        if self.asked.get(cause) is not Mode.PROTECTIVE_STOP:
            self.asked.pop(cause, None)

    @rule()
    def press(self) -> None:
        self.machine.press_e_stop()
        self.is_pressed = True

    @rule()
    def reset(self) -> None:
        could_move = self.machine.may_move
        self.machine.reset()
        assert self.machine.may_move == could_move, "a reset never lets anything move"
        if self.is_pressed:
            self.is_pressed, self.is_unarmed = False, True

    @rule()
    def arm(self) -> None:
        self.machine.arm()
        if not self.is_pressed:
            self.is_unarmed = False

    @rule()
    def acknowledge(self) -> None:
        self.machine.acknowledge()
        self.asked = {c: m for c, m in self.asked.items() if m is not Mode.PROTECTIVE_STOP}

    @invariant()
    def the_strictest_holds(self) -> None:
        wanted = [*self.asked.values()]
        wanted += [Mode.E_STOP] if self.is_pressed else []
        wanted += [Mode.HOLD] if self.is_unarmed else []
        assert self.machine.mode == max(wanted, default=Mode.RUN)
        assert self.machine.may_move == (self.machine.mode <= Mode.SLOW)
        assert (self.machine.why is None) == (self.machine.mode is Mode.RUN)

    @invariant()
    def every_change_was_told(self) -> None:
        if self.changes:
            assert self.changes[-1] == self.machine.mode


Modes.TestCase.settings = settings(max_examples=500, stateful_step_count=50, deadline=None)
TestModes = Modes.TestCase
