"""Grounding loses nothing: conditions, effects and reachability agree with the plain semantics."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding import (
    And,
    Atom,
    Effect,
    Equal,
    Exactly,
    Exists,
    Fact,
    ForAll,
    Formula,
    Imply,
    Not,
    Operator,
    Or,
    Variable,
    holds,
)
from planner.symbolic import find_plan, verify_plan
from planner.symbolic.conditions import condition
from planner.symbolic.task import SuccessorIndex, Task
from tests.fakes.random_domain import ALL_FACTS, UNIVERSE, RandomDomain, random_domain

_X, _Y = Variable("?x", ("thing",)), Variable("?y", ("thing",))
_ATOMS = (Atom("p0"), Atom("p1", ("?x",)), Atom("p2", ("?x",)))
TOGGLES = tuple(
    Operator(f"{word}-{atom.predicate}", (_X,), And(), (Effect(atom, word == "add"),))
    for atom in _ATOMS
    for word in ("add", "cut")
)
"""Actions that can make any fact true or false, so that no fact is simplified away."""

FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    st.one_of(
        st.just(Atom("p0")),
        st.builds(lambda p, t: Atom(p, (t,)), st.sampled_from(["p1", "p2"]), st.sampled_from("abc")),
        st.builds(lambda a, b: Equal(a, b), st.sampled_from("ab"), st.sampled_from("bc")),
        st.builds(lambda p: Exists((_X,), Atom(p, ("?x",))), st.sampled_from(["p1", "p2"])),
        st.builds(lambda p: ForAll((_X, _Y), Or((Atom(p, ("?x",)), Equal("?x", "?y")))), st.just("p1")),
        st.builds(lambda n: Exactly(n, _X, And(_ATOMS[1:])), st.integers(0, 3)),
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: And(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(lambda parts: Or(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(Imply, inner, inner),
    ),
    max_leaves=10,
)


@given(FORMULAS, st.frozensets(st.sampled_from(ALL_FACTS)), st.frozensets(st.sampled_from(ALL_FACTS)))
def test_a_compiled_formula_is_true_when_the_formula_is(
    formula: Formula, start: frozenset[Fact], facts: frozenset[Fact]
) -> None:
    task = Task(start, UNIVERSE, TOGGLES)
    compiled = condition(task.compile_goal(formula))
    assert compiled.holds(task.state_of(facts)) == holds(formula, facts, UNIVERSE)


def reachable(domain: RandomDomain) -> dict[frozenset[Fact], int]:
    """Return every reachable state with the length of its shortest plan, by plain breadth-first search."""
    found = {domain.facts: 0}
    queue = [domain.facts]
    for state in queue:
        for operator, name in product(domain.operators, "abc"):
            if operator.is_applicable((name,), state, UNIVERSE):
                after = operator.apply((name,), state, UNIVERSE)
                if after not in found:
                    found[after] = found[state] + 1
                    queue.append(after)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_is_found_exactly_when_there_is_one(seed: int) -> None:
    domain = random_domain(np.random.default_rng(seed))
    lengths = [n for state, n in reachable(domain).items() if holds(domain.goal, state, UNIVERSE)]
    found = find_plan(domain.goal, domain.facts, UNIVERSE, domain.operators, time_limit_s=20.0)
    assert found.is_success == bool(lengths)
    assert found.is_unsolvable == (not lengths)
    if found.steps is not None:
        assert verify_plan(found.steps, domain.goal, domain.facts, UNIVERSE, domain.operators).is_success
        assert min(lengths) <= len(found.steps) <= min(lengths) + 2


@pytest.mark.parametrize("seed", range(20))
def test_successors_are_those_of_the_plain_semantics(seed: int) -> None:
    domain = random_domain(np.random.default_rng(1000 + seed))
    task = Task(domain.facts, UNIVERSE, domain.operators)
    index = SuccessorIndex(task.actions)
    for facts in list(reachable(domain))[:30]:
        state = task.state_of(facts)
        ours = {str(a.call): task.facts_of(a.apply(state)) for a in index.applicable(state)}
        plain = {
            f"{o.name}({n})": o.apply((n,), facts, UNIVERSE)
            for o, n in product(domain.operators, "abc")
            if o.is_applicable((n,), facts, UNIVERSE)
        }
        assert ours == plain
