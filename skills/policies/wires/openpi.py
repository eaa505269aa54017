"""Room skills: openpi's wire: one binary msgpack frame there, one back; the server speaks first.

Source: openpi's packages/openpi-client and src/openpi/serving/websocket_policy_server.py.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from skills.policies.policy import FailureKind, PolicyFailure

from .watchdog import hung_up_at, time_left

if TYPE_CHECKING:
    from collections.abc import Mapping

    from websockets.sync.client import ClientConnection

MOST_BYTES = 64 * 2**20
"""Of one message."""


class OpenPiClient:
    """One connection, opened when it is needed; after any trouble the next request opens a new one."""

    def __init__(self, host: str, port: int, *, api_key: str | None = None) -> None:
        """Remember where the server is; nothing is sent."""
        self._address = f"ws://{host}:{port}"
        self._api_key = api_key
        self._stack = ExitStack()
        self._connection: ClientConnection | None = None
        self.metadata: Mapping[str, Any] = {}
        """What the server said of itself when the connection was opened."""

    @property
    def address(self) -> str:
        """Return `ws://host:port`."""
        return self._address

    def infer(self, request: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any] | PolicyFailure:
        """Return the reply, or why there is none, within one deadline for everything, connecting included."""
        from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

        from .arrays import pack, unpack

        until = time.monotonic() + deadline_s
        try:
            connection = self._connection or self._connect(until)
            with hung_up_at(until, connection.socket):  # a server that does not read would hold it for ever
                connection.send(pack(request))
            reply = connection.recv(timeout=time_left(until))
            if isinstance(reply, str):
                self.close()
                last = reply.strip().splitlines()[-1][:300] if reply.strip() else "an empty text"
                return PolicyFailure(kind=FailureKind.REFUSED, reason=f"{self._address} answered: {last}")
            return _mapping(unpack(reply))
        except TimeoutError:
            reason = f"{self._address} gave no reply within {deadline_s:g} s"
            kind = FailureKind.TIMED_OUT
        except (ConnectionClosed, EOFError) as error:
            reason, kind = f"{self._address} closed the connection: {error}", FailureKind.UNREACHABLE
            if time.monotonic() >= until:
                reason = f"{self._address} took no request within {deadline_s:g} s"
                kind = FailureKind.TIMED_OUT
        except (OSError, InvalidHandshake, InvalidURI) as error:
            reason, kind = f"{self._address} cannot be reached: {error}", FailureKind.UNREACHABLE
        except ValueError as error:
            reason, kind = f"{self._address} answered with something else: {error}", FailureKind.MALFORMED
        self.close()  # a late reply would be taken for the answer to the next request
        return PolicyFailure(kind=kind, reason=reason)

    def close(self) -> None:
        """Throw the connection away."""
        stack, self._stack, self._connection = self._stack, ExitStack(), None
        stack.close()

    def _connect(self, until: float) -> ClientConnection:
        from websockets.sync.client import connect

        from .arrays import unpack

        headers = {"Authorization": f"Api-Key {self._api_key}"} if self._api_key else None
        connection = self._stack.enter_context(
            connect(
                self._address,
                additional_headers=headers,
                compression=None,
                max_size=MOST_BYTES,
                open_timeout=time_left(until),
                close_timeout=0.05,
                ping_interval=None,  # a long inference would trip it; the deadline watches instead
            )
        )
        first = connection.recv(timeout=time_left(until))
        if isinstance(first, str):
            raise ValueError("text where its metadata should be")
        self.metadata = _mapping(unpack(first))
        self._connection = connection
        return connection


def _mapping(message: object) -> Mapping[str, Any]:
    if not isinstance(message, dict):
        raise ValueError(f"{type(message).__name__} where a map should be")
    return message
