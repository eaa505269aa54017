"""Ten thousand motions, most of them damaged: the gate lets through only what the published table allows."""

from __future__ import annotations

from collections import Counter

import numpy as np

from benchmarks.adversarial_ticks import ACCELERATION, JERK, LOWER, UPPER, VELOCITY
from robots import Array, Chunk
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from safety.motion import ChunkGate

DT = 1.0 / 120.0
N = 10_000
NOW_S = 100.0
HERE = np.concatenate([ARM_HOME, np.zeros(3)])
AT_REST = (HERE, np.zeros(10), np.zeros(10))
DAMAGES = (
    "none", "noise", "not a number", "ten times as fast", "elsewhere", "a jump", "shape", "old", "future",
    "again", "beyond a limit",
)  # fmt: skip


def swing(rng: np.random.Generator) -> Array:
    """Return a smooth motion from rest to rest, fast or slow, shape (n, 10)."""
    seconds = rng.uniform(0.3, 2.0)
    t = np.arange(1, round(seconds / DT) + 1) * DT / seconds
    goal = np.concatenate([rng.uniform(-1, 1, 7), 0.3 * rng.uniform(-1, 1, 3)]) * rng.choice([0.1, 0.3, 0.8])
    moved: Array = HERE + np.outer(10 * t**3 - 15 * t**4 + 6 * t**5, goal)
    return moved


def damaged(q: Array, how: str, rng: np.random.Generator) -> Array:
    knot, axis = int(rng.integers(len(q))), int(rng.integers(7))
    if how == "noise":
        return q + rng.normal(0, 10.0 ** rng.uniform(-6, -1), q.shape)
    if how == "ten times as fast":
        return q[::10]
    if how == "elsewhere":
        return q + rng.normal(0, 0.1, 10)
    if how == "shape":
        return [q[:, :7], q[:0], q[0], np.tile(q, (1, 2))][int(rng.integers(4))]
    q = q.copy()
    if how == "not a number":
        q[knot, axis] = rng.choice([np.nan, np.inf, -np.inf])
    if how == "a jump":
        q[knot:, axis] += rng.choice([-1, 1]) * 10.0 ** rng.uniform(-3, 0)
    if how == "beyond a limit":
        q[:, axis] += np.linspace(0, 1, len(q)) ** 3 * rng.choice([-3.0, 3.0])
    return q


def is_allowed(q: Array) -> bool:
    """Return whether the arm stays inside the published table; shares no code with the gate."""
    if q.ndim != 2 or q.shape[1] != 10 or not len(q) or not np.isfinite(q).all():
        return False
    path = np.vstack([np.tile(HERE, (3, 1)), q])[:, :7]
    rates = [np.abs(np.diff(path, n=n, axis=0)) / DT**n for n in (1, 2, 3)]
    slack = 1.0 + 1e-6
    return bool(
        (q[:, :7] <= UPPER).all() and (q[:, :7] >= LOWER).all()
        and all((r <= m * slack).all() for r, m in zip(rates, (VELOCITY, ACCELERATION, JERK), strict=True))
    )  # fmt: skip


def test_of_ten_thousand_motions_none_is_let_through_that_the_table_forbids() -> None:
    rng = np.random.default_rng(4)
    passed: Counter[str] = Counter()
    for number in range(N):
        how = DAMAGES[number % len(DAMAGES)]
        q = damaged(swing(rng), how, rng)
        age_s = {"old": len(q) * DT + 0.01, "future": -0.01}.get(how, 0.0)
        gate = ChunkGate(PANDA_LIMITS)
        if how == "again":
            first = Chunk(q=np.tile(HERE, (5, 1)), sequence=2, observed_at_s=NOW_S)
            assert not gate.review(first, AT_REST, NOW_S)
        chunk = Chunk(
            q=q, sequence=int(rng.integers(3)) if how == "again" else 1, observed_at_s=NOW_S - age_s
        )
        found = gate.review(chunk, AT_REST, NOW_S)
        if not found:
            passed[how] += 1
            assert is_allowed(q), (number, how)
    assert passed["none"] > N / len(DAMAGES) / 4, "the gate refuses almost everything: the test shows nothing"
    assert not any(passed[how] for how in ("old", "future", "again", "shape", "not a number"))


def test_a_motion_may_lead_out_of_a_stretched_arm_and_not_into_one() -> None:
    straight = np.concatenate([[0.0, 0.3, 0.0, -0.08, 0.0, 3.0, 0.8], np.zeros(3)])
    stretched = straight + (HERE - straight) / 7  # where shoulder, elbow and tool are in one line
    t = np.arange(1, 601) / 600
    shares = (10 * t**3 - 15 * t**4 + 6 * t**5)[:, None]
    for start, end, found in ((HERE, stretched, ["away_from_singularity"]), (stretched, HERE, [])):
        chunk = Chunk(q=start + shares * (end - start), sequence=0, observed_at_s=NOW_S)
        at_rest = (start, np.zeros(10), np.zeros(10))
        assert [v.rule for v in ChunkGate(PANDA_LIMITS).review(chunk, at_rest, NOW_S)] == found
