"""Bytes between executor and filter, and records in shared memory: read back as they were, or refused."""

from __future__ import annotations

import multiprocessing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robots import Command, CommandReport, TrackedPerson, Violation
from safety.realtime.board import Board
from safety.realtime.links import PEOPLE, Links, State
from safety.realtime.wire import (
    REPLY_SIZE,
    REQUEST_SIZE,
    Kind,
    NotARequest,
    Request,
    read_reply,
    read_request,
    reply_bytes,
    request_bytes,
)

NUMBERS = st.floats(-1e3, 1e3)


@given(
    st.none() | st.lists(NUMBERS, min_size=7, max_size=7),
    st.none() | st.lists(NUMBERS, min_size=3, max_size=3),
    st.none() | st.floats(0, 0.08),
)
def test_a_command_is_read_as_it_was_written(
    arm: list[float] | None, base: list[float] | None, width: float | None
) -> None:
    command = Command(
        q_arm=None if arm is None else np.array(arm), base=None if base is None else np.array(base),
        gripper_width=width, gripper_force=20.0,
    )  # fmt: skip
    read = read_request(request_bytes(Request(Kind.COMMAND, command))).command
    for one, other in ((read.q_arm, command.q_arm), (read.base, command.base)):
        assert (one is None) == (other is None) and (one is None or (one == other).all())
    assert (read.gripper_width, read.gripper_force) == (width, 20.0)


@given(st.binary(max_size=2 * REQUEST_SIZE) | st.binary(min_size=REQUEST_SIZE, max_size=REQUEST_SIZE))
def test_garbage_is_no_request_and_no_reply(data: bytes) -> None:
    with pytest.raises(NotARequest):
        read_request(data)
    assert read_reply(data) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_no_request(value: float) -> None:
    data = request_bytes(Request(Kind.COMMAND, Command(q_arm=np.full(7, value), base=np.zeros(3))))
    with pytest.raises(NotARequest, match="finite"):
        read_request(data)


def test_a_refusal_keeps_its_reason() -> None:
    found = Violation(
        rule="separation", layer="tick", subject="distance to ann", measured=0.3, allowed=0.5, unit="m",
        reason="é" * 400,
    )  # fmt: skip
    data = reply_bytes(CommandReport(executed=Command(), violations=(found,)), None)
    assert len(data) == REPLY_SIZE
    report = read_reply(data)
    assert report is not None
    (read,) = report.violations
    assert (read.rule, read.subject, read.measured, read.unit) == (
        "separation",
        "distance to ann",
        "0.3",
        "m",
    )
    assert read.reason.startswith("ééé")


def test_a_torn_record_is_not_read() -> None:
    board = Board(multiprocessing.get_context("spawn"), 3)
    assert board.read() is None, "nothing was written"
    board.write(np.array([1.0, 2.0, 3.0]))
    assert (board.read() == [1.0, 2.0, 3.0]).all()  # type: ignore[union-attr]  # it is there
    board._raw[10] ^= 1
    assert board.read() is None


def test_the_nearest_people_reach_the_filter() -> None:
    links = Links(multiprocessing.get_context("spawn"))
    people = tuple(
        TrackedPerson(
            name=f"p{i}", p_world=np.array([9.0 - i, 0.0]), velocity=np.array([-1.6, 0.0]), radius=0.25,
            height=1.7, is_partner=i == 8, seen_at_s=3.0,
        )
        for i in range(9)
    )  # fmt: skip
    zeros = np.zeros(10)
    state = State(1.0, 0, 0, False, True, zeros, zeros, zeros, (0.08, 0.0), (0.0, 0.0), people)
    links.tell(state)
    read = links.state()
    assert read is not None and len(read.people) == PEOPLE
    assert [float(p.p_world[0]) for p in read.people] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert [p.is_partner for p in read.people] == [True, *[False] * 5]
    assert read.observation().people[0].velocity == pytest.approx([-1.6, 0.0])
