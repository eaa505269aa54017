"""Room planner: Fast Downward for the problems that our own search does not solve in time.

Optional: `pip install saycando[fast-downward]`. It is licensed under the GPL and only ever started as a
program of its own, on files; nothing of it is imported.

Source: Helmert, "The Fast Downward planning system" (2006); https://www.fast-downward.org.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from grounding import Facts, Formula, Operator, Universe

from .formula_shape import operator_types, predicates_in, types_in
from .pddl import read_plan, write_domain, write_problem
from .results import PlanResult
from .verify import verify_plan

_PACKAGE = "up_fast_downward"


def fast_downward_driver() -> Path | None:
    """Return the driver script of the installed Fast Downward, or None."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    driver = Path(found.origin).parent / "downward" / "fast-downward.py"
    return driver if driver.exists() else None


def find_plan_with_fast_downward(
    goal: Formula,
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    driver: Path,
    time_limit_s: float = 60.0,
) -> PlanResult:
    """Return a plan that Fast Downward found and `verify_plan` accepted.

    Args:
        goal: What must hold at the end.
        facts: Closed-world facts at the start.
        universe: Names and their types.
        operators: What can be done.
        driver: From `fast_downward_driver`.
        time_limit_s: Stop it after this long, [s].
    """
    begin = time.monotonic()
    with TemporaryDirectory() as folder:
        files = _write(Path(folder), goal, facts, universe, operators)
        plan = Path(folder) / "plan"
        command = [sys.executable, str(driver), "--alias", "lama-first", "--plan-file", str(plan), *files]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=time_limit_s, check=False)
        except subprocess.TimeoutExpired:
            return _failed(f"Fast Downward found no plan in {time_limit_s:g} s", begin)
        if not plan.exists():
            return _failed(f"Fast Downward found no plan (exit code {done.returncode})", begin)
        steps = read_plan(plan)
    checked = verify_plan(steps, goal, facts, universe, operators)
    if not checked.is_success:
        return _failed(f"the plan of Fast Downward does not work: {checked.reason}", begin)
    return PlanResult(steps=steps, duration_s=time.monotonic() - begin)


def _write(
    folder: Path, goal: Formula, facts: Facts, universe: Universe, operators: Sequence[Operator]
) -> list[str]:
    types = {kind for kinds in universe.types.values() for kind in kinds} | types_in(goal)
    predicates = predicates_in(goal) | {fact[0]: len(fact) - 1 for fact in sorted(facts)}
    for operator in operators:
        types |= operator_types(operator)
        predicates |= predicates_in(operator.precondition)
        for effect in operator.effects:
            predicates |= predicates_in(effect.atom) | predicates_in(effect.condition)
    domain, problem = folder / "domain.pddl", folder / "problem.pddl"
    domain.write_text(write_domain("task", operators, predicates, types), encoding="utf-8")
    text = write_problem("task", "task", universe, facts, goal, operators=operators)
    problem.write_text(text, encoding="utf-8")
    return [str(domain), str(problem)]


def _failed(reason: str, begin: float) -> PlanResult:
    return PlanResult(steps=None, reason=reason, duration_s=time.monotonic() - begin)
