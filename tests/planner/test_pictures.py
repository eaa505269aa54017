"""What a model is shown: pictures that can be believed, and none that cannot."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from grounding import Scene
from planner.executive import Event, Executive, Settings, Vetoed
from planner.language_model import Decomposition, Failure, Task
from robots import Observation, Robot, RobotProxy
from skills import Contract
from tests.fakes.pictures import frame_of
from tests.fakes.scripted_model import ScriptedModel, decomposition
from tests.fakes.symbolic_home import SymbolicHome


class Camera(RobotProxy):
    """One camera on a robot, which shows what a test wants."""

    def __init__(self, robot: Robot, rgb: np.ndarray) -> None:
        super().__init__(robot)
        self._rgb = rgb

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        seen = super().observe()
        frame = frame_of(self._rgb, time_s=seen.time_s)
        return replace(seen, frames=dict.fromkeys(cameras, frame))


class Shown(ScriptedModel):
    """Remembers how many pictures came with every question for a plan."""

    def __init__(self, *script: Decomposition) -> None:
        super().__init__(*script)
        self.pictures: list[int] = []

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition | Failure:
        self.pictures.append(len(scene.observation.frames))
        return super().decompose(task, scene, contracts)


@pytest.mark.parametrize(("brightness", "pictures"), [(255, 1), (4, 0)])
def test_a_black_picture_is_not_shown_and_the_run_says_so(brightness: int, pictures: int) -> None:
    home = SymbolicHome({"apple_1": "table"})
    rgb = np.random.default_rng(0).integers(0, brightness, (12, 16, 3), dtype=np.uint8)
    model, events = Shown(decomposition(None, "go_to table")), list[Event]()
    parts = home.parts(
        model, robot=Camera(home.robot, rgb), settings=Settings(cameras=("head",)), listeners=(events.append,)
    )
    assert Executive(parts).run("go to the table").succeeded
    assert model.pictures == [pictures]
    told = [v.rule for e in events if isinstance(e, Vetoed) for v in e.violations]
    assert told == [] if pictures else ["picture_is_lit"]
