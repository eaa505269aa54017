"""What the monitor says of a trace: once, with names, and again when a hazard comes back."""

from __future__ import annotations

import random

import pytest

from grounding import Universe, parse_formula, to_pddl
from grounding.formula_parser import Node, parse_variables, read_expression
from safety.ltl import Monitor, Rule, State
from safety.ltl import monitor as monitor_module

FACTS = [("p",), ("q",), ("r",)]
HOME = Universe({"fridge": frozenset({"openable"}), "drawer": frozenset({"openable"})})


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


@pytest.mark.parametrize(
    "text",
    [
        "(always (imply (p) (eventually (and (q) (next (r))))))",
        "(always (until (or (p) (q)) (r)))",
        "(release (until (p) (q)) (eventually (r)))",
        "(always (imply (p) (until (eventually (q)) (release (r) (eventually (p))))))",
    ],
)
def test_residuals_stay_small_on_a_long_trace(text: str) -> None:
    pick = random.Random(0)
    monitor = Monitor([rule(text)], HOME)
    for _ in range(3000):
        monitor.step(State(frozenset(f for f in FACTS if pick.random() < 0.5)))
    assert monitor.table_size < 200


def test_a_table_that_has_grown_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    pick = random.Random(1)
    texts = ["(always (imply (p) (next (until (q) (r)))))", "(eventually (and (q) (next (p))))"]
    stays, moves = (Monitor([rule(text) for text in texts], HOME) for _ in range(2))
    for _ in range(300):
        now = State(frozenset(f for f in FACTS if pick.random() < 0.5))
        monkeypatch.setattr(monitor_module, "MOST_FORMULAS", 100_000)
        expected = stays.step(now)
        monkeypatch.setattr(monitor_module, "MOST_FORMULAS", 0)
        assert moves.step(now) == expected
        assert moves.owed() == stays.owed()


def test_a_hazard_that_stays_is_told_once_and_one_that_comes_back_again() -> None:
    monitor = Monitor([rule("(always (not (hot ?c)))", "?c - openable")], HOME)
    told = [
        bool(monitor.step(state(*facts))) for facts in (["hot drawer"], ["hot drawer"], [], ["hot drawer"])
    ]
    assert told == [True, False, False, True]


def test_a_wrong_order_is_told_again_only_when_it_happens_again() -> None:
    monitor = Monitor([rule("(weak-until (not (q)) (p))")], HOME)
    told = [bool(monitor.step(state(*facts))) for facts in (["q"], ["q"], [], ["q"], ["p"], ["q"])]
    assert told == [True, False, False, True, False, False]


def test_a_duty_is_owed_again_after_a_break() -> None:
    never_and_duty = rule("(and (always (not (r))) (always (imply (p) (eventually (q)))))")
    monitor = Monitor([never_and_duty], HOME)
    assert monitor.step(state("r")) and not monitor.owed()
    monitor.step(state("p"))
    assert len(monitor.owed()) == 1


def test_what_only_a_trace_that_ends_here_keeps_breaks_with_the_next_state() -> None:
    monitor = Monitor([rule("(imply (p) (weak-next (exists (?c - person) (hot ?c))))")], HOME)
    assert monitor.step(state("p")) == () and monitor.owed() == ()
    assert len(monitor.step(state())) == 1


def test_unknown_or_its_opposite_is_not_certain() -> None:
    doubt = State(frozenset(), unknown=frozenset({("p",)}))
    assert Monitor([rule("(always (or (p) (not (p))))")], HOME).step(doubt)
    assert Monitor([rule("(always (not (exactly 1 (?c - openable) (hot ?c))))")], HOME).step(
        State(frozenset(), unknown=frozenset({("hot", "drawer")}))
    )


def test_actions_memories_and_layouts_are_no_remedy() -> None:
    texts = ("(always (not (did open fridge)))", "(always (not (visited table)))", "(always (above a b))")
    for text in texts:
        monitor = Monitor([rule(text)], HOME)
        now = state("did open fridge", "visited table")
        before = monitor.copy()
        (broken,) = monitor.step(now)
        assert before.remedy(broken, now, frozenset()) is None


def test_a_rule_over_many_things_is_mended_without_trying_every_pair() -> None:
    things = {f"thing_{i}": frozenset({"thing"}) for i in range(60)}
    busy = rule("(always (not (exists (?x - thing ?y - thing) (and (p ?x) (q ?x ?y) (q ?y ?x)))))")
    monitor = Monitor([busy], Universe(things))
    now = state("p thing_3", "q thing_3 thing_4", "q thing_4 thing_3")
    before = monitor.copy()
    (broken,) = monitor.step(now)
    remedy = before.remedy(broken, now, frozenset({("p", "thing_3")}))
    assert remedy == parse_formula("(not (q thing_3 thing_4))")


def test_an_empty_trace_owes_nothing() -> None:
    assert Monitor([rule("(eventually (p))")], HOME).owed() == ()
