"""Room skills: a deadline for calls that have none of their own: the socket is hung up when it has passed."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def hung_up_at(until: float, connection: socket.socket) -> Iterator[None]:
    """Shut a socket down at a time of the monotonic clock; whoever waits for it then gets an error.

    Args:
        until: When, [s].
        connection: The socket; it stays open if the block ends before.
    """

    def hang_up() -> None:
        with suppress(OSError):  # it may have ended in the same moment
            connection.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(0.0, until - time.monotonic()), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
