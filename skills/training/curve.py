"""Room skills: the curve of a training: one line of JSON every so many steps, printed and kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from torch import Tensor

NAMES = ("action", "pointing", "where")


class Curve:
    """Means of the losses since the line before."""

    def __init__(self, folder: Path, report: Callable[[str], None], every: int) -> None:
        """Write into `curve.jsonl` of a folder that exists."""
        self._file = folder / "curve.jsonl"
        self._report, self._every = report, every
        self._sums, self._count = [0.0] * len(NAMES), 0
        self._began = time.monotonic()

    def note(self, step: int, losses: Sequence[Tensor], held_out: float | None, *, is_last: bool) -> None:
        """Count a step, and tell when it is time."""
        self._sums = [total + float(loss.detach()) for total, loss in zip(self._sums, losses, strict=True)]
        self._count += 1
        if step % self._every and not is_last:
            return
        means = {name: total / self._count for name, total in zip(NAMES, self._sums, strict=True)}
        line = {"step": step, "seconds": round(time.monotonic() - self._began, 1), **means}
        if held_out is not None:
            line["held_out"] = held_out
        self._sums, self._count = [0.0] * len(NAMES), 0
        self._report(json.dumps(line))
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
