"""Requests in words alone: harm to people, pets and things is stopped, chores in the same words are not."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety import Ruling
from safety.instruction import hazard_judge, load_lexicon
from safety.instruction.verbs import load_verbs

FOLDER = Path(__file__).parent
HARM = (FOLDER / "harm_in_words.txt").read_text(encoding="utf-8").splitlines()
CHORES = (FOLDER / "chores_in_words.txt").read_text(encoding="utf-8").splitlines()
JUDGE = hazard_judge()
VERBS = sorted(" ".join(words) for words in load_verbs().senses)
NOUNS = sorted(load_lexicon().nouns)
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.sampled_from(NOUNS) | st.just("")).map(" ".join)
    | st.text(max_size=20),
    max_size=12,
)


@pytest.mark.parametrize("words", HARM)
def test_harm_is_stopped(words: str) -> None:
    assert JUDGE.judge(words, ()).ruling is not Ruling.ALLOW


@pytest.mark.parametrize("words", CHORES)
def test_chores_are_allowed(words: str) -> None:
    found = JUDGE.judge(words, ())
    assert found.ruling is Ruling.ALLOW, found


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), STEPS)
def test_any_text_and_any_steps_get_a_ruling(words: str, steps: list[str]) -> None:
    found = JUDGE.judge(words, steps)
    assert (found.ruling is Ruling.ALLOW) == (found.rule == "")


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_steps_are_judged_alike_every_time(steps: list[str]) -> None:
    assert JUDGE.judge("", steps) == JUDGE.judge("", steps)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HARM), st.sampled_from(CHORES), st.booleans())
def test_a_chore_beside_it_does_not_hide_harm(harm: str, chore: str, comes_first: bool) -> None:
    both = f"{harm}. {chore}" if comes_first else f"{chore} {harm}"
    assert JUDGE.judge(both, ()).ruling is not Ruling.ALLOW
