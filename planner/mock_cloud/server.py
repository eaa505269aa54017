"""Room planner: a server on this machine that answers as a vendor does, with the offline model behind it.

with MockCloud("openai") as cloud:
    ...  # OPENAI_BASE_URL is cloud.url
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal

from robots.catalogue import Catalogue, load_catalogue

from .anthropic_wire import AnthropicWire
from .brain import Brain
from .openai_wire import BadWire, OpenAIWire
from .reading import UnreadablePrompt

WireName = Literal["openai", "anthropic"]
WIRES: tuple[WireName, ...] = ("openai", "anthropic")
MODEL = "mock"
_LARGEST = 32_000_000
"""Longest request that is read, [bytes]."""


class MockCloud:
    """Listens on 127.0.0.1 only; keys are not looked at."""

    def __init__(self, wire: WireName, *, port: int = 0, catalogue: Catalogue | None = None) -> None:
        """Open the port.

        Args:
            wire: Whose interface to speak.
            port: 0 takes a free one.
            catalogue: Known objects; default is the shipped catalogue.

        Raises:
            OSError: If the port is taken.
        """
        brain = Brain(load_catalogue() if catalogue is None else catalogue)
        self.wire = wire
        self._wire = OpenAIWire(brain) if wire == "openai" else AnthropicWire(brain)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.requests = 0

    @property
    def root(self) -> str:
        """Return `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """Return the base address that the vendor's SDK expects."""
        return f"{self.root}/v1" if self.wire == "openai" else self.root

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that send saycando, and the vendor's SDK, here."""
        vendor = self.wire.upper()
        return {f"{vendor}_BASE_URL": self.url, f"{vendor}_API_KEY": "mock"}

    def serve(self) -> None:
        """Answer until interrupted."""
        self._server.serve_forever(poll_interval=0.1)

    def __enter__(self) -> MockCloud:
        """Answer in a thread."""
        threading.Thread(target=self.serve, name="mock-cloud", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and close the port."""
        self._server.shutdown()
        self._server.server_close()

    def _reply(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        self.requests += 1
        try:
            return 200, self._wire.answer(path, body)
        except (BadWire, UnreadablePrompt) as error:
            return _refusal(str(error))
        except KeyError as error:
            return _refusal(f"the request lacks {error}")
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            return _refusal(f"the request is malformed: {error}")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or a body waits 40 ms for the client to acknowledge its headers

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                if not 0 < length <= _LARGEST:
                    self.close_connection = True
                    return self._send(413, _refusal(f"a body of {length} bytes is not read")[1])
                try:
                    body = json.loads(self.rfile.read(length))
                except (ValueError, RecursionError):
                    return self._send(*_refusal("the body is not JSON"))
                self._send(*cloud._reply(self.path, body))

            def do_GET(self) -> None:
                model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "saycando"}
                self._send(200, {"object": "list", "data": [model]})

            def log_message(self, format: str, *args: object) -> None:
                """Print nothing: the command counts requests."""

            def _send(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        return Handler


def _refusal(message: str) -> tuple[int, dict[str, Any]]:
    """Return status and body that say what is wrong with a request."""
    problem = {"type": "invalid_request_error", "message": f"mock cloud: {message}"}
    return 400, {"type": "error", "error": problem}
