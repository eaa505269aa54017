"""Room tests: the Panda's limits are the manufacturer's, typed a second time."""

from __future__ import annotations

import numpy as np

from robots.panda import PANDA_ARM_LIMITS, PANDA_LIMITS

# frankaemika/docs source/control-parameters-joint-panda.csv @ cda9283: one row per joint.
TABLE = """
-2.8973 2.8973 2.1750 15.0 7500
-1.7628 1.7628 2.1750 7.5 3750
-2.8973 2.8973 2.1750 10.0 5000
-3.0718 -0.0698 2.1750 12.5 6250
-2.8973 2.8973 2.6100 15.0 7500
-0.0175 3.7525 2.6100 20.0 10000
-2.8973 2.8973 2.6100 20.0 10000
"""


def test_arm_limits_are_the_published_table() -> None:
    table = np.array([[float(v) for v in row.split()] for row in TABLE.strip().splitlines()])
    limits = PANDA_ARM_LIMITS
    columns = (limits.lower, limits.upper, limits.velocity, limits.acceleration, limits.jerk)
    np.testing.assert_array_equal(np.column_stack(columns), table)


def test_a_tick_is_two_physics_steps() -> None:
    assert 0.9999 < PANDA_LIMITS.tick_s * 240 / 2 < 1.0001
