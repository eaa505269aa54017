"""A language-model vendor on the loopback interface: real sockets, a scripted answer to every request."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any

from tests.fakes.vendor_schemas import ENDPOINTS, Json, first_error, prepare

_DRIP = 20
"""Bytes sent between two pauses of a trickling reply."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the vendor sends back, and how badly."""

    status: int = 200
    json: Json = None
    """Checked against the vendor's reply type when the status is 200."""
    body: bytes | None = None
    """Raw bytes instead of `json`, unchecked."""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay_s: float = 0.0
    """Wait before the first byte."""
    trickle_s: float = 0.0
    """Wait after every 20 bytes of the body."""
    cut: int | None = None
    """Bytes of the body really sent, though its full length is declared; then the connection ends."""
    hang: bool = False
    """Never answer; the connection ends when the vendor closes."""

    def __post_init__(self) -> None:
        if self.json is not None and self.body is not None:
            raise ValueError("a reply has json or body, not both")

    @property
    def payload(self) -> bytes:
        if self.body is not None:
            return self.body
        return b"" if self.json is None else json.dumps(self.json).encode()


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client sent."""

    time_s: float
    """Arrival, `time.monotonic`."""
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Json
    """Parsed; the text itself if it is not JSON; None for a GET."""


Answer = Callable[[str, Any], Reply]
"""From path and body to a reply; runs in a thread of the server."""
Step = Reply | Answer


class Vendor:
    """Answers each valid request with the next step; fails the test on any request more, less or malformed.

    A request that the vendor's types or documentation forbid gets 400 and takes no step. `bad` collects
    what went wrong; a test that provokes it on purpose clears it before leaving.
    """

    def __init__(self, steps: Iterable[Step], *, models: Iterable[str] = ("scripted",)) -> None:
        self.bad: list[str] = []
        self._script = deque(steps)
        self._answer: Answer | None = None
        self._models = tuple(models)
        self._requests: list[Request] = []
        self._lock = threading.Lock()

    @classmethod
    def answering(cls, answer: Answer, *, models: Iterable[str] = ("scripted",)) -> Vendor:
        """Return a vendor that gives every request to one function."""
        vendor = cls((), models=models)
        vendor._answer = answer
        return vendor

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests so far, in order of arrival."""
        with self._lock:
            return tuple(self._requests)

    @property
    def anthropic_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def openai_url(self) -> str:
        return f"{self.anthropic_url}/v1"

    def __enter__(self) -> Vendor:
        prepare()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.end()
        self._thread.join()
        if kind is None:
            problems = [*self.bad]
            if self._script:
                problems.append(f"scripted replies never asked for: {len(self._script)}")
            assert not problems, "the vendor objects:\n" + "\n".join(problems)

    def reply_to(self, request: Request) -> Reply:
        """Called once a request, in the thread of its connection."""
        with self._lock:
            self._requests.append(request)
        if request.path == "/v1/models" and request.body is None:
            return Reply(json=_model_list(self._models))
        if request.path not in ENDPOINTS:
            return self._object(404, f"{request.path} does not exist; paths: {', '.join(ENDPOINTS)}")
        if error := first_error(request.path, request.body):
            return self._object(400, f"request to {request.path}: {error}")
        with self._lock:
            step = self._answer or (self._script.popleft() if self._script else None)
        if step is None:
            return self._object(500, f"request to {request.path} after the end of the script")
        reply = step if isinstance(step, Reply) else step(request.path, request.body)
        if reply.status == 200 and reply.json is not None:
            error = first_error(request.path, reply.json, is_reply=True)
            if error:
                self.bad.append(f"fixture: reply of {request.path}: {error}")
        return reply

    def _object(self, status: int, message: str) -> Reply:
        self.bad.append(message)
        error = {"type": "invalid_request_error", "message": message, "param": None, "code": None}
        return Reply(status=status, json={"type": "error", "error": error})


class _Server(ThreadingHTTPServer):
    """Ends every connection and thread when it ends."""

    daemon_threads = False  # so that server_close joins them
    request_queue_size = 64

    def __init__(self, vendor: Vendor) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.vendor = vendor
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if not isinstance(error, ConnectionError):  # a client that gives up is what some tests are about
            self.vendor.bad.append(f"step: {error!r}")

    def end(self) -> None:
        self.closing.set()
        self.shutdown()
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a body waits 40 ms for the client to acknowledge its headers
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        raw = self.rfile.read(length)
        if len(raw) < length:  # the client gave up while it sent: no request
            self.close_connection = True
            return
        try:
            self._serve(json.loads(raw))
        except json.JSONDecodeError:
            self._serve(raw.decode(errors="replace"))

    def _serve(self, body: Json) -> None:
        request = Request(
            time_s=time.monotonic(),
            path=self.path.partition("?")[0],
            headers=MappingProxyType({name.lower(): value for name, value in self.headers.items()}),
            body=body,
        )
        reply = self.server.vendor.reply_to(request)
        self.close_connection = reply.hang or reply.cut is not None
        closing = self.server.closing
        if closing.wait(None if reply.hang else reply.delay_s):
            self.close_connection = True
            return
        payload = reply.payload
        self.send_response(reply.status)
        self.send_header("content-type", reply.content_type)
        self.send_header("content-length", str(len(payload)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        sent = payload[: reply.cut]
        size = _DRIP if reply.trickle_s else max(1, len(sent))
        for start in range(0, len(sent), size):
            self.wfile.write(sent[start : start + size])
            if closing.wait(reply.trickle_s):
                self.close_connection = True
                return


def _model_list(names: Iterable[str]) -> Json:
    """Return a list that both clients read: each record has the fields of both vendors."""
    both = {
        "object": "model",
        "created": 0,
        "owned_by": "loopback",
        "type": "model",
        "created_at": "1970-01-01T00:00:00Z",
        "lifecycle": "active",
    }
    models = [{"id": name, "display_name": name, **both} for name in names]
    return {"object": "list", "data": models, "has_more": False, "first_id": None, "last_id": None}
