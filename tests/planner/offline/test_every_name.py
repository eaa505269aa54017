"""Every name in the catalogue is understood, in the singular, in the plural and with each verb."""

import pytest

from grounding import Scene
from planner.offline.goals import subgoals_of
from planner.offline.lexicon import Lexicon, build_lexicon
from planner.offline.requests import read_instruction
from planner.offline.sight import Sight
from planner.offline.text import plural_of
from tests.fakes.symbolic_scene import catalogue, symbolic_scene

CATEGORIES = sorted(catalogue().categories)
WITH_PLURAL = [c for c in CATEGORIES if not c.endswith("s") or c == "glass"]
VERBS = {
    "bring me the {}": "bring",
    "would you mind fetching the {} for me?": "bring",
    "can i have the {} please": "bring",
    "throw the {} away": "trash",
    "get rid of the {}": "trash",
    "put the {} on the far counter": "move",
    "how would you pick up the {}": "hold",
    "look for the {}": "find",
    "push the {} to the left": "push",
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return build_lexicon(catalogue(), symbolic_scene({}).fixtures)


def _scene(category: str) -> Scene:
    others = ("sponge", "phone") if category not in ("sponge", "phone") else ("book", "candle")
    return symbolic_scene({f"{category}_1": "table", **{f"{other}_1": "close_counter" for other in others}})


def _meant(sentence: str, scene: Scene, lexicon: Lexicon) -> tuple[str, set[str]]:
    (subgoal,) = subgoals_of(read_instruction(sentence, lexicon), Sight.of(scene, catalogue()))
    return subgoal.frame, {name for part in subgoal.parts for name in part.options[0][0]}


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_synonym_means_its_category(category: str, lexicon: Lexicon) -> None:
    scene = _scene(category)
    for name in (category.replace("_", " "), *catalogue().categories[category].synonyms):
        assert _meant(f"bring me the {name}", scene, lexicon) == ("bring", {f"{category}_1"}), name


@pytest.mark.parametrize("category", WITH_PLURAL)
def test_the_plural_means_all(category: str, lexicon: Lexicon) -> None:
    many = {f"{category}_{i}": "table" for i in (1, 2)}
    words = category.split("_")
    sentence = f"throw away the {' '.join([*words[:-1], plural_of(words[-1])])}"
    assert _meant(sentence, symbolic_scene(many), lexicon) == ("trash", set(many))


@pytest.mark.parametrize("sentence", VERBS)
def test_each_verb_asks_for_its_frame(sentence: str, lexicon: Lexicon) -> None:
    for category in CATEGORIES:
        said = sentence.format(category.replace("_", " "))
        assert _meant(said, _scene(category), lexicon) == (VERBS[sentence], {f"{category}_1"}), said
