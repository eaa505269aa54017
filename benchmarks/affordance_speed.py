"""How long an affordance takes, per candidate, in a full kitchen.

    python -m benchmarks.affordance_speed

Prints, for one scene at each station: candidates, mean and slowest time per candidate the first time that the
scene is rated (`cold`) and with the kept reach answers of earlier scenes (`warm`), [ms].
"""

from __future__ import annotations

import time

import numpy as np

from grounding import OraclePerception, Scene
from grounding.affordances.reach import solvable_pitches
from robots.catalogue import load_catalogue
from robots.pybullet import open_kitchen
from robots.setup import SceneSetup
from skills.library import SkillLibrary, household_library

ITEMS = {
    "apple_1": "close_counter",
    "coke_can_1": "close_counter",
    "kettle_chips_1": "close_counter",
    "bowl_1": "table",
    "orange_1": "bowl_1",
    "plate_1": "table",
    "mug_1": "table",
    "pepsi_can_1": "far_counter",
    "rice_chips_1": "far_counter",
    "sponge_1": "sink",
    "milk_carton_1": "fridge",
    "cheese_block_1": "fridge",
    "knife_1": "top_drawer",
    "fork_1": "middle_drawer",
    "energy_bar_1": "stove",
    "redbull_can_1": "operator",
}
STATIONS = ("close_counter", "table", "far_counter", "fridge", "drawers", "sink", "operator")


def scene_at(station: str) -> Scene:
    """Return the scene of a robot that starts at a station, fridge and top drawer open."""
    catalogue = load_catalogue()
    setup = SceneSetup(items=ITEMS, robot_at=station, opened=frozenset({"fridge", "top_drawer"}))
    kitchen = open_kitchen(setup, seed=0, catalogue=catalogue)
    try:
        return OraclePerception(kitchen, catalogue).perceive(kitchen.robot.observe())
    finally:
        kitchen.close()


def time_all(library: SkillLibrary, scene: Scene) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the time of every candidate, [ms]."""
    spent = []
    for call in library.ground(scene):
        began = time.perf_counter()
        library[call.skill].affordance(call, scene)
        spent.append(1e3 * (time.perf_counter() - began))
    return np.array(spent)


def main() -> None:
    """Print the table."""
    library = household_library()
    print(
        f"{'station':<15}{'candidates':>10}{'cold mean':>11}{'cold max':>10}{'warm mean':>11}{'warm max':>10}"
    )
    cold_means = []
    for station in STATIONS:
        scene = scene_at(station)
        solvable_pitches.cache_clear()
        cold = time_all(library, scene)
        warm = time_all(library, scene)
        cold_means.append(float(cold.mean()))
        numbers = f"{cold.mean():>11.3f}{cold.max():>10.2f}{warm.mean():>11.3f}{warm.max():>10.2f}"
        print(f"{station:<15}{len(cold):>10}{numbers}")
    print(f"mean over stations, cold: {np.mean(cold_means):.3f} ms a candidate")


if __name__ == "__main__":
    main()
