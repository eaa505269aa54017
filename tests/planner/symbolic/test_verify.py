"""A failing plan is told with the exact unmet part, in words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding import And, Atom, Equal, Exists, ForAll, Formula, Imply, Not, Or, Universe, Variable, holds
from planner.symbolic import explain_unmet


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ("pick apple_1", "step 1, pick(apple_1): the robot must be at close_counter, but it is at operator"),
        ("go_to table; pick coke_can_1; pick bowl_1", "gripper must be empty, but it holds coke_can_1"),
        ("go_to fridge; pick sevenup_can_1", "step 2, pick(sevenup_can_1): fridge must be open"),
        ("go_to table; place apple_1 table", "the gripper must hold apple_1, but it is empty"),
        ("pikc apple_1", "there is no 'pikc'; nearest: pick"),
        ("pick aple_1", "there is no 'aple_1'; nearest: apple_1"),
        ("pick table", "table is no item"),
        ("pick", "it takes 1 arguments (item), found 0"),
        ("go_to table", "the goal does not hold: apple_1 must be on table, but it is on close_counter"),
    ],
)
def test_the_reason_is_exact(small_kitchen: Any, plan: Callable[..., Any], steps: str, says: str) -> None:
    result = small_kitchen.verify(plan(steps), "(on apple_1 table)")
    assert not result.is_success
    assert says in result.reason


def test_a_good_plan_shows_every_state(small_kitchen: Any, plan: Callable[..., Any]) -> None:
    steps = plan("go_to close_counter; pick apple_1; go_to table; place apple_1 table")
    result = small_kitchen.verify(steps, "(on apple_1 table)")
    assert result.is_success and len(result.states) == 5
    assert ("holding", "apple_1") in result.states[2] and ("on", "apple_1", "table") in result.final_facts


UNIVERSE = Universe({"a": frozenset({"item"}), "b": frozenset({"item"}), "c": frozenset({"place"})})
_X = Variable("?x", ("item",))
FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    st.one_of(
        st.builds(lambda t: Atom("p", (t,)), st.sampled_from("abc")),
        st.builds(lambda t: Atom("q", (t, "?x")), st.sampled_from("abc")),
        st.builds(Equal, st.sampled_from(["a", "?x"]), st.sampled_from("ab")),
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: And(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(lambda parts: Or(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(Imply, inner, inner),
        st.builds(lambda body: Exists((_X,), body), inner),
        st.builds(lambda body: ForAll((_X,), body), inner),
    ),
    max_leaves=8,
)
FACTS = st.frozensets(
    st.sampled_from([("p", "a"), ("p", "b"), ("q", "a", "b"), ("q", "b", "a"), ("q", "c", "a")])
)


@given(FORMULAS, FACTS, st.sampled_from("ab"))
def test_something_is_said_exactly_when_it_does_not_hold(
    formula: Formula, facts: frozenset[tuple[str, ...]], name: str
) -> None:
    binding = {"?x": name}
    assert (explain_unmet(formula, facts, UNIVERSE, binding) == ()) == holds(
        formula, facts, UNIVERSE, binding
    )
