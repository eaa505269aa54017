"""Random rules and traces over three facts and one predicate of two things."""

from __future__ import annotations

from hypothesis import strategies as st

from grounding import Fact, Universe
from grounding.formula_parser import Node
from safety.ltl import Monitor, Rule, State

NAMES = {"thing": ("a", "b")}
HOME = Universe({name: frozenset({"thing"}) for name in NAMES["thing"]})
FACTS: list[Fact] = [("p",), ("q",), ("r",), ("s", "a"), ("s", "b")]
ONE = ("not", "always", "eventually", "next", "weak-next")
TWO = ("and", "or", "imply", "until", "release", "weak-until")
DECLARED: list[Node] = ["?x", "-", "thing"]


def _over(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    counted = st.tuples(st.just("exactly"), st.sampled_from("012"), st.just(DECLARED), inner)
    return st.one_of(
        st.tuples(st.sampled_from(ONE), inner).map(list),
        st.tuples(st.sampled_from(TWO), inner, inner).map(list),
        st.tuples(st.sampled_from(("forall", "exists")), st.just(DECLARED), inner).map(list),
        counted.map(list),
    )


_ATOMS: list[Node] = [["p"], ["q"], ["r"], ["s", "a"]]
_OPEN: list[Node] = [*_ATOMS, ["s", "?x"], ["=", "?x", "a"]]


def _closed(node: Node) -> Node:
    """Return the formula with a quantifier around what is still free."""
    return ["exists", DECLARED, node]


formulas: st.SearchStrategy[Node] = st.one_of(
    st.recursive(st.sampled_from(_ATOMS), _over, max_leaves=6),
    st.recursive(st.sampled_from(_OPEN), _over, max_leaves=5).map(_closed),
)
facts = st.frozensets(st.sampled_from(FACTS))
known_states = facts.map(State)
states = st.one_of(known_states, st.builds(State, facts, facts))
"""Half of them with facts that are unknown."""
traces = st.lists(states, min_size=1, max_size=6)


def rule(formula: Node, **changes: object) -> Rule:
    """Return a rule of this formula."""
    fields = {"name": "r", "text": "", "reason": "", "severity": "veto", "source": "", **changes}
    return Rule(formula=formula, **fields)  # type: ignore[arg-type]  # a test's own fields


def first_break(formula: Node, trace: list[State]) -> tuple[int | None, bool]:
    """Return the index of the state that breaks the rule, if one does, and whether the trace keeps it."""
    monitor = Monitor([rule(formula)], HOME)
    for index, state in enumerate(trace):
        if monitor.step(state):
            return index, False
    return None, monitor.is_kept_if_ended()
