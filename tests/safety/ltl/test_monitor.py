"""The monitor against the textbook, and what it says of a trace."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from grounding import Universe, parse_formula, to_pddl
from grounding.formula_parser import Node, parse_variables, read_expression
from safety.ltl import Monitor, Rule, State
from tests.fakes.ltl_brute_force import satisfies

ATOMS = [["p"], ["q"], ["r"]]
FACTS = [("p",), ("q",), ("r",)]
ONE, TWO = ("not", "always", "eventually", "next", "weak-next"), (
    "and", "or", "imply", "until", "release", "weak-until",
)  # fmt: skip
HOME = Universe({"fridge": frozenset({"openable"}), "drawer": frozenset({"openable"})})

formulas: st.SearchStrategy[Node] = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(ONE), inner).map(list),
        st.tuples(st.sampled_from(TWO), inner, inner).map(list),
    ),
    max_leaves=6,
)
traces = st.lists(st.frozensets(st.sampled_from(FACTS)), min_size=1, max_size=6)


def rule(formula: str | Node, variables: str = "") -> Rule:
    node = read_expression(formula) if isinstance(formula, str) else formula
    return Rule(
        name="r",
        text="",
        reason="",
        severity="veto",
        formula=node,
        source="",
        variables=parse_variables(variables),
    )


def state(*facts: str) -> State:
    return State(frozenset(tuple(fact.split()) for fact in facts))


def is_kept(formula: Node, trace: list[frozenset[tuple[str, ...]]]) -> bool:
    monitor = Monitor([rule(formula)], Universe({}))
    if any(monitor.step(State(facts)) for facts in trace[:-1]):
        return False
    monitor.step(State(trace[-1]))
    return monitor.is_kept_if_ended()


@settings(max_examples=1500, deadline=None)
@given(formulas, traces)
def test_progression_is_the_textbook_semantics(
    formula: Node, trace: list[frozenset[tuple[str, ...]]]
) -> None:
    assert is_kept(formula, trace) == satisfies(trace, formula)


def test_a_break_names_rule_and_things_and_only_once() -> None:
    closed = rule("(always (imply (did open ?c) (eventually (not (open ?c)))))", "?c - openable")
    never = rule("(always (not (hot ?c)))", "?c - openable")
    monitor = Monitor([closed, never], HOME)
    assert monitor.step(state("did open fridge", "open fridge")) == ()
    (owed,) = monitor.owed()
    assert owed.subject == "fridge" and [to_pddl(f) for f in owed.continuation] == ["(not (open fridge))"]
    (broken,) = monitor.step(state("open fridge", "hot drawer"))
    assert (broken.rule, broken.subject) == (never, "drawer")
    assert monitor.step(state("open fridge", "hot drawer")) == ()
    monitor.step(state())
    assert monitor.owed() == ()


def test_the_remedy_is_the_fewest_facts_that_the_step_does_not_make() -> None:
    clear = rule("(always (imply (did wipe ?s) (not (exists (?f - openable) (on ?f ?s)))))", "?s - openable")
    monitor = Monitor([clear], HOME)
    monitor.step(state())
    before, after = monitor.copy(), state("did wipe drawer", "on fridge drawer", "wiped drawer")
    (broken,) = monitor.step(after)
    remedy = before.remedy(broken, after, frozenset({("did", "wipe", "drawer"), ("wiped", "drawer")}))
    assert remedy == parse_formula("(not (on fridge drawer))")
    assert before.remedy(broken, after, after.facts) is None, "nothing is left that could be changed"


def test_what_is_unknown_counts_as_the_worse() -> None:
    for formula in ("(always (not (p)))", "(always (p))"):
        monitor = Monitor([rule(formula)], HOME)
        assert monitor.step(State(frozenset(), unknown=frozenset({("p",)})))


def test_a_copy_goes_its_own_way() -> None:
    monitor = Monitor([rule("(always (imply (p) (eventually (q))))")], HOME)
    monitor.step(state())
    other = monitor.copy()
    other.step(state("p"))
    assert other.owed() and not monitor.owed()
    monitor.step(state("q"))
    assert not monitor.owed() and other.owed()


def test_residuals_stay_small_on_a_long_trace() -> None:
    pick = random.Random(0)
    texts = ["(always (imply (p) (eventually (and (q) (next (r))))))", "(always (until (or (p) (q)) (r)))"]
    monitor = Monitor([rule(text) for text in texts], HOME)
    for _ in range(3000):
        monitor.step(State(frozenset(f for f in FACTS if pick.random() < 0.5)))
    assert monitor.table_size < 200


def test_an_empty_trace_owes_nothing() -> None:
    assert Monitor([rule("(eventually (p))")], HOME).owed() == ()
