"""Room safety: watch a trace with one residual per instance of a rule, so that a veto names both.

An instance that broke is watched again from the first state that does not break it by itself: a hazard that
stays is reported once, and one that comes back is reported again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grounding import Fact, Formula, Universe

from .automaton import FALSE, NEVER, TRUE, Automaton, State
from .mending import Mender
from .rule import Break, Rule
from .syntax import ground

MOST_FORMULAS = 100_000
"""When a table has grown to so many formulas, those still in use move to a new one."""


class Monitor:
    """Progresses every rule through a trace."""

    def __init__(self, rules: Sequence[Rule], universe: Universe) -> None:
        """Ground the rules over the names of a scene; the trace is empty."""
        self._automaton = Automaton()
        self._instances: list[tuple[Rule, dict[str, str]]] = []
        self._first: list[int] = []
        """What each instance asks of a trace that begins."""
        for rule in rules:
            for binding in universe.bindings(rule.variables):
                formula = ground(rule.formula, self._automaton, universe, binding)
                if formula != TRUE:
                    self._instances.append((rule, binding))
                    self._first.append(formula)
        self._residuals = list(self._first)
        self._watchers = self._indexed()
        self._moving = set(range(len(self._residuals)))
        """Instances whose residual may change although none of their atoms does."""
        self._before: dict[int, int] = {}
        """Residuals before the newest state, where it changed them."""
        self._state: State | None = None

    def copy(self) -> Monitor:
        """Return a monitor that goes on by itself from here."""
        other = object.__new__(Monitor)
        other.__dict__.update(self.__dict__)
        other._residuals, other._moving = list(self._residuals), set(self._moving)
        other._before = dict(self._before)
        return other

    @property
    def size(self) -> int:
        """Return how many instances are watched."""
        return len(self._residuals)

    @property
    def table_size(self) -> int:
        """Return how many different formulas have come up."""
        return self._automaton.size

    def step(self, state: State) -> tuple[Break, ...]:
        """Take in the next state; return the instances that it breaks, however the trace goes on."""
        if self._automaton.size > MOST_FORMULAS:
            self._move_to_new_table()
        touched = set(self._moving)
        for fact in self._changed(state):
            touched.update(self._watchers.get(fact, ()))
        broken, moving, before = [], set[int](), dict[int, int]()
        for index in sorted(touched):
            old = self._residuals[index]
            base = self._first[index] if old == FALSE else old
            new = self._after(base, state)
            if new == FALSE and (old != FALSE or (base == FALSE and self._state is None)):
                broken.append(self._break(index, ()))
            if new != old:
                self._residuals[index], before[index] = new, base
                moving.add(index)
        self._before, self._moving, self._state = before, moving, state
        return tuple(broken)

    def owed(self) -> tuple[Break, ...]:
        """Return the instances that are not broken yet and would be if the trace ended now."""
        if self._state is None:
            return ()
        mender, found = Mender(self._automaton), []
        for index, residual in enumerate(self._residuals):
            if residual not in (TRUE, FALSE) and not self._is_kept_at_end(index, self._state):
                found.append(self._break(index, mender.continuation(residual, self._state)))
        return tuple(found)

    def is_kept_if_ended(self) -> bool:
        """Return whether the trace, if it ended with the newest state, would keep what is not broken yet."""
        state = self._state
        return state is None or all(self._is_kept_at_end(i, state) for i in range(len(self._residuals)))

    def remedy(self, found: Break, state: State, changed: frozenset[Fact]) -> Formula | None:
        """Return the fewest facts that, changed before `state`, would have kept this monitor's rule whole.

        Args:
            found: A break that the next step of this monitor reports for `state`.
            state: The state that breaks it.
            changed: Facts that the step itself made or unmade, which nobody can change beforehand.
        """
        residual = self._residuals[found.instance]
        base = self._first[found.instance] if residual == FALSE else residual
        return Mender(self._automaton).remedy(base, state, changed, is_last=False)

    def remedy_at_end(self, found: Break) -> Formula | None:
        """Return the fewest facts that, changed in the newest state, would let the trace end there."""
        assert self._state is not None
        residual = self._before.get(found.instance, self._residuals[found.instance])
        return Mender(self._automaton).remedy(residual, self._state, frozenset(), is_last=True)

    def _after(self, formula: int, state: State) -> int:
        """Return the residual; what is kept only by a trace that ends here breaks with the next state."""
        truths = self._automaton.truths(formula, state)
        new = self._automaton.progress(formula, truths)
        return NEVER if new == FALSE and self._automaton.holds_at_end(formula, truths) else new

    def _is_kept_at_end(self, index: int, state: State) -> bool:
        formula = self._before.get(index, self._residuals[index])
        return self._automaton.holds_at_end(formula, self._automaton.truths(formula, state))

    def _changed(self, state: State) -> Iterable[Fact]:
        old = self._state
        if old is None:
            return self._watchers
        if not (old.unknown or state.unknown):
            return old.facts ^ state.facts
        return (old.facts ^ state.facts) | (old.unknown ^ state.unknown)

    def _indexed(self) -> dict[Fact, list[int]]:
        watchers: dict[Fact, list[int]] = {}
        for index, formula in enumerate(self._first):
            for fact in self._automaton.atoms(formula):
                watchers.setdefault(fact, []).append(index)
        return watchers

    def _break(self, index: int, continuation: tuple[Formula, ...]) -> Break:
        rule, binding = self._instances[index]
        return Break(rule=rule, binding=binding, instance=index, continuation=continuation)

    def _move_to_new_table(self) -> None:
        """Forget formulas that came up and are not in use; copies keep the old table."""
        old, new = self._automaton, Automaton()
        self._first = [new.adopt(old, formula) for formula in self._first]
        self._residuals = [new.adopt(old, formula) for formula in self._residuals]
        self._before = {index: new.adopt(old, formula) for index, formula in self._before.items()}
        self._automaton = new
