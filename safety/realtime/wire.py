"""Room safety: what executor and filter say to each other: records of a fixed size, and nothing else.

No pickles: bytes that somebody else sent are read as numbers and short texts, or refused.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from robots import Command, CommandReport, Violation

from .links import State

MAGIC = b"SCR1"
_REQUEST = struct.Struct("<4sBBxx12d")
_REPLY = struct.Struct("<4sBxxx10d48s16s64s64s64s16s192s")
REQUEST_SIZE, REPLY_SIZE = _REQUEST.size, _REPLY.size
_ARM, _BASE, _WIDTH, _SHARP, _HOT, _OTHER = 1, 2, 4, 8, 16, 32


class Kind(IntEnum):
    """What a request asks for."""

    COMMAND = 1
    STOP = 2
    STEP = 3
    """A skill begins: its time limit, and what the hand holds."""
    ACKNOWLEDGE = 4
    """A person has seen why the filter stopped the robot."""


@dataclass(frozen=True)
class Request:
    """A request that was read."""

    kind: Kind
    command: Command = Command()  # frozen
    timeout_s: float = 0.0
    held: frozenset[str] = frozenset()


class NotARequest(ValueError):
    """Bytes that are no request."""


def request_bytes(request: Request) -> bytes:
    """Return a request as it travels."""
    c, held = request.command, request.held
    flags = (
        _ARM * (c.q_arm is not None) | _BASE * (c.base is not None) | _WIDTH * (c.gripper_width is not None)
    )
    flags |= _SHARP * ("sharp" in held) | _HOT * ("hot" in held) | _OTHER * bool(held - {"sharp", "hot"})
    q = np.zeros(10)
    if c.q_arm is not None:
        q[:7] = c.q_arm
    if c.base is not None:
        q[7:] = c.base
    last = request.timeout_s if request.kind is Kind.STEP else c.gripper_force
    return _REQUEST.pack(MAGIC, request.kind, flags, *q, c.gripper_width or 0.0, last)


def read_request(data: bytes) -> Request:
    """Return what bytes ask for.

    Raises:
        NotARequest: If they are of another size, version or kind, or a number in them is none.
    """
    if len(data) != REQUEST_SIZE:
        raise NotARequest(f"{len(data)} bytes instead of {REQUEST_SIZE}")
    magic, kind, flags, *numbers = _REQUEST.unpack(data)
    if magic != MAGIC or kind not in list(Kind):
        raise NotARequest("another protocol")
    if not all(map(math.isfinite, numbers)):
        raise NotARequest("a number is not finite")
    q, width, last = np.array(numbers[:10]), numbers[10], numbers[11]
    held = {_SHARP: "sharp", _HOT: "hot", _OTHER: "item"}
    if kind != Kind.COMMAND:
        return Request(
            Kind(kind), timeout_s=last, held=frozenset(h for bit, h in held.items() if flags & bit)
        )
    command = Command(
        q_arm=q[:7] if flags & _ARM else None, base=q[7:] if flags & _BASE else None,
        gripper_width=width if flags & _WIDTH else None, gripper_force=last,
    )  # fmt: skip
    return Request(Kind.COMMAND, command)


def reply_bytes(report: CommandReport, state: State | None) -> bytes:
    """Return a report as it travels: the first thing that refused or slowed the command, and where it led."""
    told = np.zeros(10) if state is None else state.told
    first = (*report.violations, *report.slowed, None)[0]
    flags = 1 * bool(report.violations) | 2 * bool(report.slowed)
    texts = [""] * 7
    if first is not None:
        v = first
        texts = [v.rule, v.layer, v.subject, str(v.measured), str(v.allowed), v.unit, v.reason]
    return _REPLY.pack(MAGIC, flags, *told, *(text.encode()[:192] for text in texts))


def read_reply(data: bytes) -> CommandReport | None:
    """Return what bytes report; None when they are no reply."""
    if len(data) != REPLY_SIZE:
        return None
    magic, flags, *rest = _REPLY.unpack(data)
    told, texts = np.array(rest[:10]), [t.rstrip(b"\0").decode(errors="replace") for t in rest[10:]]
    if magic != MAGIC or not np.isfinite(told).all():
        return None
    rule, layer, subject, measured, allowed, unit, reason = texts
    found = Violation(
        rule=rule, layer=layer, subject=subject, measured=measured, allowed=allowed, unit=unit, reason=reason
    )
    executed = Command(q_arm=told[:7], base=told[7:])
    return CommandReport(
        executed=executed, violations=(found,) if flags & 1 else (),
        slowed=(found,) if flags & 2 and not flags & 1 else (),
    )  # fmt: skip
