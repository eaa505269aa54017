"""A policy server on a real socket that speaks openpi's wire and misbehaves when it is told to."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from websockets.sync.server import Server, ServerConnection, serve

from skills.policies.wires.arrays import pack, unpack


class FakeServer:
    """Counts requests; `behave` decides what happens to each."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.port: int = server.socket.getsockname()[1]
        self.requests: list[dict[str, Any]] = []
        self.connections = 0
        self.release = threading.Event()
        """Lets a request that is held go on."""


def actions(value: float = 0.0, columns: int = 10, steps: int = 8) -> bytes:
    """A reply whose every action is the same number."""
    chunk = np.full((steps, columns), value, dtype=np.float32)
    if columns > 6:
        chunk[:, 6] = 0.05
    return pack({"actions": chunk, "policy_timing": {"infer_ms": 1.0}, "server_timing": {"infer_ms": 2.0}})


def _quiet() -> logging.Logger:
    logger = logging.getLogger("tests.policy_server")
    logger.setLevel(logging.CRITICAL + 1)  # faults that a test plays are no news
    return logger


@contextmanager
def openpi_server(
    behave: Callable[[FakeServer, ServerConnection, int], None],
    *,
    metadata: bytes | str = b"\x80",
    port: int = 0,
) -> Iterator[FakeServer]:
    """Serve on loopback until the end of the block; `behave` answers each request."""

    def handle(connection: ServerConnection) -> None:
        fake.connections += 1
        connection.send(metadata)
        for message in connection:
            fake.requests.append(unpack(message if isinstance(message, bytes) else message.encode()))
            behave(fake, connection, len(fake.requests))

    with serve(handle, "127.0.0.1", port, compression=None, max_size=None, logger=_quiet()) as server:
        fake = FakeServer(server)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            fake.release.set()
            server.shutdown()
            thread.join(timeout=5)
