"""Room planner: rows for a policy whose action chunks come late, out of order, or diverge."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from robots import Array, Chunk, Command, CommandReport
from robots.pybullet.referee import STILL
from safety.motion import Mode

from .room import Room, empty_room
from .trial import Row, Trial
from .witness import longest_stop_s

STUBBORN_S = 1.0
"""A policy goes on sending for so long after its motion was refused, [s]."""
STOP_S = longest_stop_s() + 3.0 / 120.0
"""From the first bad command to rest, [s]; a refused policy then stays stopped."""
PIECES = 4


def _stale(rng: np.random.Generator) -> Trial:
    """Announce a motion that was computed too long ago, or in the future."""
    with empty_room() as room:
        q = room.motion(rng)[: int(rng.integers(20, 240))]
        while room.now_s < 4.0:
            room.guard.command(Command())
        horizon_s = len(q) * room.guard.limits.tick_s
        is_future = bool(rng.random() < 0.3)
        age_s = -float(rng.uniform(0.02, 5.0)) if is_future else horizon_s + float(rng.uniform(0.01, 2.0))
        first = _announced(room, q, 1, room.now_s - age_s)
        return _refused(room, first, f"a chunk of {horizon_s:.2f} s that is {age_s:.2f} s old")


def _reordered(rng: np.random.Generator) -> Trial:
    """Deliver the pieces of a motion in another order, or one of them twice."""
    with empty_room() as room:
        pieces = np.array_split(room.motion(rng), PIECES)
        order = list(range(PIECES))
        while order == sorted(order):
            order = [int(k) for k in rng.permutation(PIECES)]
        if rng.random() < 0.3:
            order = sorted(order)
            order.insert(int(rng.integers(2, PIECES + 1)), int(rng.integers(0, 1)))
        last, unsafe, reason = -1, list[str](), ""
        for number in order:
            report = _announced(room, pieces[number], number, room.now_s)
            if report.was_refused:
                reason = reason or str(report.violations[0])
                break
            if number != last + 1:
                unsafe.append(f"piece {number} was carried out after piece {last}")
            last = number
            for configuration in pieces[number][1:]:
                room.guard.command(_command(configuration))
        reaction_s = _rest(room)
        return _judged(room, f"pieces in the order {order}", reason, unsafe, reaction_s)


def _diverges(rng: np.random.Generator) -> Trial:
    """Let a motion go wrong from some tick on, announced whole or sent tick by tick."""
    with empty_room() as room:
        good = room.motion(rng)
        name = str(rng.choice(list(_WAYS)))
        at = int(rng.integers(2, max(3, len(good) - 30)))
        bad = np.vstack([good[:at], _WAYS[name](rng, good[at:], good[at - 1])])
        is_announced = bool(rng.random() < 0.4)
        told = f"{name} from tick {at} of {len(good)}, {'announced' if is_announced else 'tick by tick'}"
        if is_announced:
            return _refused(room, _announced(room, bad, 1, room.now_s), told, bad)
        reason, marked, refused_s = "", False, 0.0
        for tick, configuration in enumerate(bad):
            if tick == at:
                room.referee.mark()
                marked = True
            report = room.guard.command(_command(configuration))
            reason = reason or (str(report.violations[0]) if report.was_refused else "")
            refused_s += room.guard.limits.tick_s * report.was_refused
            if refused_s > STUBBORN_S:
                break
        assert marked
        unsafe = (
            [] if refused_s <= 0.6 or not room.guard.modes.may_move else ["a refused policy is not stopped"]
        )
        ends = room.guard.modes.mode is Mode.PROTECTIVE_STOP
        return _judged(room, told, reason, unsafe, _rest(room), is_stop=bool(reason) or ends)


def _noise(rng: np.random.Generator, rest: Array, last: Array) -> Array:
    return rest + rng.normal(0.0, 0.05, rest.shape)


def _ten_times(rng: np.random.Generator, rest: Array, last: Array) -> Array:
    steps = np.diff(np.vstack([last, rest]), axis=0)
    grown: Array = last + np.cumsum(10.0 * steps, axis=0)
    return grown


def _not_numbers(rng: np.random.Generator, rest: Array, last: Array) -> Array:
    wrong = np.array(rest)
    wrong[:, int(rng.integers(10))] = rng.choice([np.nan, np.inf, -np.inf])
    return wrong


def _runs_off(rng: np.random.Generator, rest: Array, last: Array) -> Array:
    ticks = np.arange(1, len(rest) + 1)[:, None] / 120.0
    off: Array = last + ticks * rng.uniform(-3.0, 3.0, 10)
    return off


def _alternates(rng: np.random.Generator, rest: Array, last: Array) -> Array:
    signs = (-1.0) ** np.arange(len(rest))[:, None]
    flipped: Array = last + signs * rng.uniform(0.01, 1.0)
    return flipped


_WAYS: Mapping[str, Callable[[np.random.Generator, Array, Array], Array]] = {
    "noise": _noise,
    "ten times": _ten_times,
    "not a number": _not_numbers,
    "running off": _runs_off,
    "alternating": _alternates,
}


def _announced(room: Room, q: Array, sequence: int, observed_at_s: float) -> CommandReport:
    """Send the first tick of a motion that is announced whole."""
    chunk = Chunk(q=q, sequence=sequence, observed_at_s=observed_at_s)
    first = _command(q[0])
    return room.guard.command(Command(q_arm=first.q_arm, base=first.base, ahead=chunk))


def _refused(room: Room, report: CommandReport, told: str, q: Array | None = None) -> Trial:
    """Judge a motion that must not have begun."""
    unsafe = [] if report.was_refused else ["the motion was begun"]
    reason = str(report.violations[0]) if report.was_refused else ""
    return _judged(room, told, reason, unsafe, _rest(room))


def _rest(room: Room) -> float | None:
    """Let the guard do nothing until the robot stands; return how long after the mark it moved last, [s]."""
    for _ in range(240):
        if room.referee.speed <= STILL:
            break
        room.guard.command(Command())
    return room.referee.reaction_s if room.referee.reaction_s > 0.0 else None


def _judged(
    room: Room, told: str, reason: str, unsafe: list[str], reaction_s: float | None, *, is_stop: bool = True
) -> Trial:
    return Trial(
        injected=told,
        ending="stopped" if is_stop else "passed",
        reason=reason,
        unsafe=(*unsafe, *room.findings()),
        is_explained=bool(reason),
        reaction_s=None if reaction_s is None else round(reaction_s, 4),
    )


def _command(configuration: Array) -> Command:
    return Command(q_arm=configuration[:7], base=configuration[7:])


CHUNK_ROWS = (
    Row(
        name="chunk-stale",
        group="policy",
        injection="a motion that was computed longer ago than it lasts, or in the future",
        expected="refused by its age before anything moves",
        inject=_stale,
    ),
    Row(
        name="chunk-reordered",
        group="policy",
        injection="four pieces of a motion in another order, or one twice",
        expected="refused by sequence or by the jump; what comes in order is carried out",
        inject=_reordered,
    ),
    Row(
        name="chunk-diverges",
        group="policy",
        injection="noise, ten times the speed, not a number, running off, alternating; whole or tick by tick",
        expected="no limit is broken; refused commands brake, and half a second of them stops for a person",
        inject=_diverges,
        reaction="at rest",
    ),
)
