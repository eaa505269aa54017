"""Room skills: arrays in msgpack as openpi writes them: a map with byte keys, C order.

Source: openpi's packages/openpi-client, msgpack_numpy.
"""

from __future__ import annotations

from typing import Any

import msgpack
import numpy as np

_ARRAY, _SCALAR = b"__ndarray__", b"__npgeneric__"
_REFUSED = frozenset("VOc")
"""Kinds of dtype that have no plain bytes: void, object, complex."""


class NotAnArray(ValueError):
    """A map that calls itself an array and is none."""


def pack(message: object) -> bytes:
    """Return a message of maps, lists, text, numbers and arrays as bytes.

    Raises:
        ValueError: If it holds an array of objects, structures or complex numbers.
    """
    return bytes(msgpack.packb(message, default=_encoded))


def unpack(data: bytes) -> Any:
    """Return the message of bytes; arrays own their memory.

    Raises:
        NotAnArray: If an array's bytes do not fit its type and shape.
        ValueError: If the bytes are no msgpack.
    """
    try:
        return msgpack.unpackb(data, object_hook=_decoded, strict_map_key=False)
    except NotAnArray:
        raise
    except UnicodeDecodeError as error:
        raise ValueError(f"no msgpack: {error}") from error
    except (msgpack.exceptions.UnpackException, msgpack.exceptions.ExtraData, TypeError) as error:
        raise ValueError(f"no msgpack: {error or type(error).__name__}") from error


def _encoded(value: object) -> dict[bytes, object]:
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in _REFUSED:
        raise ValueError(f"dtype {value.dtype} cannot be sent")
    if isinstance(value, np.ndarray):
        return {_ARRAY: True, b"data": value.tobytes(), b"dtype": value.dtype.str, b"shape": value.shape}
    if isinstance(value, np.generic):
        return {_SCALAR: True, b"data": value.item(), b"dtype": value.dtype.str}
    raise ValueError(f"{type(value).__name__} cannot be sent")


def _decoded(value: dict[Any, Any]) -> Any:
    if _ARRAY not in value and _SCALAR not in value:
        return value
    try:
        dtype = np.dtype(value[b"dtype"])
        if dtype.kind in _REFUSED:
            raise NotAnArray(f"dtype {dtype} is not allowed")
        if _SCALAR in value:
            return dtype.type(value[b"data"])
        return np.frombuffer(value[b"data"], dtype).reshape(value[b"shape"]).copy()
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise NotAnArray(f"an array that is none: {error}") from error
