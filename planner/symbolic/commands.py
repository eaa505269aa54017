"""Room planner: `saycando repair` and `saycando pddl`, without the command line around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grounding import PREDICATES, Facts, Formula, Universe
from skills import Contract

from .fast_downward import fast_downward_driver, find_plan_with_fast_downward
from .formula_shape import operator_types, types_in
from .pddl import read_domain, read_plan, read_problem, write_domain, write_plan, write_problem
from .repair import as_repair, repair_plan
from .results import Edit, EditKind, RepairResult

DOMAIN_NAME = "household"


@dataclass(frozen=True, kw_only=True)
class RepairReport:
    """What to print, and with which status to exit."""

    result: RepairResult
    text: str
    """Edits and reasons as comments, then the plan: itself a plan file."""

    @property
    def exit_code(self) -> int:
        """Return 0 when there is a plan, 1 when there is none. Files that cannot be read raise: 2."""
        return 0 if self.result.is_success else 1


def repair_command(domain: Path, problem: Path, plan: Path, *, time_limit_s: float = 0.8) -> RepairReport:
    """Repair a plan file; when our own search finds nothing in time, with Fast Downward's help if installed.

    Raises:
        PddlError: If a file cannot be read or does not fit the others; its text is the sentence to print.
    """
    world = read_domain(domain)
    task = read_problem(problem, world)
    steps = read_plan(plan)
    what = (task.goal, task.facts, task.universe, world.operators)
    result = repair_plan(steps, *what, time_limit_s=time_limit_s)
    driver = fast_downward_driver()
    if result.steps is None and not result.is_nearest and driver is not None:
        found = find_plan_with_fast_downward(*what, driver=driver)
        if found.steps is not None:
            result = as_repair(steps, found.steps, *what)
    return RepairReport(result=result, text=render_repair(result))


def render_repair(result: RepairResult) -> str:
    """Return the repair as text."""
    if result.steps is None:
        return f"; {result.reason}\n"
    if not result.edits:
        return f"; the plan reaches the goal as it is\n{write_plan(result.steps)}"
    count = len(result.edits)
    proof = (
        "no plan is nearer" if result.is_nearest else "time ran out before it was proved that none is nearer"
    )
    head = f"; {count} edit{'s' if count > 1 else ''} (distance {result.distance}; {proof})"
    lines = [head, *(f"; {describe_edit(edit)}" for edit in result.edits)]
    return "\n".join(lines) + "\n" + write_plan(result.steps)


def describe_edit(edit: Edit) -> str:
    """Return the edit and its reason in one sentence; steps are counted from 1."""
    old = f"step {edit.given_index + 1}" if edit.given_index is not None else ""
    new = f"step {edit.new_index + 1}" if edit.new_index is not None else ""
    match edit.kind:
        case EditKind.INSERT:
            what = f"insert {edit.call} as {new}"
        case EditKind.DELETE:
            what = f"delete {old}, {edit.call}"
        case EditKind.REPLACE:
            what = f"replace {old}, {edit.replaced}, by {edit.call}"
        case EditKind.MOVE:
            what = f"move {old}, {edit.call}, to {new}"
    return f"{what}: {edit.reason}"


@dataclass(frozen=True, kw_only=True)
class PddlFiles:
    """A domain and a problem as text."""

    domain: str
    problem: str

    def save(self, folder: Path) -> tuple[Path, Path]:
        """Write `domain.pddl` and `problem.pddl` and return their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = folder / "domain.pddl", folder / "problem.pddl"
        paths[0].write_text(self.domain, encoding="utf-8")
        paths[1].write_text(self.problem, encoding="utf-8")
        return paths


def pddl_command(
    contracts: Sequence[Contract], facts: Facts, universe: Universe, goal: Formula, *, name: str = "task"
) -> PddlFiles:
    """Return the household's domain and a task's problem, for any other planner."""
    operators = [contract.operator for contract in contracts]
    types = {kind for kinds in universe.types.values() for kind in kinds}
    types |= types_in(goal).union(*(operator_types(operator) for operator in operators))
    predicates = {p.name: len(p.arguments) for p in PREDICATES}
    return PddlFiles(
        domain=write_domain(DOMAIN_NAME, operators, predicates, types),
        problem=write_problem(name, DOMAIN_NAME, universe, facts, goal),
    )
