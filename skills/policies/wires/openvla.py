"""Room skills: OpenVLA's wire: a picture and an instruction as JSON to `POST /act`, one action back.

Source: openvla's vla-scripts/deploy.py. Every failure of that server is status 200 with the body `"error"`.
"""

from __future__ import annotations

import json
import socket
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any

import numpy as np
from numpy.typing import NDArray

from robots import Array
from skills.policies.policy import FailureKind, PolicyFailure

from .watchdog import hung_up_at, time_left

MOST_BYTES = 2**20
"""Of a reply: seven numbers."""


class OpenVlaClient:
    """One connection a request: the server keeps nothing between them."""

    def __init__(
        self, host: str, port: int, *, unnorm_key: str | None = None, is_double: bool = False
    ) -> None:
        """Remember where the server is; nothing is sent.

        Args:
            host: Its host.
            port: Its port, 8000 by default.
            unnorm_key: Statistics that the server scales actions with; a wrong one scales wrongly, silently.
            is_double: The payload is JSON inside JSON, for servers whose clients have no array hooks.
        """
        self._host, self._port, self._unnorm_key = host, port, unnorm_key
        self._is_double = is_double

    @property
    def address(self) -> str:
        """Return `http://host:port/act`."""
        return f"http://{self._host}:{self._port}/act"

    def infer(self, request: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any] | PolicyFailure:
        """Return `{"actions": (1, n)}`, or why there is none, within one deadline for everything."""
        until = time.monotonic() + deadline_s
        body = self.body_of(request)
        connection = HTTPConnection(self._host, self._port, timeout=deadline_s)
        try:
            connection.connect()
            with hung_up_at(until, connection.sock):  # each byte that trickles would be waited for anew
                connection.request("POST", "/act", body, {"Content-Type": "application/json"})
                status, data = self._read(connection, until)
        except TimeoutError:
            return self._timed_out(deadline_s)
        except (OSError, HTTPException) as error:
            if time.monotonic() >= until:
                return self._timed_out(deadline_s)
            reason = f"{self.address} cannot be reached or hung up: {error or type(error).__name__}"
            return PolicyFailure(kind=FailureKind.UNREACHABLE, reason=reason)
        finally:
            connection.close()
        return self._answer(status, data)

    def close(self) -> None:
        """Nothing is held between requests."""

    def body_of(self, request: Mapping[str, Any]) -> bytes:
        """Return the JSON that is sent: the request's one picture and its text."""
        pictures = [v for v in request.values() if isinstance(v, np.ndarray) and v.ndim == 3]
        texts = [v for v in request.values() if isinstance(v, str)]
        payload: dict[str, Any] = {"image": encoded(pictures[0]), "instruction": texts[0]}
        if self._unnorm_key is not None:
            payload["unnorm_key"] = self._unnorm_key
        text = json.dumps(payload)
        return (json.dumps({"encoded": text}) if self._is_double else text).encode()

    def _read(self, connection: HTTPConnection, until: float) -> tuple[int, bytes]:
        """Read a reply that may trickle, until the deadline."""
        self._wait(connection, until)
        response = connection.getresponse()
        parts: list[bytes] = []
        while True:
            self._wait(connection, until)
            part = response.read1(65536)
            parts.append(part)
            if not part or sum(map(len, parts)) > MOST_BYTES:
                time_left(until)  # perhaps it only ended because it was hung up
                return response.status, b"".join(parts)

    def _wait(self, connection: HTTPConnection, until: float) -> None:
        left = time_left(until)
        if isinstance(connection.sock, socket.socket):
            connection.sock.settimeout(left)

    def _timed_out(self, deadline_s: float) -> PolicyFailure:
        reason = f"{self.address} gave no reply within {deadline_s:g} s"
        return PolicyFailure(kind=FailureKind.TIMED_OUT, reason=reason)

    def _answer(self, status: int, data: bytes) -> Mapping[str, Any] | PolicyFailure:
        if status != 200:
            reason = f"{self.address} answered with status {status}: {data[:200]!r}"
            return PolicyFailure(kind=FailureKind.REFUSED, reason=reason)
        try:
            message = json.loads(data)
            if message == "error":
                reason = f'{self.address} answered "error": its log says why, e.g. an unknown unnorm_key'
                return PolicyFailure(kind=FailureKind.REFUSED, reason=reason)
            if isinstance(message, str):
                message = json.loads(message)
            action = decoded(message)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            reason = f"{self.address} answered with something else than an array: {error}"
            return PolicyFailure(kind=FailureKind.MALFORMED, reason=reason)
        return {"actions": np.atleast_2d(action)}


def encoded(array: NDArray[Any]) -> dict[str, Any]:
    """Return an array as the server's JSON has it."""
    text = b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {"__numpy__": text, "dtype": array.dtype.str, "shape": list(array.shape)}


def decoded(message: Mapping[str, Any]) -> Array:
    """Return the numbers of the server's JSON.

    Raises:
        ValueError: If the bytes do not fit type and shape, or are no numbers; KeyError and TypeError alike.
    """
    dtype = np.dtype(message["dtype"])
    if dtype.kind not in "fiu":
        raise ValueError(f"dtype {dtype} holds no numbers")
    data = np.frombuffer(b64decode(message["__numpy__"]), dtype)
    return np.asarray(data.reshape(message["shape"]), dtype=np.float64)
