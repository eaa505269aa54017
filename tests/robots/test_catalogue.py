"""The catalogue holds what the issue of a kitchen needs, and refuses nonsense with one sentence."""

from pathlib import Path

import pytest

from robots.catalogue import CatalogueError, load_catalogue

REQUIRED = {
    "apple",
    "orange",
    "coke_can",
    "pepsi_can",
    "sevenup_can",
    "lime_soda_can",
    "grapefruit_soda_can",
    "redbull_can",
    "water_bottle",
    "tea_bottle",
    "sponge",
    "energy_bar",
    "jalapeno_chips",
    "multigrain_chips",
    "rice_chips",
    "sea_salt_chips",
    "kettle_chips",
    "mug",
    "bowl",
    "plate",
    "knife",
}
GRIPPER_MAX_WIDTH = 0.08
RIM_GRASPED = {"bowl", "plate"}


def test_catalogue_is_large_enough_and_has_the_saycan_objects() -> None:
    categories = load_catalogue().categories
    assert len(categories) >= 30
    assert set(categories) >= REQUIRED


def test_every_object_fits_the_gripper_or_has_a_rim() -> None:
    for name, category in load_catalogue().categories.items():
        assert category.shape in RIM_GRASPED or min(category.size[:2]) < GRIPPER_MAX_WIDTH, name


def test_no_synonym_names_two_categories() -> None:
    seen: dict[str, str] = {}
    for name, category in load_catalogue().categories.items():
        for synonym in category.synonyms:
            assert seen.setdefault(synonym, name) == name, synonym


def test_a_users_own_category_is_added(tmp_path: Path) -> None:
    extra = tmp_path / "mine.yaml"
    extra.write_text(
        "categories:\n  duck: {shape: box, size: [0.05, 0.05, 0.05], mass: 0.1, colour: [1, 1, 0]}\n"
    )
    catalogue = load_catalogue(extra)
    assert catalogue.category_of("duck_1") == "duck"
    assert catalogue.category_of("duck") is None
    assert {"apple", "duck"} <= set(catalogue.categories)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("categories: {duck: {shape: blob, size: [1, 1, 1], mass: 1, colour: [1, 1, 1]}}", "duck.shape"),
        ("categories: {duck: {shape: box, size: [1, 1, 1], mass: 0, colour: [1, 1, 1]}}", "duck.mass"),
        ("ducks: 3", "needs a mapping 'categories'"),
        ("categories: [", "is not YAML"),
    ],
)
def test_an_impossible_catalogue_says_where(text: str, says: str, tmp_path: Path) -> None:
    extra = tmp_path / "bad.yaml"
    extra.write_text(text)
    with pytest.raises(CatalogueError, match=says):
        load_catalogue(extra)
