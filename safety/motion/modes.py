"""Room safety: what the robot may do at all: run, run slowly, hold, or stay stopped until a person acts."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from robots import Violation


class Mode(IntEnum):
    """From free to strict; the strictest that anything asks for holds."""

    RUN = 0
    SLOW = 1
    """The tool moves at 250 mm/s at most."""
    HOLD = 2
    """At rest, powered; goes on by itself when the cause is gone."""
    PROTECTIVE_STOP = 3
    """At rest until a person acknowledges."""
    E_STOP = 4
    """At rest until a person resets, and then arms in a separate act."""


LATCHED = (Mode.PROTECTIVE_STOP, Mode.E_STOP)
E_STOP_CAUSE, UNARMED_CAUSE = "emergency stop", "not armed"


class ModeMachine:
    """Remembers every cause for less than RUN; the stops stay when their cause goes.

    Nothing in here moves anything, and neither reset nor acknowledgement ever starts motion: a command has to
    come after it.
    """

    def __init__(self, on_change: Callable[[Mode, Violation | None], None] | None = None) -> None:
        """Start in RUN.

        Args:
            on_change: Told of every new mode, with the violation that decided it.
        """
        self._causes: dict[str, tuple[Mode, Violation]] = {}
        self._on_change = on_change

    @property
    def mode(self) -> Mode:
        """Return the strictest mode that something asks for."""
        return max((mode for mode, _ in self._causes.values()), default=Mode.RUN)

    @property
    def why(self) -> Violation | None:
        """Return what decided the mode; None in RUN."""
        return max(self._causes.values(), key=lambda c: c[0], default=(Mode.RUN, None))[1]

    @property
    def may_move(self) -> bool:
        """Return whether a command may be executed."""
        return self.mode <= Mode.SLOW

    @property
    def needs_person(self) -> bool:
        """Return whether only a person can end the present mode."""
        return self.mode in LATCHED or UNARMED_CAUSE in self._causes

    def enter(self, cause: str, mode: Mode, why: Violation) -> None:
        """Let `cause` ask for `mode`; a stop that is latched stays as strict as it was."""
        old = self._causes.get(cause)
        if old is None or old[0] not in LATCHED or mode > old[0]:
            self._change({**self._causes, cause: (mode, why)})

    def clear(self, cause: str) -> None:
        """Say that a cause is gone; stops stay."""
        if cause in self._causes and self._causes[cause][0] not in LATCHED and cause != UNARMED_CAUSE:
            self._change({c: v for c, v in self._causes.items() if c != cause})

    def press_e_stop(self, why: str = "the emergency stop was pressed") -> None:
        """Stop until reset and armed."""
        self.enter(E_STOP_CAUSE, Mode.E_STOP, _violation("emergency_stop", why))

    def acknowledge(self) -> None:
        """A person has seen what caused the protective stops; an emergency stop stays."""
        self._change({c: v for c, v in self._causes.items() if v[0] != Mode.PROTECTIVE_STOP})

    def reset(self) -> None:
        """A person releases the emergency stop: from now on only `arm` is missing. Nothing moves."""
        if E_STOP_CAUSE in self._causes:
            kept = {c: v for c, v in self._causes.items() if c != E_STOP_CAUSE}
            why = _violation("armed", "the emergency stop was reset and the robot not armed again")
            self._change({**kept, UNARMED_CAUSE: (Mode.HOLD, why)})

    def arm(self) -> None:
        """A person lets the robot move again after a reset; without one, nothing happens."""
        if E_STOP_CAUSE not in self._causes:
            self._change({c: v for c, v in self._causes.items() if c != UNARMED_CAUSE})

    def _change(self, causes: dict[str, tuple[Mode, Violation]]) -> None:
        before = self.mode
        self._causes = causes
        if self.mode != before and self._on_change is not None:
            self._on_change(self.mode, self.why)


def _violation(rule: str, reason: str) -> Violation:
    return Violation(
        rule=rule, layer="mode", subject="the robot", measured="stopped", allowed="", reason=reason
    )
