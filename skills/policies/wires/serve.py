"""Room skills: offer a policy file of ours to others, over openpi's wire."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import numpy as np

from skills.policies.onnx_policy import OnnxPolicy

from .adapter import SAYCANDO
from .arrays import pack, unpack

if TYPE_CHECKING:
    from websockets.http11 import Request, Response
    from websockets.sync.server import Server, ServerConnection

ERROR_CODE = 1011
"""With which openpi's server closes a connection after it has told an error."""


class BadObservation(ValueError):
    """A request that the policy cannot act on; the message says what was expected and what came."""


def openpi_server(policy: OnnxPolicy, *, host: str = "127.0.0.1", port: int = 8000) -> Server:
    """Return a server that is bound; `serve_forever` runs it, `shutdown` ends it.

    Bind it to loopback, or put it behind something that checks who calls: the wire has no authentication.

    Raises:
        OSError: If the address is taken.
    """
    from websockets.sync.server import serve

    def healthy(connection: ServerConnection, request: Request) -> Response | None:
        return connection.respond(HTTPStatus.OK, "OK\n") if request.path == "/healthz" else None

    return serve(
        lambda connection: _serve(connection, policy),
        host,
        port,
        compression=None,
        max_size=None,
        process_request=healthy,
    )


def _serve(connection: ServerConnection, policy: OnnxPolicy) -> None:
    from websockets.exceptions import ConnectionClosed

    try:
        connection.send(pack(policy.card.model_dump(mode="json")))
        for message in connection:
            began = time.perf_counter()
            try:
                reply = answer(policy, unpack(message if isinstance(message, bytes) else b""))
            except ValueError as error:
                connection.send("".join(traceback.format_exception_only(error)))
                connection.close(ERROR_CODE)
                return
            timing = {"infer_ms": 1e3 * (time.perf_counter() - began)}
            connection.send(pack({**reply, "policy_timing": timing, "server_timing": timing}))
    except ConnectionClosed:
        return


def answer(policy: OnnxPolicy, request: object) -> dict[str, Any]:
    """Return the reply to a request in the keys of the adapter `saycando`.

    Raises:
        BadObservation: If something is missing, or has another type or shape.
    """
    if not isinstance(request, Mapping):
        raise BadObservation(f"expected a map, got {type(request).__name__}")
    pictures = {}
    for name, (height, width) in policy.card.cameras.items():
        key = SAYCANDO.cameras[name].key
        pictures[name] = _array(request, key, np.dtype(np.uint8), (height, width, 3))
    state = _array(request, SAYCANDO.state_key, np.dtype(np.float32), (len(policy.card.states),))
    prompt = request.get(SAYCANDO.prompt_key)
    if not isinstance(prompt, str):
        raise BadObservation(f"expected a text at {SAYCANDO.prompt_key!r}, got {type(prompt).__name__}")
    chunk, success = policy.infer(pictures, state, prompt)
    reply = {SAYCANDO.action_key: chunk.astype(np.float32)}
    return reply if success is None else {**reply, "success": success}


def _array(request: Mapping[Any, Any], key: str, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Any:
    value = request.get(key)
    if not isinstance(value, np.ndarray) or value.dtype != dtype or value.shape != shape:
        came = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise BadObservation(
            f"expected {dtype} {shape} at {key!r}, got {came}; keys: {', '.join(map(str, request))}"
        )
    return value
