"""Room skills: drive to the docking pose of a place."""

from __future__ import annotations

import numpy as np

from skills.motion.base_planner import wrapped
from skills.motion.body import Body, first_halt
from skills.motion.drive import drive_to_dock
from skills.motion.posture import tidy
from skills.skill import Outcome, SkillCall, SkillContext


class GoTo:
    """`go_to(place)`: plan on the floor map, drive, and measure where the base came to rest."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Drive to the dock of the place."""
        (place,) = call.arguments
        body, scene = Body(context), context.perceive()
        start, dock = body.base, np.array(scene.fixtures[place].dock)
        halt = first_halt(
            lambda: tidy(body, scene),
            lambda: drive_to_dock(body, scene, scene.fixtures[place]),
        )
        now = body.observe().base
        evidence = {
            "straight_distance_m": float(np.hypot(*(dock - start)[:2])),
            "position_error_m": float(np.hypot(*(dock - now)[:2])),
            "yaw_error_rad": abs(wrapped(float(dock[2] - now[2]))),
        }
        return body.finish(halt, f"arrived at {place}", evidence)
