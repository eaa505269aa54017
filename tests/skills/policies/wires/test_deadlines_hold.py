"""A deadline holds also for a server that stops reading or trickles, and no bytes raise anything."""

from __future__ import annotations

import socket
import threading
import time

import msgpack
import numpy as np
import pytest

from skills.policies import FailureKind, PolicyFailure
from skills.policies.wires.arrays import unpack
from skills.policies.wires.openpi import OpenPiClient
from skills.policies.wires.openvla import OpenVlaClient
from skills.policies.wires.watchdog import hung_up_at
from tests.fakes.policy_server import openpi_server


@pytest.mark.parametrize(
    "message",
    [
        msgpack.packb({b"__npgeneric__": True, b"data": 300, b"dtype": "|u1"}),
        b"\x81\x91\x01\x02",  # a list as the key of a map
    ],
)
def test_bytes_that_are_no_message_are_a_value_error(message: bytes) -> None:
    with pytest.raises(ValueError, match="array|msgpack"):
        unpack(message)


def test_json_nested_without_end_is_a_failure() -> None:
    answer = OpenVlaClient("127.0.0.1", 1)._answer(200, b"[" * 100_000)
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is FailureKind.MALFORMED


@pytest.mark.wire
def test_a_peer_that_stops_reading_does_not_hold_a_send() -> None:
    """The kernel takes what fits and no more; without the watchdog this never ends."""
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(OSError), hung_up_at(time.monotonic() + 0.1, ours):
        ours.sendall(bytes(64 * 2**20))


@pytest.mark.wire
def test_a_send_that_was_hung_up_is_timed_out() -> None:
    """The client's own socket is made to write into a pipe that nobody reads, once it is connected."""
    ours, theirs = socket.socketpair()
    with ours, theirs, openpi_server(lambda server, connection, number: None) as server:
        client = OpenPiClient("127.0.0.1", server.port, api_key="x")
        connection = client._connect(time.monotonic() + 5.0)
        real, connection.socket = connection.socket, ours
        answer = client.infer({"picture": np.zeros(64 * 2**20, dtype=np.uint8)}, deadline_s=0.2)
        real.close()
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is FailureKind.TIMED_OUT


@pytest.mark.wire
def test_headers_that_trickle_are_timed_out_before_they_end() -> None:
    """The server trickles for so long as the client listens, a minute at most."""
    ended = threading.Event()
    sent = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def trickle() -> None:
            nonlocal sent
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while sent < 3000 and not ended.wait(0.02):
                    try:
                        connection.sendall(b"a")
                    except OSError:
                        return
                    sent += 1

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        client = OpenVlaClient("127.0.0.1", listener.getsockname()[1])
        request = {"image": np.zeros((2, 2, 3), dtype=np.uint8), "prompt": "go"}
        answer = client.infer(request, deadline_s=0.2)
        ended.set()
        thread.join(timeout=5)
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is FailureKind.TIMED_OUT
    assert sent < 3000, "the server ended, not the deadline"
