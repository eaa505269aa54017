"""Instructions as numbers, and calls as instructions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from robots.transforms import pose
from skills import SkillCall
from skills.policies.instructions import PHRASES, UNSEEN_PHRASES, instruction_for, random_instruction
from skills.policies.words import BUCKETS, MOST_WORDS, PIECES, tokens
from tests.fakes.household_scene import home, item
from tests.fakes.ideal_robot import IdealRobot, make_scene


@given(st.text(max_size=300))
def test_any_text_becomes_tokens_in_range(text: str) -> None:
    found = tokens(text)
    assert found.shape == (MOST_WORDS, PIECES)
    assert ((found >= 0) & (found < BUCKETS)).all()


def test_a_word_and_its_misspelling_share_pieces_and_two_words_do_not() -> None:
    apple, aple, lemon = (set(tokens(word)[0]) - {0} for word in ("bottle", "botttle", "lemon"))
    assert len(apple & aple) >= 3
    assert len(apple & lemon) <= 1


def test_case_and_punctuation_do_not_matter() -> None:
    assert np.array_equal(
        tokens("Pick up the apple, the red ball!"), tokens("pick up the apple the red ball")
    )


def test_phrases_that_are_kept_for_measuring_are_never_taught() -> None:
    for skill, phrases in UNSEEN_PHRASES.items():
        assert not set(phrases) & set(PHRASES[skill])


def test_an_item_is_told_with_its_looks_and_many_ways_of_saying_it_name_it() -> None:
    fixtures = home()
    scene = make_scene(IdealRobot(), list(fixtures.values()), [item("apple_1", pose(0.5, 0.0, 0.8))])
    call = SkillCall("pick", ("apple_1",))
    said = instruction_for(call, scene)
    assert said.startswith("pick up the apple, the ")
    ways = {random_instruction(call, scene, np.random.default_rng(seed)) for seed in range(60)}
    assert len(ways) > 6
    assert sum("apple" in way for way in ways) > len(ways) / 2
