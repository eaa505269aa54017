"""Room skills: `check_skill`, the conformance check that any author can run.

Each finding is one sentence that names the probable cause. Without a trial only the contract is read; with
one, the skill is also rated, run, cancelled and run out of time on the robot that the trial provides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from grounding.formula import TRUE, And, Atom, Equal, Formula, Not
from grounding.predicates import PREDICATE_BY_NAME

from .formula_walk import Types, atoms_of, types_of
from .skill import Affordance, Contract, Evidence, Outcome, Skill, SkillCall, SkillContext, Status

REST_SPEED = 0.02
"""Joint or base speed below which the robot counts as at rest, [rad/s] or [m/s]."""
GRACE_S = 2.0
"""Robot time that braking may take after a cancellation or a timeout, [s]."""
LONGEST_DESCRIPTION = 160


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A call to try, and the robot to try it on."""

    call: SkillCall
    make_context: Callable[[], SkillContext]
    """Return a context in the same, fresh world each time."""


def check_skill(skill: Skill, trial: Trial | None = None) -> tuple[str, ...]:
    """Return what is wrong with `skill`, one sentence each; empty when it conforms."""
    findings = list(_contract_findings(skill.contract))
    if not skill.implementations:
        findings.append(f"{skill.name} has no implementation; give it at least one.")
    if trial is not None and not findings:
        findings += _trial_findings(skill, trial)
    return tuple(findings)


def _contract_findings(contract: Contract) -> Iterator[str]:
    name, description = contract.name, contract.description
    if not (name.isidentifier() and name == name.lower()):
        yield f"The name '{name}' is not snake_case; the planner writes calls as name(arguments)."
    if not description or "\n" in description or len(description) > LONGEST_DESCRIPTION:
        yield f"{name}: the description must be one line of 1 to {LONGEST_DESCRIPTION} characters."
    if not 0.0 < contract.timeout_s < math.inf:
        yield f"{name}: timeout_s is {contract.timeout_s}; it must be positive and finite."
    if not contract.effects:
        yield f"{name} has no effect, so nothing can be planned with it or checked after it."
    yield from _parameter_findings(contract)
    yield from _atom_findings(contract)
    yield from _contradictions(contract)


def _parameter_findings(contract: Contract) -> Iterator[str]:
    names = [parameter.name for parameter in contract.parameters]
    for repeated in sorted({n for n in names if names.count(n) > 1}):
        yield f"{contract.name}: parameter {repeated} is declared twice."
    used = {term for atom, _ in _contract_atoms(contract) for term in atom.terms}
    for unused in (n for n in names if n not in used):
        yield f"{contract.name}: parameter {unused} is used nowhere; is it misspelt in a formula?"


def _contract_atoms(contract: Contract) -> Iterator[tuple[Atom, Types]]:
    scope = types_of(contract.parameters)
    yield from atoms_of(contract.precondition, scope)
    for effect in contract.effects:
        inner = {**scope, **types_of(effect.variables)}
        yield effect.atom, inner
        yield from atoms_of(effect.condition, inner)


def _atom_findings(contract: Contract) -> Iterator[str]:
    seen: set[str] = set()
    for atom, scope in _contract_atoms(contract):
        for finding in _one_atom(atom, scope):
            if finding not in seen:
                seen.add(finding)
                yield f"{contract.name}: {finding}"


def _one_atom(atom: Atom, scope: Types) -> Iterator[str]:
    for term in atom.terms:
        if term.startswith("?") and term not in scope:
            yield f"{term} in ({atom.predicate} ...) is not declared; add it to parameters."
    if atom.predicate == "=":
        return
    predicate = PREDICATE_BY_NAME.get(atom.predicate)
    if predicate is None:
        yield f"unknown predicate '{atom.predicate}'; predicates: {', '.join(sorted(PREDICATE_BY_NAME))}."
    elif len(predicate.arguments) != len(atom.terms):
        count = len(predicate.arguments)
        yield f"({atom.predicate} ...) takes {count} argument(s) but has {len(atom.terms)}."


def _contradictions(contract: Contract) -> Iterator[str]:
    """Yield effects that change nothing because the precondition already demands them."""
    demanded = _literals(contract.precondition)
    for effect in contract.effects:
        if effect.condition == TRUE and not effect.variables and demanded.get(effect.atom) is effect.is_add:
            claim = f"({' '.join((effect.atom.predicate, *effect.atom.terms))})"
            claim = claim if effect.is_add else f"(not {claim})"
            yield f"{contract.name}: the effect {claim} is already the precondition; negate one."
    added = {e.atom for e in contract.effects if e.is_add and e.condition == TRUE and not e.variables}
    deleted = {e.atom for e in contract.effects if not e.is_add and e.condition == TRUE and not e.variables}
    for atom in sorted(added & deleted, key=str):
        yield f"{contract.name}: ({atom.predicate} ...) is both added and deleted; adding wins."


def _literals(formula: Formula) -> dict[Atom, bool]:
    match formula:
        case Atom():
            return {formula: True}
        case Not(Atom() as atom):
            return {atom: False}
        case And(parts):
            return {atom: sign for part in parts for atom, sign in _literals(part).items()}
        case Equal():
            return {}
    return {}


def _trial_findings(skill: Skill, trial: Trial) -> Iterator[str]:
    context = trial.make_context()
    yield from _affordance_findings(skill.affordance(trial.call, context.perceive()), trial.call)
    for implementation in skill.implementations:
        who = f"{trial.call} by {implementation.name}"
        context = trial.make_context()
        yield from _run_findings(implementation.run(trial.call, context), context, who)
        cancelled = replace(trial.make_context(), is_cancelled=lambda: True)
        yield from _stopped(implementation.run(trial.call, cancelled), cancelled, who, Status.CANCELLED, 0.0)
        late = replace(trial.make_context(), timeout_s=cancelled.robot.limits.tick_s)
        yield from _stopped(implementation.run(trial.call, late), late, who, Status.TIMED_OUT, late.timeout_s)


def _affordance_findings(affordance: Affordance, call: SkillCall) -> Iterator[str]:
    if not (math.isfinite(affordance.probability) and 0.0 <= affordance.probability <= 1.0):
        yield f"{call}: the affordance is {affordance.probability}; a probability lies in [0, 1]."
    if not affordance.source:
        yield f"{call}: the affordance names no source; say which model produced the number."
    if affordance.probability < 0.5 and not affordance.reasons:
        yield f"{call}: the affordance is {affordance.probability:.2f} without a reason; say what lowered it."


def _run_findings(outcome: Outcome, context: SkillContext, who: str) -> Iterator[str]:
    if not isinstance(outcome, Outcome):
        yield f"{who} returned {type(outcome).__name__}; return an Outcome whatever happens."
        return
    if not outcome.reason or "\n" in outcome.reason:
        yield f"{who} gave no one-line reason; people and the model read it."
    if outcome.is_success and not outcome.evidence:
        yield f"{who} succeeded without evidence; report what was measured, not what was asked."
    yield from _evidence_findings(outcome.evidence, who)
    if not 0.0 <= outcome.duration_s <= context.timeout_s + GRACE_S:
        allowed = f"0 to {context.timeout_s:.0f} s"
        yield f"{who} reports {outcome.duration_s:.1f} s, allowed is {allowed}; use observation.time_s."
    yield from _rest_findings(context, who)


def _evidence_findings(evidence: Evidence, who: str) -> Iterator[str]:
    for key, value in evidence.items():
        if isinstance(value, float) and not math.isfinite(value):
            yield f"{who}: the evidence {key} is {value}; measure it or leave it out."


def _rest_findings(context: SkillContext, who: str) -> Iterator[str]:
    now = context.robot.observe()
    speed = float(max(np.abs(now.dq_arm).max(), np.abs(now.base_velocity).max()))
    if not speed < REST_SPEED:
        yield f"{who} left the robot moving at {speed:.2f}; call robot.stop() before returning."


def _stopped(
    outcome: Outcome, context: SkillContext, who: str, wanted: Status, after_s: float
) -> Iterator[str]:
    if isinstance(outcome, Outcome) and outcome.status is not wanted and outcome.is_success:
        cause = (
            "poll context.is_cancelled()" if wanted is Status.CANCELLED else "compare with context.timeout_s"
        )
        yield f"{who} ended as {outcome.status} instead of {wanted}; {cause} between ticks."
    if isinstance(outcome, Outcome) and outcome.duration_s > after_s + GRACE_S:
        yield f"{who} took {outcome.duration_s:.1f} s to end as {wanted}; it must stop within {GRACE_S} s."
    yield from _rest_findings(context, f"{who}, {wanted},")
