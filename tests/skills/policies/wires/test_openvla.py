"""A policy behind OpenVLA's wire, over real sockets."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from robots import Observation
from skills import household_library
from skills.policies import ActionChunk, FailureKind, PolicyFailure
from skills.policies.uri import SkillChoiceError, with_implementations
from skills.policies.wires import Adapter, RemotePolicy
from skills.policies.wires.adapter import CameraKey
from skills.policies.wires.openvla import OpenVlaClient, decoded, encoded
from tests.fakes.pictures import grey, seen_with

GOLDEN = json.loads(Path(__file__).with_name("openvla_golden.json").read_text())
ADAPTER = Adapter(
    cameras={"head": CameraKey(key="image", size=(2, 2))}, rate_hz=5.0, gripper="open_one", execute=1
)
REQUEST = {"image": np.arange(12, dtype=np.uint8).reshape(2, 2, 3), "prompt": "do something"}
ACTION = np.array([0.01, 0.0, -0.02, 0.0, 0.0, 0.1, 1.0])


def test_requests_and_replies_have_the_published_json() -> None:
    client = OpenVlaClient("127.0.0.1", 8000, unnorm_key="bridge_orig")
    assert json.loads(client.body_of(REQUEST)) == _as_json(GOLDEN["request"])
    in_json = OpenVlaClient("127.0.0.1", 8000, unnorm_key="bridge_orig", is_double=True)
    double = json.loads(in_json.body_of(REQUEST))
    assert list(double) == ["encoded"]
    assert json.loads(double["encoded"]) == _as_json(GOLDEN["request"])
    assert decoded(_as_json(GOLDEN["reply"])) == pytest.approx(np.arange(7) / 10)


def _as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _seen() -> Observation:
    return seen_with(head=grey(9))


@contextmanager
def _server(answer: Callable[[dict[str, Any], threading.Event], bytes | None]) -> Iterator[int]:
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = answer(request, release)
            if body is None:
                self.connection.close()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):
                return  # the client has gone

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        release.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _policy(port: int, deadline_s: float = 5.0) -> RemotePolicy:
    policy = RemotePolicy(OpenVlaClient("127.0.0.1", port), ADAPTER, deadline_s=deadline_s)
    policy.reset(_seen())
    return policy


@pytest.mark.wire
@pytest.mark.parametrize("is_double", [False, True])
def test_one_action_becomes_a_chunk_of_one_step(is_double: bool) -> None:
    asked: list[dict[str, Any]] = []

    def answer(request: dict[str, Any], release: threading.Event) -> bytes:
        asked.append(request)
        text = json.dumps(encoded(ACTION))
        return (json.dumps(text) if is_double else text).encode()

    with _server(answer) as port:
        chunk = _policy(port).act(_seen(), "pick up the apple")
    assert isinstance(chunk, ActionChunk)
    assert chunk.motion == pytest.approx(ACTION[None, :6])
    assert chunk.gripper_width == pytest.approx([0.08])
    assert chunk.horizon_s == pytest.approx(0.2)
    assert asked[0]["instruction"] == "pick up the apple"
    assert asked[0]["image"]["shape"] == [2, 2, 3]


@pytest.mark.wire
@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b'"error"', FailureKind.REFUSED, 'answered "error"'),
        (b"<html>", FailureKind.MALFORMED, "something else than an array"),
        (b'{"action": [1, 2]}', FailureKind.MALFORMED, "something else than an array"),
        (json.dumps(encoded(np.array(["x"]))).encode(), FailureKind.MALFORMED, "holds no numbers"),
        (json.dumps(encoded(np.full(7, np.nan))).encode(), FailureKind.MALFORMED, "no finite numbers"),
        (json.dumps(encoded(np.zeros(6))).encode(), FailureKind.MALFORMED, "expected (T, 7)"),
        (None, FailureKind.UNREACHABLE, "hung up"),
    ],
)
def test_each_fault_is_a_value_with_a_reason(body: bytes | None, kind: FailureKind, told: str) -> None:
    with _server(lambda request, release: body) as port:
        answer = _policy(port).act(_seen(), "go")
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is kind
    assert told in answer.reason


@pytest.mark.wire
def test_silence_ends_at_the_deadline_and_nobody_there_is_told() -> None:
    def never(request: dict[str, Any], release: threading.Event) -> bytes:
        release.wait(timeout=10)
        return b"{}"

    with _server(never) as port:
        answer = _policy(port, deadline_s=0.15).act(_seen(), "go")
    assert isinstance(answer, PolicyFailure)
    assert answer.kind is FailureKind.TIMED_OUT
    gone = _policy(port).act(_seen(), "go")
    assert isinstance(gone, PolicyFailure)
    assert gone.kind is FailureKind.UNREACHABLE


def test_a_uri_names_server_and_adapter(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(
        '[adapters.vla]\ncameras.head = {key = "image", size = [224, 224]}\nunnorm_key = "bridge_orig"\n'
    )
    choices = {"pick": (f"openvla+http://127.0.0.1:8000#{file}:vla", "primitive")}
    library = with_implementations(household_library(), choices)
    assert library["pick"].implementations[0].name == "http://127.0.0.1:8000/act"
    with pytest.raises(SkillChoiceError, match="OpenVLA takes one picture"):
        with_implementations(household_library(), {"pick": ("openvla+http://127.0.0.1:8000",)})
