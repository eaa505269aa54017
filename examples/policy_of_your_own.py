"""A policy of your own: look for red things through the wrist camera, and take one; the primitive stands by.

A policy gets pictures, joint states and an instruction, and answers with a chunk of actions in SI units. The
supervisor checks it like everything else; when it fails, the skill's next implementation has its turn.

    python examples/policy_of_your_own.py
    pick(apple_1) by redness: succeeded
    the goal holds: True
"""

from __future__ import annotations

import numpy as np

from planner.session import SessionOptions, open_session
from robots import Observation
from skills.library import household_library
from skills.policies import ActionChunk, ActionKind, Frame
from skills.policies.features import world_tool
from skills.policies.policy_skill import PolicySkill


class Redness:
    name = "redness"
    cameras = ("wrist",)

    def reset(self, observation: Observation) -> None:
        self._number, self._target = 0, np.zeros(3)

    def act(self, observation: Observation, instruction: str) -> ActionChunk:
        frame, T_world_tool = observation.frames["wrist"], world_tool(observation)
        rgb = frame.rgb.astype(float)
        v, u = np.nonzero(rgb[..., 0] > 1.8 * rgb[..., 1:].max(axis=2))
        if len(u) and observation.gripper_width > 0.07:
            z = frame.depth[v, u].astype(float)
            rays = np.linalg.inv(frame.K) @ np.stack([u + 0.5, v + 0.5, np.ones(len(u))])
            seen = frame.T_world_camera[:3, :3] @ (rays * z) + frame.T_world_camera[:3, 3:]
            middle = (seen.max(axis=1) + seen.min(axis=1)) / 2
            self._target = np.array([*middle[:2], seen[2].max() - 0.03])
        away = T_world_tool[:3, :3].T @ (self._target - T_world_tool[:3, 3])  # in the tool's frame, z ahead
        has_closed, is_there = observation.gripper_width < 0.072, away[2] < 0.008
        has_it = has_closed and observation.gripper_force > 2.0
        if np.hypot(*away[:2]) > 0.012 and not has_it:
            away[2] = min(away[2] - 0.09, 0.02)
        step = np.array([0.0, 0.0, -0.02]) if has_it else np.clip(away / 4, -0.02, 0.02)
        is_closing = is_there or has_closed
        self._number += 1
        return ActionChunk(
            kind=ActionKind.TOOL_DELTA,
            motion=np.tile([*step, 0.0, 0.0, 0.0], (4, 1)),
            gripper_width=np.full(4, 0.0 if is_closing else 0.08),
            frame=Frame.TOOL,
            rate_hz=10.0,
            sequence=self._number,
            observed_at_s=observation.time_s,
        )

    def close(self) -> None:
        """Nothing is held between runs."""


def main() -> None:
    library = household_library()
    pick = library["pick"]
    mine = PolicySkill(pick.contract, Redness())
    library = library.with_skill(pick.implemented_by(mine, *pick.implementations))
    options = SessionOptions(library=library, run_root=None)
    with open_session(
        objects={"apple_1": "table", "lemon_1": "table"}, robot_at="table", options=options
    ) as home:
        report = home.run("pick up the apple")
    for step in report.steps:
        print(f"{step.call} by {step.implementation}: {step.outcome.status}")
    print("the goal holds:", report.succeeded)


if __name__ == "__main__":
    main()
