"""Room grounding: grasps and placements of every catalogued thing are sound by construction."""

from __future__ import annotations

import numpy as np
import pytest

from grounding.extents import footprint, heights
from grounding.grasps import LOWEST_TOOL, sample_grasps
from grounding.placements import Spot, sample_placements
from robots import Item, Region, frozen
from robots.catalogue import load_catalogue
from robots.polygons import gap_between
from robots.pybullet.item_shapes import item_solids
from robots.transforms import inverse, pose

CATALOGUE = load_catalogue()
TABLE = 0.7


def _item(category: str, *, yaw: float = 0.4, lies: bool = False) -> Item:
    kind = CATALOGUE.categories[category]
    half = (kind.size[0] if lies else kind.size[2]) / 2
    T = pose(0.1, -0.2, TABLE + half, yaw=yaw) @ pose(0, 0, 0, pitch=np.pi / 2 if lies else 0.0)
    return Item(
        name=f"{category}_1",
        category=category,
        T_world_item=frozen(T),
        solids=item_solids(kind),
        size=kind.size,
    )


@pytest.mark.parametrize("category", sorted(CATALOGUE.categories))
def test_every_category_has_grasps_that_fit_the_hand(category: str) -> None:
    grasps = sample_grasps(_item(category), heading=0.4, rng=np.random.default_rng(0))
    assert len(grasps) >= 8
    for grasp in grasps:
        R = grasp.T_world_tool[:3, :3]
        np.testing.assert_allclose(R @ R.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(R) > 0.99
        assert R[2, 2] < -0.3  # from above, at least a little
        assert 0.0 < grasp.width < grasp.opening <= 0.08
        assert grasp.T_world_tool[2, 3] >= TABLE + LOWEST_TOOL - 1e-9
    assert [g.cost for g in grasps] == sorted(g.cost for g in grasps)


@pytest.mark.parametrize("category", ["coke_can", "water_bottle", "candle", "glass"])
def test_fallen_things_can_be_grasped(category: str) -> None:
    assert sample_grasps(_item(category, lies=True), heading=0.0, rng=np.random.default_rng(0))


def test_variety_changes_the_order_and_a_seed_repeats_it() -> None:
    item = _item("apple")
    first, again, other = (
        [g.cost for g in sample_grasps(item, heading=0.0, rng=np.random.default_rng(s), variety=0.5)]
        for s in (1, 1, 2)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("category", ["coke_can", "bowl", "knife", "cereal_box", "orange"])
def test_placements_stay_in_the_region_and_off_the_neighbours(category: str) -> None:
    item = _item(category)
    grasp = sample_grasps(item, heading=0.0, rng=np.random.default_rng(0))[0]
    T_tool_item = inverse(grasp.T_world_tool) @ item.T_world_item
    region = Region(T_world_region=frozen(pose(1.0, 0.5, 0.8)), size=(0.30, 1.0, 0.3))
    taken = (np.array([[0.9, 0.4], [1.1, 0.4], [1.1, 0.6], [0.9, 0.6]]),)
    found = sample_placements(
        item,
        T_tool_item,
        Spot(region=region, taken=taken),
        heading=0.0,
        near=np.array([0.5, 0.5]),
        rng=np.random.default_rng(0),
    )
    assert found
    for placement in found:
        np.testing.assert_allclose(placement.T_world_tool @ T_tool_item, placement.T_world_item, atol=1e-9)
        placed = Item(
            name=item.name,
            category=item.category,
            T_world_item=placement.T_world_item,
            solids=item.solids,
            size=item.size,
        )
        corners = footprint(placed)
        assert np.all(np.abs(corners - (1.0, 0.5)) <= (0.15, 0.5))
        assert 0.0 < heights(placed)[0] - 0.8 < 0.02
        assert gap_between(corners, taken[0]) > -0.02


def test_a_full_region_has_no_placement() -> None:
    item = _item("bowl")
    grasp = sample_grasps(item, heading=0.0, rng=np.random.default_rng(0))[0]
    region = Region(T_world_region=frozen(pose(1.0, 0.5, 0.8)), size=(0.30, 0.3, 0.3))
    taken = (np.array([[0.8, 0.3], [1.2, 0.3], [1.2, 0.7], [0.8, 0.7]]),)
    found = sample_placements(
        item,
        inverse(grasp.T_world_tool) @ item.T_world_item,
        Spot(region=region, taken=taken),
        heading=0.0,
        near=np.array([0.5, 0.5]),
        rng=np.random.default_rng(0),
    )
    assert found == []
