"""Room planner: a run in the terminal: the step, the bars for say and can, the verdict, the outcome."""

from __future__ import annotations

from typing import TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from grounding import to_pddl
from planner.executive import (
    Asked,
    Decided,
    Event,
    ModelCalled,
    ModelFailed,
    PlanMade,
    Preview,
    Recovering,
    Reduced,
    Report,
    RunEnded,
    RunResumed,
    RunStarted,
    SceneSeen,
    StepEnded,
    StepStarted,
    Vetoed,
)
from planner.language_model import Usage
from planner.selection import Candidate, Decision

_BAR = 8


class Display:
    """Listens to a run and tells it; plain lines when the output is not a terminal."""

    def __init__(self, console: Console) -> None:
        """Take where to print."""
        self._console = console
        self._status: Status | None = None
        self._reduced: set[tuple[str, str]] = set()
        """Rules and subjects that slowed or stopped the robot in this step, each told once."""

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        match event:
            case PlanMade():
                self._plan(event)
            case StepStarted():
                self._reduced.clear()
                self._working(f"{event.call}" + (f", attempt {event.attempt + 1}" if event.attempt else ""))
            case StepEnded():
                self._step_ended(event)
            case Vetoed():
                for violation in event.violations:
                    self._say(f"    [red]vetoed[/] {shown(str(violation))}")
            case Reduced() if not self._is_new(event):
                pass
            case SceneSeen():
                pass
            case _:
                self._say(event_line(event))

    def _is_new(self, event: Reduced) -> bool:
        known = (event.violation.rule, event.violation.subject)
        is_new = known not in self._reduced
        self._reduced.add(known)
        return is_new

    def _plan(self, event: PlanMade) -> None:
        if event.steps:
            calls = " → ".join(shown(str(step.call)) for step in event.steps)
            self._say(f"plan of {len(event.steps)} steps, verified: [cyan]{calls}[/]")
        for edit in event.edits:
            self._say(f"    [yellow]{shown(edit)}[/]")

    def _step_ended(self, event: StepEnded) -> None:
        outcome = event.outcome
        mark = "[green]✓[/]" if event.effects_hold else "[red]✗[/]"
        self._say(f"    {mark} {outcome.status.value} in {outcome.duration_s:.1f} s: {shown(outcome.reason)}")
        if event.difference:
            self._say(f"      [yellow]{shown(event.difference)}[/]")

    def _working(self, text: str) -> None:
        if self._console.is_terminal:
            self._status = self._console.status(shown(text))
            self._status.start()

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)


_Line: TypeAlias = (
    RunStarted | RunResumed | ModelCalled | ModelFailed | Decided | Reduced | Recovering | Asked | RunEnded
)


def event_line(event: _Line) -> str:
    """Return an event that fits one line."""
    match event:
        case RunResumed():
            where = (
                f"interrupted in {event.interrupted}" if event.interrupted else "interrupted between steps"
            )
            return f"[bold]“{shown(event.instruction)}”[/] [dim]resumed; {where}[/]"
        case RunStarted():
            how = f"{event.strategy}, model {shown(event.model)}, seed {event.seed}"
            return f"[bold]“{shown(event.instruction)}”[/] [dim]{how}[/]"
        case ModelCalled():
            return (
                f"[dim]{shown(event.model)} {event.purpose} ({cost(event.usage)}): {shown(event.answer)}[/]"
            )
        case ModelFailed():
            what = f"{shown(event.model)} {event.purpose} ({cost(event.usage)})"
            return f"    [red]no usable answer[/] [dim]{what}[/] {event.kind}: {shown(event.reason)}"
        case Decided():
            return decision_line(event.number, event.decision)
        case Reduced():
            return f"    [yellow]slowed or stopped[/] [dim]{shown(str(event.violation))}[/]"
        case Recovering():
            return f"    [yellow]recovery: {event.rung.value}[/] [dim]({shown(event.reason)})[/]"
        case Asked():
            return f"    [cyan]?[/] {shown(event.question)} → {shown(event.answer or 'no answer')}"
        case RunEnded():
            colour = "green" if event.ending == "succeeded" else "red"
            return f"[bold {colour}]{event.ending}[/]: {shown(event.reason)}"


def cost(usage: Usage) -> str:
    """Return latency, tokens and money of a question, as far as there are any."""
    parts = [f"{usage.latency_s * 1e3:.0f} ms"]
    if usage.calls != 1:
        parts.append(f"{usage.calls} requests")
    if usage.input_tokens or usage.output_tokens:
        parts.append(f"{usage.input_tokens}+{usage.output_tokens} tokens, {usage.cached_tokens} cached")
        parts.append("price unknown" if usage.usd is None else f"${usage.usd:.5f}")
    return ", ".join(parts)


def decision_line(number: int, decision: Decision) -> str:
    """Return `3 pick(apple_1)  say ████ 0.93  can ███ 0.88  = 0.82`, and the runner-up."""
    if decision.chosen is None:
        return f"{number:>2} nothing is both useful and possible"
    line = f"{number:>2} {candidate_line(decision.chosen)}"
    others = [c for c in decision.candidates if c.call != decision.chosen.call and c.combined > 0.0]
    return line + (f"  [dim]next {shown(str(others[0].call))} {others[0].combined:.2f}[/]" if others else "")


def candidate_line(candidate: Candidate) -> str:
    """Return a call with its bars."""
    return (
        f"[bold]{shown(str(candidate.call)):<30}[/] say {bar(candidate.say, 'blue')} {candidate.say:.2f}"
        f"  can {bar(candidate.can, 'green')} {candidate.can:.2f}  = [bold]{candidate.combined:.2f}[/]"
    )


def shown(text: str) -> str:
    """Return text that comes from outside for rich's markup, without codes that would steer the terminal."""
    return escape("".join(c if c.isprintable() or c == "\n" else " " for c in text))


def bar(share: float, colour: str) -> str:
    """Return a bar for a number from 0 to 1."""
    full = max(0, min(_BAR, round(share * _BAR)))
    return f"[{colour}]{'█' * full}[/][dim]{'░' * (_BAR - full)}[/]"


def show_preview(console: Console, preview: Preview) -> None:
    """Print the plan with the scores of every candidate that could be chosen."""

    def say(text: str) -> None:
        console.print(text, highlight=False, soft_wrap=True)

    if preview.goal is not None:
        say(f"goal [cyan]{shown(to_pddl(preview.goal))}[/]")
    reason = ""
    for number, planned in enumerate(preview.steps, start=1):
        if planned.step.reason != reason:
            reason = planned.step.reason
            say(f"[dim]{shown(reason)}[/]")
        for candidate in planned.decision.candidates:
            if candidate.call == planned.step.call:
                say(f"{number:>2} {candidate_line(candidate)}")
            elif candidate.combined > 0.0:
                why = ", ".join(candidate.reasons)
                say(f" · {candidate_line(candidate)}  [dim]{shown(why)}[/]")


def show_report(console: Console, report: Report) -> None:
    """Print what a run took and where its evidence lies."""
    timings = report.timings
    console.print(
        f"{len(report.steps)} skills in {timings.wall_s:.1f} s ({report.scene.time_s:.0f} s for the robot), "
        f"model calls: {report.model_calls}, {timings.planning_share:.1%} of the time planning\n"
        f"run folder: [bold]{report.run_folder}[/]",
        highlight=False,
        soft_wrap=True,
    )
