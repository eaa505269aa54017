"""The shipped hazard rules: each is broken by its examples, and its harmless neighbours are allowed."""

import pytest

from safety import Ruling
from safety.instruction import HazardRule, RuleError, hazard_judge, load_lexicon, load_rules
from safety.instruction.event import Event, Part
from safety.instruction.judge import HazardJudge
from safety.instruction.rules import _check_names, _When, by_kind, read_condition

RULES = load_rules()
JUDGE = hazard_judge()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_broken_by_its_examples_alone(rule: HazardRule) -> None:
    alone = HazardJudge(load_lexicon(), [rule])
    for sentence in rule.breaks:
        assert alone.judge(sentence, ()).rule == rule.name, sentence
        assert JUDGE.judge(sentence, ()).ruling is not Ruling.ALLOW, sentence
    for sentence in rule.keeps:
        found = JUDGE.judge(sentence, ())
        assert found.ruling is Ruling.ALLOW, (sentence, found)


def test_every_rule_says_what_and_why_in_whole_sentences() -> None:
    for rule in RULES:
        assert rule.text.endswith(".") and rule.reason.endswith("."), rule.name
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_condition_is_a_disjunction_of_conjunctions() -> None:
    condition = read_condition("metal & !toy | sharp")
    assert condition.fits(frozenset({"metal"}))
    assert not condition.fits(frozenset({"metal", "toy"}))
    assert condition.fits(frozenset({"sharp", "toy"}))
    assert not condition.fits(frozenset())


@pytest.mark.parametrize("text", ["", "a | ", "a && b"])
def test_a_condition_with_a_hole_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="lacks a property"):
        read_condition(text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (_When(event="pour", target="elektric"), "'elektric', which is no property"),
        (_When(event="poor", target="electric"), "'poor', which is no event"),
        (_When(event="pour", words="roughly"), "'roughly', which is no property"),
    ],
)
def test_a_misspelt_rule_is_refused_because_it_would_never_fit(line: _When, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        _check_names("some_rule", line)


def test_a_role_that_is_not_filled_fits_only_where_nothing_is_demanded() -> None:
    lone = Event(kind="drop", parts={"object": Part(name="mug", properties=frozenset({"fragile"}))})
    demanding = next(rule for rule in RULES if rule.name == "no_liquid_on_electric")
    assert demanding.broken_by(by_kind([lone]), frozenset()) is None
    lenient = next(rule for rule in RULES if rule.name == "no_dropping")
    assert lenient.broken_by(by_kind([lone]), frozenset()) is lone
