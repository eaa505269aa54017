"""A policy behind openpi's wire, over real sockets, with everything that a server can do wrong."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from websockets.sync.server import ServerConnection

from robots import Observation
from skills.policies import ActionChunk, FailureKind, Frame, PolicyAnswer, PolicyFailure
from skills.policies.wires.adapter import SAYCANDO
from skills.policies.wires.arrays import pack
from skills.policies.wires.openpi import OpenPiClient
from skills.policies.wires.remote_policy import RemotePolicy
from tests.fakes.pictures import grey, seen_with
from tests.fakes.policy_server import FakeServer, actions, openpi_server

pytestmark = pytest.mark.wire
Behaviour = Callable[[FakeServer, ServerConnection, int], None]


def _seen(time_s: float = 0.0) -> Observation:
    return seen_with(time_s, head=grey(10), wrist=grey(20))


def _policy(server: FakeServer, deadline_s: float = 5.0) -> RemotePolicy:
    policy = RemotePolicy(OpenPiClient("127.0.0.1", server.port), SAYCANDO, deadline_s=deadline_s)
    policy.reset(_seen())
    return policy


def _answer(server: FakeServer, connection: ServerConnection, number: int) -> None:
    connection.send(actions(0.001 * number))


def test_request_and_reply_are_as_the_adapter_says() -> None:
    with openpi_server(_answer, metadata=pack({"policy": "mine"})) as server:
        policy = _policy(server)
        first, second = (
            policy.act(_seen(1.5), "pick up the apple"),
            policy.act(_seen(2.0), "pick up the apple"),
        )
        policy.close()
    assert isinstance(first, ActionChunk)
    assert isinstance(second, ActionChunk)
    assert (first.sequence, second.sequence, server.connections) == (0, 1, 1)
    assert (first.observed_at_s, first.frame, first.horizon) == (1.5, Frame.TOOL, 8)
    assert first.motion == pytest.approx(np.full((8, 6), 0.001))
    assert second.motion == pytest.approx(np.full((8, 6), 0.002))
    assert first.gripper_width == pytest.approx(np.full(8, 0.05))
    assert first.problem(max_width=0.08) is None
    sent = server.requests[0]
    assert list(sent) == ["observation/head", "observation/wrist", "observation/state", "prompt"]
    assert sent["observation/wrist"].dtype == np.uint8
    assert sent["observation/wrist"].shape == (96, 96, 3)
    assert (sent["observation/state"].dtype, sent["observation/state"].shape) == (np.float32, (20,))


def _garbage(server: FakeServer, connection: ServerConnection, number: int) -> None:
    connection.send(b"\xc1garbage")


def _text(server: FakeServer, connection: ServerConnection, number: int) -> None:
    connection.send("Traceback (most recent call last):\n  ...\nKeyError: 'observation/image'")
    connection.close(1011)


def _cut(server: FakeServer, connection: ServerConnection, number: int) -> None:
    connection.socket.shutdown(socket.SHUT_RDWR)


def _sends(reply: object) -> Behaviour:
    return lambda server, connection, number: connection.send(pack(reply))


@pytest.mark.parametrize(
    ("behave", "kind", "told"),
    [
        (_garbage, FailureKind.MALFORMED, "something else"),
        (_text, FailureKind.REFUSED, "KeyError: 'observation/image'"),
        (_cut, FailureKind.UNREACHABLE, "closed the connection"),
        (_sends([1, 2]), FailureKind.MALFORMED, "list where a map should be"),
        (_sends({"action": 1}), FailureKind.MALFORMED, "no 'actions'; it has action"),
        (_sends({"actions": "up"}), FailureKind.MALFORMED, "holds no numbers"),
        (_sends({"actions": np.zeros((8, 7), np.float32)}), FailureKind.MALFORMED, "expected (T, 10)"),
        (_sends({"actions": np.zeros((0, 10), np.float32)}), FailureKind.MALFORMED, "shape (0, 10)"),
        (_sends({"actions": np.zeros(10, np.float32)}), FailureKind.MALFORMED, "shape (10,)"),
        (_sends({"actions": np.full((8, 10), np.nan)}), FailureKind.MALFORMED, "no finite numbers"),
        (_sends({"actions": np.full((8, 10), np.inf)}), FailureKind.MALFORMED, "no finite numbers"),
    ],
)
def test_each_fault_is_a_value_with_a_reason_and_the_next_request_is_clean(
    behave: Behaviour, kind: FailureKind, told: str
) -> None:
    def once(server: FakeServer, connection: ServerConnection, number: int) -> None:
        (behave if number == 1 else _answer)(server, connection, number)

    with openpi_server(once) as server:
        policy = _policy(server)
        answer = policy.act(_seen(), "go")
        assert isinstance(answer, PolicyFailure)
        assert answer.kind is kind
        assert told in answer.reason
        after = policy.act(_seen(), "go")
        policy.close()
    assert isinstance(after, ActionChunk)
    assert after.motion[0, 0] == pytest.approx(0.002)
    assert server.connections == 2, "a connection that failed must not be used again"


def test_a_late_reply_is_never_the_answer_to_the_next_request() -> None:
    def late_first(server: FakeServer, connection: ServerConnection, number: int) -> None:
        if number == 1:
            server.release.wait(timeout=10)
            try:
                connection.send(actions(0.9))
            except OSError:
                return
            except Exception as error:  # the client has gone: that is the point
                assert "close" in str(error) or "frame" in str(error)
        else:
            server.release.set()
            connection.send(actions(0.002))

    with openpi_server(late_first) as server:
        policy = _policy(server, deadline_s=0.15)
        timed_out = policy.act(_seen(), "go")
        policy = _again(policy, 5.0)
        after: PolicyAnswer = policy.act(_seen(), "go")
        policy.close()
    assert isinstance(timed_out, PolicyFailure)
    assert timed_out.kind is FailureKind.TIMED_OUT
    assert "no reply within 0.15 s" in timed_out.reason
    assert isinstance(after, ActionChunk)
    assert after.motion[0, 0] == pytest.approx(0.002)


def _again(policy: RemotePolicy, deadline_s: float) -> RemotePolicy:
    policy._deadline_s = deadline_s
    return policy


def test_a_server_that_says_nothing_first_or_says_text_is_told() -> None:
    with openpi_server(_answer, metadata="hello") as server:
        answer = _policy(server).act(_seen(), "go")
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is FailureKind.MALFORMED
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = OpenPiClient("127.0.0.1", silent.getsockname()[1])
        policy = RemotePolicy(client, SAYCANDO, deadline_s=0.15)
        policy.reset(_seen())
        answer = policy.act(_seen(), "go")
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is FailureKind.TIMED_OUT


def test_nobody_there_and_a_restart_between_requests() -> None:
    with openpi_server(_answer) as server:
        policy, port = _policy(server), server.port
        assert isinstance(policy.act(_seen(), "go"), ActionChunk)
    gone = policy.act(_seen(), "go")
    assert isinstance(gone, PolicyFailure)
    assert gone.kind is FailureKind.UNREACHABLE
    with openpi_server(_answer, port=port):
        assert isinstance(policy.act(_seen(), "go"), ActionChunk)
        policy.close()


def test_a_camera_that_the_robot_lacks_is_a_reason_and_nothing_is_sent() -> None:
    with openpi_server(_answer) as server:
        answer = _policy(server).act(replace(_seen(), frames={}), "go")
    assert isinstance(answer, PolicyFailure)
    assert "camera head" in answer.reason
    assert not server.requests
