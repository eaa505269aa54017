"""Room planner: what a run's model cost, per step, read from its journal."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from planner.request import BadRequest

from .exchanges import read_exchanges, unanswered


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One question to the model, or a sum."""

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "requests",
        "input tokens",
        "of them cached",
        "output tokens",
        "USD",
        "latency [s]",
    )

    step: str
    """Number of the step that it was asked for; "plan" before the first."""
    purpose: str
    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    latency_s: float = 0.0

    def cells(self) -> tuple[str, ...]:
        """Return the numbers as text, in the order of `COLUMNS`."""
        return (
            str(self.requests),
            f"{self.input_tokens:,}",
            f"{self.cached_tokens:,}",
            f"{self.output_tokens:,}",
            "unknown" if self.usd is None else f"{self.usd:.6f}",
            f"{self.latency_s:.3f}",
        )


def cost_lines(folder: Path) -> tuple[CostLine, ...]:
    """Return one line per question, one for what else was sent, and the sum.

    What else was sent: questions computed ahead and dropped, lost races, and requests without an end. Of the
    latter nobody knows the price; they count with the most that they can cost.

    Raises:
        BadRequest: If the folder is no run folder.
    """
    journal = folder / "journal.sqlite"
    if not journal.is_file():
        raise BadRequest(f"{folder} is not a run folder: it has no journal.sqlite")
    lines = _questions(journal)
    asked = _sum(lines, "all", "")
    sent = everything_sent(journal)
    rest = _difference(sent, asked)
    lost = unanswered(journal)
    if rest.requests or rest.input_tokens or rest.usd != 0.0 or lost:
        what = "dropped or hedged" + (f"; {lost} never answered" if lost else "")
        lines.append(replace(rest, step="-", purpose=what))
    return (*lines, _sum(lines, "all", ""))


def everything_sent(journal: Path) -> CostLine:
    """Return everything that went over the network, whoever waited for it."""
    line = CostLine(step="", purpose="")
    most: dict[str, float | None] = {}
    waiting: Counter[str] = Counter()
    for state, key, data in read_exchanges(journal):
        if state == "sent":
            most[key] = data.get("most_usd")
            waiting[key] += 1
            line = replace(line, requests=line.requests + 1)
        elif state == "answered" and data["source"] == "network":
            tokens = data["tokens"]
            line = replace(
                line,
                input_tokens=line.input_tokens + tokens["input"],
                cached_tokens=line.cached_tokens + tokens["cached"],
                output_tokens=line.output_tokens + tokens["output"],
                usd=_plus(line.usd, data["usd"]),
            )
        elif state == "cancelled":
            waiting[key] -= 1
            line = replace(line, usd=_plus(line.usd, most[key]))
        if state in ("answered", "failed"):
            del waiting[key]
    for key, count in waiting.items():
        for _ in range(count):
            line = replace(line, usd=_plus(line.usd, most[key]))
    return line


def _plus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def _difference(all_sent: CostLine, asked: CostLine) -> CostLine:
    usd = None if all_sent.usd is None or asked.usd is None else max(0.0, all_sent.usd - asked.usd)
    return CostLine(
        step="",
        purpose="",
        requests=max(0, all_sent.requests - asked.requests),
        input_tokens=max(0, all_sent.input_tokens - asked.input_tokens),
        cached_tokens=max(0, all_sent.cached_tokens - asked.cached_tokens),
        output_tokens=max(0, all_sent.output_tokens - asked.output_tokens),
        usd=usd,
    )


def _questions(journal: Path) -> list[CostLine]:
    """Return the questions in their order; a question belongs to the step that is decided next."""
    lines: list[CostLine] = []
    open_from, has_decided = 0, False
    for kind, payload in _events(journal):
        if kind == "Decided":
            number = str(payload["number"])
            lines[open_from:] = [_at(line, number, has_decided) for line in lines[open_from:]]
            open_from, has_decided = len(lines), True
        else:
            lines.append(_question(kind, payload))
    return lines


def _at(line: CostLine, number: str, has_decided: bool) -> CostLine:
    is_plan = line.purpose.startswith("decompose") and not has_decided
    return line if is_plan else replace(line, step=number)


def _question(kind: str, payload: dict[str, Any]) -> CostLine:
    usage = payload["usage"]
    failed = f", {payload['kind']}" if kind == "ModelFailed" else ""
    return CostLine(
        step="plan",
        purpose=payload["purpose"] + failed,
        requests=usage["calls"],
        input_tokens=usage["input_tokens"],
        cached_tokens=usage["cached_tokens"],
        output_tokens=usage["output_tokens"],
        usd=usage["usd"],
        latency_s=usage["latency_s"],
    )


def _sum(lines: Sequence[CostLine], step: str, purpose: str) -> CostLine:
    amounts = [line.usd for line in lines if line.usd is not None]
    return CostLine(
        step=step,
        purpose=purpose,
        requests=sum(line.requests for line in lines),
        input_tokens=sum(line.input_tokens for line in lines),
        cached_tokens=sum(line.cached_tokens for line in lines),
        output_tokens=sum(line.output_tokens for line in lines),
        usd=sum(amounts) if len(amounts) == len(lines) else None,
        latency_s=sum(line.latency_s for line in lines),
    )


def _events(journal: Path) -> list[tuple[str, dict[str, Any]]]:
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT kind, payload FROM events WHERE kind IN ('ModelCalled', 'ModelFailed', 'Decided') "
            "ORDER BY seq"
        )
        return [(kind, json.loads(payload)) for kind, payload in rows]
    finally:
        connection.close()
