"""Another planner is run as a program on files, and its plan is believed only when it verifies."""

from pathlib import Path
from typing import Any

import pytest

from grounding import parse_formula
from planner.symbolic.fast_downward import find_plan_with_fast_downward

_DRIVER = """
import sys
from pathlib import Path
plan, domain, problem = sys.argv[sys.argv.index("--plan-file") + 1 :]
assert "(define (domain task)" in Path(domain).read_text()
assert "(:goal" in Path(problem).read_text()
{body}
"""


def _run(home: Any, folder: Path, body: str) -> Any:
    driver = folder / "driver.py"
    driver.write_text(_DRIVER.format(body=body), encoding="utf-8")
    world = (home.facts, home.universe, home.operators)
    return find_plan_with_fast_downward(parse_formula("(holding apple_1)"), *world, driver=driver)


def test_a_plan_that_works_is_taken(small_kitchen: Any, tmp_path: Path) -> None:
    body = 'Path(plan).write_text("(go_to close_counter)\\n(pick apple_1)\\n; cost = 2\\n")'
    found = _run(small_kitchen, tmp_path, body)
    assert [str(step) for step in found.steps] == ["go_to(close_counter)", "pick(apple_1)"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('Path(plan).write_text("(pick apple_1)")', "does not work: step 1, pick(apple_1)"),
        ("sys.exit(12)", "found no plan (exit code 12)"),
    ],
)
def test_anything_else_is_a_reason(small_kitchen: Any, tmp_path: Path, body: str, says: str) -> None:
    found = _run(small_kitchen, tmp_path, body)
    assert found.steps is None
    assert says in found.reason
