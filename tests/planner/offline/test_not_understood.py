"""What cannot be read or done is said, with what can be done; nothing else is done instead."""

import pytest

from planner.language_model import Task
from planner.offline import OfflineModel
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.symbolic_scene import catalogue, symbolic_scene

OBJECTS = {"apple_1": "close_counter", "coke_can_1": "table", "sponge_1": "far_counter"}
SENTENCES = [
    ("flarb the gronk", "flarb the gronk"),
    ("bring me a unicorn", "unicorn"),
    ("bring me a cake", "cake"),
    ("bring me the chocolate cake", "cake"),
    ("bring me an orange", "orange"),
    ("bring me the coke from the fridge", "fridge"),
    ("bring me three cokes", "only 1"),
    ("do a backflip", "backflip"),
    ("sing me a song", "sing"),
    ("bring me the coke and dance with me", "dance"),
    ("remember the coke", "remember"),
    ("put the apple on the sponge", "sponge"),
    ("put the coke on the moon", "moon"),
    ("bring me a blue apple", "blue apple"),
    ("open the table", "table"),
    ("hold the apple and the coke", "one gripper"),
    ("pour the apple into the sink", "apple"),
    ("is there a coke on the table?", "do not see what"),
    ("don't bring me the coke", "do not see what"),
    ("I want to eat a unicorn", "unicorn"),
    ("I want to drink coffee", "coffee"),
    ("bring me neither the apple nor the coke", "neither"),
    ("do not touch the coke", "nothing to do"),
    ("Don't touch the coke. Bring me the coke.", "allowed"),
    ("wipe the table but don't touch the coke", "told me not to"),
    ("pour out the coke", "cannot be poured"),
    ("bring me the coke. never mind", "do not see what"),
    ("bring me the coke, wait, put the apple in the sink", "still"),
    ("put the apple in the sink, no wait, on the moon", "moon"),
    ("put the apple in the fridge but don't open it", "told me not to"),
    ("bring me the second can", "which side"),
    ("what is on the table?", "do not see what"),
    ("turn the stove on for five minutes", "five minutes"),
    ("not the coke, the apple", "not the coke"),
    ("bring me the apple and the coke. " * 80, "requests at once"),
    ("", "do not see what"),
    ("?!", "do not see what"),
]


@pytest.fixture(scope="module")
def model() -> OfflineModel:
    return OfflineModel(catalogue())


@pytest.mark.parametrize(("instruction", "quoted"), SENTENCES, ids=[s[0][:60] or "empty" for s in SENTENCES])
def test_the_problem_is_said_in_one_sentence(instruction: str, quoted: str, model: OfflineModel) -> None:
    answer = model.decompose(Task(instruction=instruction), symbolic_scene(OBJECTS), HOUSEHOLD_CONTRACTS)
    assert answer.goal is None and not answer.steps
    assert answer.not_understood is not None and answer.question is None
    assert quoted in answer.not_understood.lower()
    assert "I can bring you" in answer.not_understood and "apple" in answer.not_understood


def test_an_open_question_is_asked_with_its_options(model: OfflineModel) -> None:
    answer = model.decompose(Task(instruction="put it there"), symbolic_scene(OBJECTS), HOUSEHOLD_CONTRACTS)
    assert answer.goal is None and not answer.steps
    assert answer.question == "Where should I put it?"
    assert set(answer.options) == {"close_counter", "far_counter", "table"}


@pytest.mark.parametrize(
    "says", ["Tidy up the kitchen", "clean up", "bring me what I like", "bring me something I'd like"]
)
def test_an_open_ended_wish_is_asked_about(says: str, model: OfflineModel) -> None:
    answer = model.decompose(Task(instruction=says), symbolic_scene(OBJECTS), HOUSEHOLD_CONTRACTS)
    assert answer.goal is None and not answer.steps
    assert answer.question and answer.options


@pytest.mark.parametrize("word", ["cake", "fish", "boot", "grass", "remove", "pear", "lamp", "steak"])
def test_a_real_word_is_never_corrected_into_another(word: str, model: OfflineModel) -> None:
    lexicon = model.lexicon_for(symbolic_scene({}).fixtures)
    assert lexicon.corrected((word,)) == (word,)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ppsi", "pepsi"),
        ("cuonter", "counter"),
        ("chpis", "chips"),
        ("multgrain", "multigrain"),
        ("teh", "the"),
        ("bananna", "banana"),
        ("jalepeno", "jalapeno"),
        ("grapfruit", "grapefruit"),
        ("botle", "bottle"),
    ],
)
def test_slips_are_put_right(typed: str, meant: str, model: OfflineModel) -> None:
    lexicon = model.lexicon_for(symbolic_scene({}).fixtures)
    assert lexicon.corrected((typed,)) == (meant,)
