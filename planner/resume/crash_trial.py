"""Room planner: kill a run for real, go on with it, and count what was done twice or lost.

The run lives in a process of its own that gets SIGKILL: right after a chosen event was committed to the
journal, or at any instant. What is counted afterwards comes from the journal and from the simulator's truth.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeAlias

from grounding import TRUE, Fact, Facts, Universe, holds, parse_formula
from planner.executive import Decided, Event, Inquiry, RunEnded
from planner.executive.taking_up import AGAIN
from planner.given_steps import read_call
from planner.journal import FILE, read_events
from planner.session import SessionOptions, open_session
from skills import HOUSEHOLD_CONTRACTS, Contract, SkillCall

from .resume_run import resume_run

Recorded: TypeAlias = tuple[str, dict[str, Any]]
"""Kind and payload of an event in the journal."""
LONGEST_S = 300.0
"""Longest time that a process may take, [s]."""
_PRELOADED = ("planner.resume.crash_trial", "robots.pybullet", "skills.motion.arm_planner")
"""Imported once, in the server from which the processes are forked."""


@dataclass(frozen=True, kw_only=True)
class CrashTask:
    """What is done and interrupted."""

    name: str
    instruction: str
    objects: Mapping[str, str]
    goal: str
    """What must be true of the simulated home in the end."""
    robot_at: str = "operator"
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Crash:
    """When a process is killed: one of the two is set, or none for never."""

    event: int | None = None
    """Right after so many events of this process were committed."""
    after_s: float | None = None
    """So long after its journal was opened, [s]."""


@dataclass(frozen=True, kw_only=True)
class CrashResult:
    """What became of a run that was killed once or more."""

    task: str
    crashes: tuple[Crash, ...]
    kills: int
    """Crashes that came before the run had ended."""
    ending: str
    reason: str
    is_goal_true: bool
    repeated: tuple[str, ...] = ()
    """Calls that were done again although they had been done."""
    lost: tuple[str, ...] = ()
    """Records that were committed and are not there, or that contradict each other."""
    questions: int = 0
    resume_s: tuple[float, ...] = ()
    """From the call to the first decision of every resumption, home included, [s]."""

    @property
    def is_finished(self) -> bool:
        """Return whether the run reached its goal, in its own words and in truth."""
        return self.ending == "succeeded" and self.is_goal_true


def crash_and_resume(task: CrashTask, crashes: tuple[Crash, ...], root: Path, *, answer: str) -> CrashResult:
    """Run a task, kill it as often as asked, and resume it until it has ended.

    Args:
        task: What to do.
        crashes: The first one kills the run, the others its resumptions.
        root: Folder for the run folder; must not exist.
        answer: What the person says where it is among the answers; else they give the first one.
    """
    root.mkdir(parents=True)
    lost: list[str] = []
    waits: list[float] = []
    kills = int(_killed(_run, (task, crashes[0], root), crashes[0], root))
    (folder,) = (file.parent for file in root.glob(f"*/{FILE}"))
    events = read_events(folder)
    if kills and crashes[0].event not in (None, len(events)):
        lost.append(f"{crashes[0].event} events were committed, {len(events)} are there")
    outcome = root / "outcome.json"
    for crash in (*crashes[1:], Crash()):
        if any(kind == "RunEnded" for kind, _ in events):
            break
        kills += _killed(_resume, (folder, crash, answer, outcome), crash, root)
        before, events = events, read_events(folder)
        if events[: len(before)] != before:
            lost.append("records that were there were not there after resuming")
        waits += json.loads(outcome.read_text())["waits_s"] if outcome.exists() else []
    ending, reason = next(
        ((data["ending"], data["reason"]) for kind, data in events if kind == "RunEnded"), ("open", "")
    )
    return CrashResult(
        task=task.name,
        crashes=crashes,
        kills=kills,
        ending=ending,
        reason=reason,
        is_goal_true=_is_true(task.goal, events),
        repeated=repeated_deeds(events),
        lost=(*lost, *contradictions(folder, events)),
        questions=sum(kind == "Asked" for kind, _ in events),
        resume_s=tuple(waits),
    )


def length_of(task: CrashTask, root: Path) -> tuple[int, float]:
    """Run a task undisturbed; return how many events it has, and how long it takes, [s].

    Raises:
        RuntimeError: If it does not succeed even so.
    """
    began = time.monotonic()
    result = crash_and_resume(task, (Crash(),), root, answer="")
    if not result.is_finished:
        raise RuntimeError(f"{task.name} does not succeed undisturbed: {result.ending}: {result.reason}")
    (folder,) = (file.parent for file in root.glob(f"*/{FILE}"))
    return len(read_events(folder)), time.monotonic() - began


def repeated_deeds(events: Sequence[Recorded]) -> tuple[str, ...]:
    """Return the steps that were dispatched although what they do was seen to be done.

    A second `pour` counts whatever is seen, unless a person ordered it.
    """
    contracts = {contract.name: contract for contract in HOUSEHOLD_CONTRACTS}
    facts: frozenset[Fact] = frozenset()
    found, poured, ordered = [], Counter[str](), 0
    for kind, data in events:
        if kind == "SceneSeen":
            facts = frozenset(tuple(fact) for fact in data["facts"])
        elif kind == "Asked":
            ordered += data["answer"] == AGAIN
        elif kind == "StepStarted":
            call = read_call(data["call"])
            poured[str(call)] += call.skill == "pour"
            is_again = poured[str(call)] > 1 + ordered
            if is_again or _is_done(contracts[call.skill], call, facts):
                found.append(f"step {data['number']}, {call}")
    return tuple(found)


def contradictions(folder: Path, events: Sequence[Recorded]) -> tuple[str, ...]:
    """Return what a whole journal cannot hold: a step without its one end, a gap, a damaged page."""
    begun = [data["number"] for kind, data in events if kind == "StepStarted"]
    ended = [data["number"] for kind, data in events if kind == "StepEnded"]
    ends = {number: ended.count(number) for number in begun}
    found = [f"step {number} ended {count} times" for number, count in ends.items() if count != 1]
    if ended != list(range(1, len(ended) + 1)):
        found.append(f"steps are numbered {ended}")
    connection = sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    connection.close()
    return (*found, *([] if verdict == "ok" else [verdict]))


def _is_done(contract: Contract, call: SkillCall, facts: Facts) -> bool:
    """Return whether everything that a call does to named things was seen before it was dispatched."""
    binding = contract.operator.binding(call.arguments)
    plain = [effect for effect in contract.effects if not effect.variables and effect.condition == TRUE]
    return all((effect.atom.ground(binding) in facts) == effect.is_add for effect in plain)


def _is_true(goal: str, events: Sequence[Recorded]) -> bool:
    """Return whether a goal without quantifiers was true of the home when it was last seen."""
    seen = [data["facts"] for kind, data in events if kind == "SceneSeen"]
    facts = frozenset(tuple(fact) for fact in seen[-1]) if seen else frozenset()
    return holds(parse_formula(goal), facts, Universe({}))


class _Killer:
    """A listener that ends its own process, as nothing in the process can prevent."""

    def __init__(self, crash: Crash) -> None:
        self._left = crash.event

    def __call__(self, event: Event) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _run(task: CrashTask, crash: Crash, root: Path) -> None:
    options = SessionOptions(run_root=root, listeners=(_Killer(crash),))
    with open_session(objects=task.objects, robot_at=task.robot_at, seed=task.seed, options=options) as home:
        home.run(task.instruction)


def _resume(folder: Path, crash: Crash, answer: str, outcome: Path) -> None:
    began = time.monotonic()
    waits: list[float] = []

    def first_decision(event: Event) -> None:
        if isinstance(event, Decided | RunEnded) and not waits:
            waits.append(time.monotonic() - began)
            outcome.write_text(json.dumps({"waits_s": waits}))

    outcome.unlink(missing_ok=True)

    def person(inquiry: Inquiry) -> str:
        return answer if answer in inquiry.options or not inquiry.options else inquiry.options[0]

    resume_run(folder, person=person, listeners=(first_decision, _Killer(crash)))


def _killed(target: Callable[..., None], arguments: tuple[Any, ...], crash: Crash, root: Path) -> bool:
    """Run `target` in a process of its own, kill it when due, and return whether it died of that."""

    def wait_and_kill(process: BaseProcess) -> None:
        deadline = time.monotonic() + LONGEST_S
        while not list(root.glob(f"*/{FILE}")) and process.is_alive() and time.monotonic() < deadline:
            process.join(0.005)
        process.join(crash.after_s)
        process.kill()

    meanwhile = wait_and_kill if crash.after_s is not None else None
    return run_apart(target, arguments, meanwhile) == -signal.SIGKILL


def run_apart(
    target: Callable[..., None],
    arguments: tuple[Any, ...],
    meanwhile: Callable[[BaseProcess], None] | None = None,
) -> int | None:
    """Run `target` in a process of its own and return its exit code; a signal counts negative.

    Args:
        target: A function of a module.
        arguments: What it is called with.
        meanwhile: Called with the process once it has started.

    Raises:
        RuntimeError: If it takes longer than `LONGEST_S`.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    process = context.Process(target=target, args=arguments)
    process.start()
    try:
        if meanwhile is not None:
            meanwhile(process)
        process.join(LONGEST_S)
        if process.is_alive():
            raise RuntimeError(f"a run took longer than {LONGEST_S:g} s")
        return process.exitcode
    finally:  # also when whoever waits is interrupted
        process.kill()
        process.join()
