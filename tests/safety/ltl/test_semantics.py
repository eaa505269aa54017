"""The monitor is the textbook semantics: of a trace, of its prefixes, and of how it could go on."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grounding import holds as holds_in
from grounding.formula_parser import Node
from safety.ltl import Monitor, State
from tests.fakes.ltl_brute_force import fails, holds
from tests.fakes.ltl_formulas import FACTS, HOME, NAMES, first_break, formulas, known_states, rule, traces

known_traces = st.lists(known_states, min_size=1, max_size=6)


@settings(max_examples=800, deadline=None)
@given(formulas, traces)
def test_a_trace_keeps_a_rule_exactly_when_the_textbook_says_so(formula: Node, trace: list[State]) -> None:
    broken_at, is_kept = first_break(formula, trace)
    assert is_kept == holds(trace, formula, names=NAMES)
    if broken_at is not None:
        assert not holds(trace[: broken_at + 1], formula, names=NAMES)


@settings(max_examples=300, deadline=None)
@given(formulas, known_traces, known_traces)
def test_what_is_broken_stays_broken_however_the_trace_goes_on(
    formula: Node, trace: list[State], more: list[State]
) -> None:
    broken_at, _ = first_break(formula, trace)
    if broken_at is not None:
        assert not holds(trace[: broken_at + 1] + more, formula, names=NAMES)


@settings(max_examples=300, deadline=None)
@given(formulas, known_traces)
def test_without_unknowns_the_referee_agrees_with_itself(formula: Node, trace: list[State]) -> None:
    assert holds(trace, formula, names=NAMES) != fails(trace, formula, names=NAMES)


@settings(max_examples=300, deadline=None)
@given(formulas, known_traces)
def test_a_continuation_keeps_the_rule_and_no_shorter_one_does(formula: Node, trace: list[State]) -> None:
    monitor = Monitor([rule(formula)], HOME)
    if any(monitor.step(state) for state in trace):
        return
    for owed in monitor.owed():
        if not owed.continuation:
            continue
        states, now = list(trace), trace[-1].facts
        for wanted in owed.continuation:
            now = next(f for f in _nearest(now) if holds_in(wanted, f, HOME))
            states.append(State(now))
        assert holds(states, formula, names=NAMES)
        if len(owed.continuation) == 2:
            assert not any(holds([*trace, State(f)], formula, names=NAMES) for f in _subsets())


@settings(max_examples=300, deadline=None)
@given(formulas, known_traces)
def test_a_remedy_would_have_kept_the_rule(formula: Node, trace: list[State]) -> None:
    monitor = Monitor([rule(formula)], HOME)
    for index, state in enumerate(trace):
        before = monitor.copy()
        for broken in monitor.step(state):
            remedy = before.remedy(broken, state, frozenset())
            if remedy is not None:
                mended = next(f for f in _nearest(state.facts) if holds_in(remedy, f, HOME))
                assert len(mended ^ state.facts) <= 2
                assert before.copy().step(State(mended)) == ()
            return
        if index == len(trace) - 1:
            for owed in monitor.owed():
                remedy = monitor.remedy_at_end(owed)
                if remedy is not None:
                    mended = next(f for f in _nearest(state.facts) if holds_in(remedy, f, HOME))
                    assert holds([*trace[:-1], State(mended)], formula, names=NAMES)


def _subsets() -> list[frozenset[tuple[str, ...]]]:
    return [frozenset(f for i, f in enumerate(FACTS) if bits >> i & 1) for bits in range(2 ** len(FACTS))]


def _nearest(now: frozenset[tuple[str, ...]]) -> list[frozenset[tuple[str, ...]]]:
    return sorted(_subsets(), key=lambda facts: (len(facts ^ now), sorted(facts)))
