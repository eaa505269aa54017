"""Room safety: watch a trace with one residual per instance of a rule, so that a veto names both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product

from grounding import And, Atom, Fact, Formula, Not, Universe

from .automaton import FALSE, TRUE, Automaton, State, Truths
from .rule import Break, Rule
from .syntax import DID, ground

MOST_FLIPS = 2
"""A remedy changes at most so many facts."""
MOST_ATOMS, LONGEST = 8, 3
"""Continuations are searched for over so many atoms and further states."""


class Monitor:
    """Progresses every rule through a trace."""

    def __init__(self, rules: Sequence[Rule], universe: Universe) -> None:
        """Ground the rules over the names of a scene; the trace is empty."""
        self._automaton = Automaton()
        self._instances: list[tuple[Rule, dict[str, str]]] = []
        self._residuals: list[int] = []
        for rule in rules:
            for binding in universe.bindings(rule.variables):
                formula = ground(rule.formula, self._automaton, universe, binding)
                if formula != TRUE:
                    self._instances.append((rule, binding))
                    self._residuals.append(formula)
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
        """Take in the next state; return the instances that no trace which goes on from it can keep."""
        touched = set(self._moving)
        for fact in self._changed(state):
            touched.update(self._watchers.get(fact, ()))
        broken, moving, self._before = [], set(), {}
        for index in sorted(touched):
            old = self._residuals[index]
            if old == FALSE and self._state is None:
                broken.append(self._break(index, ()))  # nothing could ever keep it
            if old in (TRUE, FALSE):
                continue
            new = self._automaton.progress(old, self._automaton.truths(old, state))
            if new != old:
                self._residuals[index], self._before[index] = new, old
                moving.add(index)
                if new == FALSE:
                    broken.append(self._break(index, ()))
        self._moving, self._state = moving, state
        return tuple(broken)

    def is_kept_if_ended(self) -> bool:
        """Return whether the trace, if it ended with the newest state, would keep every rule."""
        if self._state is None:
            return True
        before = [self._before.get(i, r) for i, r in enumerate(self._residuals)]
        truths = [self._automaton.truths(formula, self._state) for formula in before]
        return all(self._automaton.holds_at_end(f, t) for f, t in zip(before, truths, strict=True))

    def owed(self) -> tuple[Break, ...]:
        """Return the instances that are not broken yet and would be if the trace ended now."""
        if self._state is None:
            return ()
        found = []
        for index, residual in enumerate(self._residuals):
            before = self._before.get(index, residual)
            if residual == FALSE or before in (TRUE, FALSE):
                continue
            if not self._automaton.holds_at_end(before, self._automaton.truths(before, self._state)):
                found.append(self._break(index, self._continuation(residual, self._state)))
        return tuple(found)

    def remedy(self, found: Break, state: State, changed: frozenset[Fact]) -> Formula | None:
        """Return the fewest facts that, changed before `state`, would have kept this monitor's rule whole.

        Args:
            found: A break that the next step of this monitor reports for `state`.
            state: The state that breaks it.
            changed: Facts that the step itself made or unmade, which nobody can change beforehand.
        """
        residual = self._residuals[found.instance]
        return self._flips(
            residual, state, changed, lambda truths: self._automaton.progress(residual, truths) != FALSE
        )

    def remedy_at_end(self, found: Break) -> Formula | None:
        """Return the fewest facts that, changed in the newest state, would let the trace end there."""
        assert self._state is not None
        residual = self._before.get(found.instance, self._residuals[found.instance])
        return self._flips(
            residual, self._state, frozenset(), lambda truths: self._automaton.holds_at_end(residual, truths)
        )

    def _changed(self, state: State) -> Iterable[Fact]:
        old = self._state
        if old is None:
            return self._watchers
        return (old.facts ^ state.facts) | (old.unknown ^ state.unknown)

    def _indexed(self) -> dict[Fact, list[int]]:
        watchers: dict[Fact, list[int]] = {}
        for index, formula in enumerate(self._residuals):
            for fact in self._automaton.atoms(formula):
                watchers.setdefault(fact, []).append(index)
        return watchers

    def _break(self, index: int, continuation: tuple[Formula, ...]) -> Break:
        rule, binding = self._instances[index]
        return Break(rule=rule, binding=binding, instance=index, continuation=continuation)

    def _flips(
        self, residual: int, state: State, changed: frozenset[Fact], is_good: Callable[[Truths], bool]
    ) -> Formula | None:
        atoms = self._automaton.atoms(residual)
        truths = self._automaton.truths(residual, state)
        free = [i for i, fact in enumerate(atoms) if fact[0] != DID and fact not in changed]
        for count in range(1, MOST_FLIPS + 1):
            for chosen in combinations(free, count):
                flipped = tuple(1 - min(t, 1) if i in chosen else t for i, t in enumerate(truths))
                if is_good(flipped):
                    return _literals((atoms[i], flipped[i]) for i in chosen)
        return None

    def _continuation(self, residual: int, state: State) -> tuple[Formula, ...]:
        """Search breadth first, fewest changes first, for further states that end the trace well."""
        frontier: list[tuple[int, tuple[Formula, ...]]] = [(residual, ())]
        for _ in range(LONGEST):
            following: list[tuple[int, tuple[Formula, ...]]] = []
            for formula, path in frontier:
                atoms = self._automaton.atoms(formula)
                now = tuple(min(t, 1) for t in self._automaton.truths(formula, state))
                for truths in _by_distance(now):
                    said = _literals((a, t) for a, t, n in zip(atoms, truths, now, strict=True) if t != n)
                    if self._automaton.holds_at_end(formula, truths):
                        return (*path, said)
                    rest = self._automaton.progress(formula, truths)
                    if rest not in (FALSE, formula):
                        following.append((rest, (*path, said)))
            frontier = following
        return ()


def _by_distance(now: Truths) -> list[Truths]:
    """Return every assignment, those nearest to `now` first; only `now` when there are too many."""
    if len(now) > MOST_ATOMS:
        single = (tuple(1 - t if i == k else t for i, t in enumerate(now)) for k in range(len(now)))
        return [now, *single]
    every = product((0, 1), repeat=len(now))
    return sorted(every, key=lambda t: sum(a != b for a, b in zip(t, now, strict=True)))


def _literals(facts: Iterable[tuple[Fact, int]]) -> Formula:
    parts: list[Formula] = []
    for fact, truth in facts:
        atom = Atom(fact[0], fact[1:])
        parts.append(atom if truth == 1 else Not(atom))
    return parts[0] if len(parts) == 1 else And(tuple(parts))
