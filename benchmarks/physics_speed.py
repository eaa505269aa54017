"""Measure how much faster than real time the simulated home runs, on one core.

    python benchmarks/physics_speed.py

Prints one line per scene: items, cameras, simulated seconds per second of processor time, and per second on
the wall. The robot moves all the while, both cameras are rendered at 10 Hz, and truth is read at 10 Hz.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping

import numpy as np

from robots import Command
from robots.mobile_base import ARM_HOME
from robots.pybullet import CameraModel, open_kitchen
from robots.setup import SceneSetup

SECONDS = 10
FEW: Mapping[str, str] = {
    "coke_can_1": "close_counter",
    "apple_1": "close_counter",
    "kettle_chips_1": "far_counter",
    "sponge_1": "table",
    "water_bottle_1": "far_counter",
}
MANY: Mapping[str, str] = {
    **FEW,
    "bowl_1": "table",
    "orange_1": "bowl_1",
    "plate_1": "table",
    "mug_1": "table",
    "glass_1": "far_counter",
    "milk_carton_1": "fridge",
    "fork_1": "top_drawer",
    "knife_1": "far_counter",
    "redbull_can_1": "operator",
    "banana_1": "trash_can",
    "sandwich_1": "microwave",
}


def real_time_factor(items: Mapping[str, str], pixels: int, holding: str | None) -> tuple[float, float]:
    """Return simulated seconds per second of processor time, and per second on the wall."""
    camera = CameraModel(width=pixels, height=pixels)
    setup = SceneSetup(items=items, robot_at="close_counter", holding=holding)
    kitchen = open_kitchen(setup, seed=0, cameras={"head": camera, "wrist": camera})
    robot = kitchen.robot
    processor, wall = time.process_time(), time.monotonic()
    for tick in range(SECONDS * 120):
        swing = 0.3 * np.sin(tick / 120.0) ** 2 * np.array([1, 0.3, 0.5, 0.3, 1, 0.5, 1])
        robot.command(Command(q_arm=ARM_HOME + swing))
        if tick % 12 == 0:
            robot.observe(cameras=robot.camera_names)
            kitchen.state()
    spent = time.process_time() - processor, time.monotonic() - wall
    kitchen.close()
    return SECONDS / spent[0], SECONDS / spent[1]


def main() -> None:
    """Print the table."""
    print("scene                      cameras at 10 Hz      x real time (processor)  (wall)")
    rows = (("5 items", FEW, None), ("5 items, one in hand", FEW, "lemon_1"), ("16 items", MANY, None))
    for label, items, holding in rows:
        for pixels in (64, 96):
            processor, wall = real_time_factor(items, pixels, holding)
            print(f"{label:26s} 2 x {pixels:3d} x {pixels:3d} RGB-D     {processor:22.1f} {wall:7.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
