"""Room skills: one deadline for all of a request, also for calls that have none of their own."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


def time_left(until: float) -> float:
    """Return how long it is until a time of the monotonic clock, [s], more than 0.

    Raises:
        TimeoutError: If it has passed.
    """
    left = until - time.monotonic()
    if left <= 0.0:
        raise TimeoutError
    return left


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
