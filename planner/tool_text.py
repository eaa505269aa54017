"""Room planner: what the skill tools tell an agent: the scene, what was executed, what was not and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby

from pydantic import ValidationError

from grounding import TRUE, Fact, Scene, Variable, nearest, to_pddl
from planner.executive import Report, StepRecord
from skills import Contract, SkillCall, Status

_SHOWN = 12
"""Valid choices listed at most."""
_LONGEST = 60
"""Characters of a wrong argument that are repeated."""


def parameter_names(contract: Contract) -> tuple[str, ...]:
    """Return the parameters without their question marks."""
    return tuple(parameter.name.lstrip("?") for parameter in contract.parameters)


def needs_text(contract: Contract) -> str:
    """Return what must hold before; the planner brings about what it can."""
    if contract.precondition == TRUE:
        return "nothing."
    return f"{to_pddl(contract.precondition)}; missing steps are added and reported."


def scene_text(scene: Scene) -> str:
    """Return the scene as compact JSON."""
    seen = {
        "objects": {name: sorted(thing.types) for name, thing in sorted(scene.items.items())},
        "places": {name: sorted(fixture.kinds) for name, fixture in sorted(scene.fixtures.items())},
        "facts": [_spell(fact) for fact in sorted(scene.facts)],
    }
    return json.dumps(seen, separators=(",", ":"))


def call_text(call: SkillCall) -> str:
    """Return the call with its arguments quoted and cut: they may be anything that a model writes."""
    return f"{call.skill}({', '.join(map(_quoted, call.arguments))})"


def argument_problem(contract: Contract, call: SkillCall, scene: Scene) -> str | None:
    """Return why the call makes no sense in the scene, with the valid choices, or None.

    Only the exact name of something in the scene passes, so no argument can smuggle in another call.
    """
    fits = [a in scene.universe.names(p) for p, a in zip(contract.parameters, call.arguments, strict=True)]
    if all(fits):
        return None
    wrong = [
        f"{_quoted(argument)} is no {_kind(name, parameter)} here"
        for name, parameter, argument, is_fit in zip(
            parameter_names(contract), contract.parameters, call.arguments, fits, strict=True
        )
        if not is_fit
    ]
    return f"not done, nothing moved: {'; '.join(wrong)}. {choices_text(contract, scene, call.arguments)}"


def schema_problem(contract: Contract, error: ValueError) -> str:
    """Return what is wrong with the arguments as they were sent."""
    details = error.errors(include_url=False) if isinstance(error, ValidationError) else []
    wrong = [f"{_quoted('.'.join(map(str, d['loc'])) or 'arguments')}: {d['msg']}" for d in details]
    takes = f"{contract.name} takes {', '.join(parameter_names(contract)) or 'no arguments'}"
    return f"not done, nothing moved: {'; '.join(wrong) or 'arguments do not fit'}; {takes}."


def choices_text(contract: Contract, scene: Scene, wanted: Iterable[str] = ()) -> str:
    """Return the valid names for every parameter, those most like what was wanted first."""
    given = dict(zip(parameter_names(contract), wanted, strict=False))
    sentences = []
    for name, parameter in zip(parameter_names(contract), contract.parameters, strict=True):
        valid = scene.universe.names(parameter)
        listed = ", ".join(nearest(given.get(name, "")[:_LONGEST], valid, limit=_SHOWN)) or "none"
        more = f" and {len(valid) - _SHOWN} more" if len(valid) > _SHOWN else ""
        sentences.append(f"Valid choices for {name}: {listed}{more}.")
    return " ".join(sentences)


def report_text(call: SkillCall, report: Report) -> str:
    """Return how the run ended, the steps that were really executed, and what changed: one line each."""
    executed = [s for s in report.steps if s.outcome.status is not Status.VETOED]
    vetoed = dict.fromkeys(
        f"{s.call}: {_line(s.outcome.reason)}" for s in report.steps if s.outcome.status is Status.VETOED
    )
    lines = [f"{report.ending.value}: {_line(report.reason)}"]
    if call not in report.done_calls:
        because = "what it should bring about holds" if report.succeeded else "its effects are not seen"
        lines.append(f"{call} was not done: {because}")
    lines.append(f"executed: {'; '.join(_counted(map(_step_text, executed))) or 'nothing, nothing moved'}")
    lines += [f"vetoed, not executed: {text}" for text in vetoed]
    lines += [f"difference: {d}" for d in dict.fromkeys(s.difference for s in executed if s.difference)]
    lines += _changes(report)
    return "\n".join(lines)


def _changes(report: Report) -> list[str]:
    after = frozenset(report.scene.facts)
    came, went = sorted(after - report.first_facts), sorted(report.first_facts - after)
    changes = (("now true", came), ("no longer true", went))
    return [f"{what}: {' '.join(map(_spell, facts))}" for what, facts in changes if facts]


def _step_text(step: StepRecord) -> str:
    if step.outcome.is_success and step.effects_hold:
        return f"{step.call} succeeded"
    seen = "its effects are seen" if step.effects_hold else "its effects are not seen"
    return f"{step.call} {step.outcome.status.value}, {seen}: {_line(step.outcome.reason)}"


def _counted(texts: Iterable[str]) -> list[str]:
    """Return equal neighbours once, with their number."""
    runs = ((text, len(list(group))) for text, group in groupby(texts))
    return [text if count == 1 else f"{text} ({count} times)" for text, count in runs]


def _kind(name: str, parameter: Variable) -> str:
    return name if name in parameter.types else f"{name} ({' or '.join(parameter.types)})"


def _quoted(text: str) -> str:
    return json.dumps(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")


def _line(text: str) -> str:
    return " ".join(text.split())


def _spell(fact: Fact) -> str:
    return f"({' '.join(fact)})"
