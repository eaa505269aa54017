"""Laws of formulas: reading back what was written, De Morgan, quantifiers as folds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding import (
    And,
    Atom,
    Equal,
    Exactly,
    Exists,
    ForAll,
    Formula,
    FormulaError,
    Imply,
    Not,
    Operator,
    Or,
    Universe,
    Variable,
    holds,
    parse_effects,
    parse_formula,
    parse_variables,
    to_pddl,
)

UNIVERSE = Universe(
    {"a": frozenset({"item", "soda"}), "b": frozenset({"item"}), "c": frozenset({"place"})},
)
FACTS = st.frozensets(
    st.sampled_from([("p", "a"), ("p", "b"), ("p", "c"), ("q", "a", "b"), ("q", "b", "a"), ("r",)])
)
_TERMS = st.sampled_from(["a", "b", "c", "?x"])
_X = Variable("?x", ("item",))


def _extend(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    return st.one_of(
        st.builds(Not, inner),
        st.builds(lambda p: And(tuple(p)), st.lists(inner, max_size=3)),
        st.builds(lambda p: Or(tuple(p)), st.lists(inner, max_size=3)),
        st.builds(Imply, inner, inner),
        st.builds(lambda f: Exists((_X,), f), inner),
        st.builds(lambda f: ForAll((_X,), f), inner),
        st.builds(lambda n, f: Exactly(n, _X, f), st.integers(0, 3), inner),
    )


FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    st.one_of(
        st.builds(lambda t: Atom("p", (t,)), _TERMS),
        st.builds(lambda t, u: Atom("q", (t, u)), _TERMS, _TERMS),
        st.just(Atom("r")),
        st.builds(Equal, _TERMS, _TERMS),
    ),
    _extend,
    max_leaves=8,
)


@given(FORMULAS)
def test_written_formulas_read_back_the_same(formula: Formula) -> None:
    assert parse_formula(to_pddl(formula)) == formula


@given(FORMULAS, FORMULAS, FACTS)
def test_de_morgan_and_implication(f: Formula, g: Formula, facts: frozenset[tuple[str, ...]]) -> None:
    def value(formula: Formula) -> bool:
        return holds(formula, facts, UNIVERSE)

    assert value(Not(And((f, g)))) == value(Or((Not(f), Not(g))))
    assert value(Imply(f, g)) == value(Or((Not(f), g)))


@given(FORMULAS, FACTS)
def test_quantifiers_count(body: Formula, facts: frozenset[tuple[str, ...]]) -> None:
    count = sum(holds(body, facts, UNIVERSE, {"?x": name}) for name in ("a", "b"))
    assert holds(Exists((_X,), body), facts, UNIVERSE) == (count > 0)
    assert holds(ForAll((_X,), body), facts, UNIVERSE) == (count == 2)
    assert holds(Exactly(count, _X, body), facts, UNIVERSE)
    assert not holds(Exactly(count + 1, _X, body), facts, UNIVERSE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(and (p a)", "not a formula"),
        ("p a", "not a formula"),
        ("(not (p a) (p b))", "'not' takes 1"),
        ("(exists ?x (p ?x))", "list of variables"),
        ("(exactly two (?x - soda) (p ?x))", "exactly n"),
        ("(exists (?x -) (p ?x))", "type is missing"),
        ("((p a))", "starts with a word"),
    ],
)
def test_a_malformed_formula_is_one_clear_sentence(text: str, says: str) -> None:
    with pytest.raises(FormulaError, match=says):
        parse_formula(text)


def test_effects_are_conditional_and_adding_wins_over_deleting() -> None:
    move = Operator(
        "move",
        parse_variables("?x - item ?to - place"),
        parse_formula("(and)"),
        parse_effects(
            "(and (forall (?p - place) (not (at ?x ?p))) (at ?x ?to)"
            " (when (wet ?x) (and (wet ?to) (not (wet ?x)))))"
        ),
    )
    before = frozenset({("at", "a", "c"), ("wet", "a")})
    after = move.apply(("a", "c"), before, UNIVERSE)
    assert after == {("at", "a", "c"), ("wet", "c")}
