"""A policy file of ours behind openpi's wire acts as it does here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from robots import Observation
from skills.policies import ActionChunk, FailureKind, PolicyFailure
from skills.policies.onnx_policy import OnnxPolicy
from skills.policies.wires.adapter import SAYCANDO
from skills.policies.wires.openpi import OpenPiClient
from skills.policies.wires.remote_policy import RemotePolicy
from skills.policies.wires.serve import openpi_server
from tests.fakes.pictures import noisy, seen_with
from tests.fakes.policy_file import write_policy

pytestmark = pytest.mark.wire


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[OnnxPolicy, int]]:
    policy = OnnxPolicy(write_policy(tmp_path / "mine.onnx", skills=("pick",)))
    server = openpi_server(policy, port=0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield policy, server.socket.getsockname()[1]
    server.shutdown()
    thread.join(timeout=5)


def _seen(size: int = 96) -> Observation:
    return seen_with(head=noisy(0, size), wrist=noisy(0, size))


def test_a_served_policy_acts_as_it_does_here(served: tuple[OnnxPolicy, int]) -> None:
    policy, port = served
    client = OpenPiClient("127.0.0.1", port)
    remote = RemotePolicy(client, SAYCANDO)
    remote.reset(_seen())
    policy.reset(_seen())
    there, here = remote.act(_seen(), "pick up the apple"), policy.act(_seen(), "pick up the apple")
    remote.close()
    assert isinstance(there, ActionChunk)
    assert isinstance(here, ActionChunk)
    assert there.motion == pytest.approx(here.motion, abs=1e-6)
    assert there.gripper_width == pytest.approx(here.gripper_width, abs=1e-6)
    assert there.base == pytest.approx(here.base, abs=1e-6)
    assert client.metadata["skills"] == ["pick"]
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as reply:
        assert (reply.status, reply.read()) == (200, b"OK\n")


def test_a_request_that_does_not_fit_is_told_and_the_next_is_served(served: tuple[OnnxPolicy, int]) -> None:
    remote = RemotePolicy(OpenPiClient("127.0.0.1", served[1]), SAYCANDO)
    remote.reset(_seen())
    answer = remote.act(_seen(size=64), "pick up the apple")
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is FailureKind.REFUSED
    assert "expected uint8 (96, 96, 3) at 'observation/wrist', got uint8 (64, 64, 3)" in answer.reason
    assert isinstance(remote.act(_seen(), "pick up the apple"), ActionChunk)
    remote.close()
