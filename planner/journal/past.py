"""Room planner: read a journal back: how far a run came, as the executive needs it to go on."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grounding import TRUE, parse_formula
from planner.executive import Intent, JournalBroken, PastRun, Rung, StepRecord, steps_after
from planner.given_steps import read_call
from planner.language_model import Step
from skills import Outcome, Status

from .database import FILE


@dataclass(frozen=True, kw_only=True)
class JournalledRun:
    """What a journal says about its run."""

    past: PastRun
    has_moved: bool = False
    """Whether any step was begun."""
    was_resumed: bool = False
    ended: tuple[str, str] | None = None
    """Ending and reason; None when the run was interrupted, or still goes on."""


def read_events(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return (kind, payload) of every event of a run, oldest first.

    Raises:
        JournalBroken: If the journal cannot be read.
    """
    file = folder / FILE
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            there = "SELECT count(*) FROM sqlite_master WHERE name = 'events'"
            is_begun = connection.execute(there).fetchone()[0]
            query = "SELECT kind, payload FROM events ORDER BY seq"
            rows = connection.execute(query).fetchall() if is_begun else []
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise JournalBroken(file, error) from error
    return [(kind, json.loads(payload)) for kind, payload in rows]


def read_journal(folder: Path) -> JournalledRun:
    """Return what the journal of a run folder says.

    Raises:
        JournalBroken: If it cannot be read.
    """
    reading = _Reading()
    for kind, data in read_events(folder):
        reading.take(kind, data)
    return reading.run()


@dataclass
class _Reading:
    """The journal, event by event."""

    past: PastRun = field(default_factory=lambda: PastRun(instruction=""))
    answered: str = ""
    model: str = ""
    has_request_veto: bool = False
    has_moved: bool = False
    was_resumed: bool = False
    ended: tuple[str, str] | None = None

    def run(self) -> JournalledRun:
        """Return what was read."""
        return JournalledRun(
            past=replace(self.past, is_confirmed=self.past.has_plan and self.has_request_veto),
            has_moved=self.has_moved,
            was_resumed=self.was_resumed,
            ended=self.ended,
        )

    def take(self, kind: str, data: dict[str, Any]) -> None:
        """Take in one event; kinds that say nothing about how to go on are passed over."""
        past = self.past
        match kind:
            case "RunStarted":
                self.model = data["model"]
                self.past = replace(past, instruction=data["instruction"])
            case "RunResumed":
                self.was_resumed = True
            case "SceneSeen":
                facts = frozenset(tuple(fact) for fact in data["facts"])
                self.past = replace(past, seen={**past.seen, data["steps"]: facts})
            case "ModelCalled" | "ModelFailed":
                self._asked_model(kind, data)
            case "PlanMade":
                self._planned(data)
            case "StepStarted" | "StepEnded":
                self._step(kind, data)
            case "Recovering":
                self.past = replace(past, recoveries=(*past.recoveries, Rung(data["rung"])))
            case "Asked" if data["is_heard"]:
                answer = data["answer"] or past.answer
                self.past = replace(past, questions=past.questions + 1, answer=answer)
            case "Vetoed":
                self.has_request_veto = self.has_request_veto or data["subject"] == "request"
            case "RunEnded":
                self.ended = (data["ending"], data["reason"])

    def _asked_model(self, kind: str, data: dict[str, Any]) -> None:
        past, is_plan = self.past, data["purpose"] == "decompose"
        if is_plan and kind == "ModelCalled":
            self.answered = data["answer"]
        self.past = replace(
            past,
            model_calls=past.model_calls + data["usage"]["calls"],
            decompositions=past.decompositions + is_plan,
        )

    def _planned(self, data: dict[str, Any]) -> None:
        goal = TRUE if data["goal"] is None else parse_formula(data["goal"])
        steps = tuple(_step(step) for step in data["steps"])
        # What a model gave as a formula, and what a program named call by call, was asked for.
        is_asked = self.answered.startswith("(") or self.model == "given"
        asked = parse_formula(data["asked"]) if data.get("asked") else None
        self.past = replace(
            self.past,
            has_plan=True,
            goal=goal,
            asked=goal if asked is None and is_asked else asked,
            plan=self.past.plan or steps,
            left=steps,
        )

    def _step(self, kind: str, data: dict[str, Any]) -> None:
        past, call = self.past, read_call(data["call"])
        if kind == "StepStarted":
            self.has_moved = True
            intent = Intent(
                number=data["number"],
                call=call,
                implementation=data["implementation"],
                attempt=data["attempt"],
            )
            self.past = replace(past, intent=intent)
            return
        begun = past.intent
        record = StepRecord(
            call=call,
            implementation=begun.implementation if begun else "",
            attempt=begun.attempt if begun else 0,
            outcome=_outcome(data["outcome"]),
            effects_hold=data["effects_hold"],
            difference=data["difference"],
        )
        left = steps_after(past.left, call) if record.effects_hold else past.left
        self.past = replace(past, records=(*past.records, record), left=left, intent=None)


def _step(data: dict[str, Any]) -> Step:
    alternatives = tuple(read_call(call) for call in data["alternatives"])
    return Step(call=read_call(data["call"]), reason=data["reason"], alternatives=alternatives)


def _outcome(data: dict[str, Any]) -> Outcome:
    return Outcome(
        status=Status(data["status"]),
        reason=data["reason"],
        evidence=data["evidence"],
        duration_s=data["duration_s"],
    )
