"""Disturbances are possible, happen once, and the run recovers from them."""

import numpy as np
import pytest

from planner.bench.disturber import free_spot
from planner.bench.episode import run_episode
from planner.bench.result import Job
from planner.bench.task_file import RobotStart, TaskSpec
from robots.pybullet import open_kitchen
from robots.setup import SceneSetup

pytestmark = pytest.mark.sim


def test_a_moved_object_stands_free_on_a_surface() -> None:
    items = {"apple_1": "table", "coke_can_1": "table", "mug_1": "table", "plate_1": "close_counter"}
    kitchen = open_kitchen(SceneSetup(items=items), seed=0)
    state = kitchen.state()
    for seed in range(20):
        spot = free_spot(state, "apple_1", np.random.default_rng(seed))
        assert spot is not None
        place, T_world_item = spot
        distances = [
            np.linalg.norm(T_world_item[:2, 3] - other.T_world_item[:2, 3]) for other in state.items.values()
        ]
        assert min(distances) > 0.05
        region = state.fixtures[place].region
        p_region = np.linalg.inv(region.T_world_region) @ T_world_item[:, 3]
        assert np.all(np.abs(p_region[:2]) <= np.array(region.size[:2]) / 2)
    kitchen.close()


@pytest.mark.parametrize(
    ("instruction", "goal"),
    [("pick up the coke", "(holding coke_can_1)"), ("open the fridge", "(open fridge)")],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_disturbed_run_is_disturbed_once_and_still_ends_well(
    instruction: str, goal: str, seed: int
) -> None:
    task = TaskSpec(
        id=instruction,
        instruction=instruction,
        robot=RobotStart(at="table"),
        objects={"coke_can_1": "table", "apple_1": "table"},
        goal=goal,
    )
    job = Job(scene="saycan_kitchen", task=task, seed=seed, strategy="plan-ahead", is_disturbed=True)
    result = run_episode(job)
    assert len(result.disturbances) == 1
    assert result.execution_success, result
