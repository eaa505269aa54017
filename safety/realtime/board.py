"""Room safety: numbers that one process writes and others read, so that nobody ever waits for anybody.

A reader that meets a half-written record sees that its checksum is wrong, and looks again. No locks: a
process that is killed or stopped while it held one would stop the others too.
"""

from __future__ import annotations

import struct
import zlib
from multiprocessing.context import BaseContext

import numpy as np

from robots import Array

_CHECKSUM = struct.Struct("<I")
_LOOKS = 5
"""So often a torn record is looked at again."""


class Board:
    """One record of float64; lives in shared memory that goes with the last process that has it."""

    def __init__(self, context: BaseContext, size: int) -> None:
        """Make an empty board.

        Args:
            context: Of the processes that will have it; they get it as an argument when they are started.
            size: Numbers in the record.
        """
        self._raw = context.RawArray("B", _CHECKSUM.size + 8 * size)

    def write(self, record: Array) -> None:
        """Replace the record."""
        data = np.asarray(record, dtype="<f8").tobytes()
        whole = _CHECKSUM.pack(zlib.crc32(data)) + data
        memoryview(self._raw).cast("B")[:] = whole

    def read(self) -> Array | None:
        """Return the newest record; None when there is none, or it is torn again and again."""
        for _ in range(_LOOKS):
            whole = bytes(memoryview(self._raw).cast("B"))
            data = whole[_CHECKSUM.size :]
            if _CHECKSUM.unpack_from(whole)[0] == zlib.crc32(data):
                return np.frombuffer(data, dtype="<f8") if any(whole) else None
        return None
