"""Room planner: what a run's model cost, per step, read from its journal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from planner.request import BadRequest

from .exchanges import unanswered


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
    """Return one line per question and the sum; what was computed ahead and dropped has a line of its own.

    Raises:
        BadRequest: If the folder is no run folder.
    """
    journal = folder / "journal.sqlite"
    if not journal.is_file():
        raise BadRequest(f"{folder} is not a run folder: it has no journal.sqlite")
    lines = _questions(journal)
    asked = _sum(lines, "all", "")
    dropped = _dropped(journal, asked)
    lost = unanswered(journal)
    if dropped is not None:
        lines.append(dropped)
    if lost:
        lines.append(CostLine(step="?", purpose="sent, never answered", requests=lost, usd=None))
    return (*lines, _sum(lines, "all", ""))


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


def _dropped(journal: Path, asked: CostLine) -> CostLine | None:
    """Return what was answered on the network beyond the questions' own: computed ahead for nothing."""
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    try:
        has_table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'exchanges'").fetchone()
        if has_table is None:
            return None
        rows = connection.execute(
            "SELECT json_extract(payload, '$.requests'), json_extract(payload, '$.tokens.input'), "
            "json_extract(payload, '$.tokens.cached'), json_extract(payload, '$.tokens.output'), "
            "json_extract(payload, '$.usd') FROM exchanges WHERE state = 'answered'"
        ).fetchall()
    finally:
        connection.close()
    requests = sum(row[0] for row in rows) - asked.requests
    if requests <= 0:
        return None
    is_priced = asked.usd is not None and all(row[4] is not None for row in rows)
    return CostLine(
        step="-",
        purpose="computed ahead, dropped",
        requests=requests,
        input_tokens=sum(row[1] for row in rows) - asked.input_tokens,
        cached_tokens=sum(row[2] for row in rows) - asked.cached_tokens,
        output_tokens=sum(row[3] for row in rows) - asked.output_tokens,
        usd=sum(row[4] for row in rows) - (asked.usd or 0.0) if is_priced else None,
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
