"""Every example runs from the project's root and prints what its docstring promises."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.py"))


@pytest.mark.sim
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_promises(example: Path, project_root: Path) -> None:
    docstring = ast.get_docstring(ast.parse(example.read_text(encoding="utf-8")))
    assert docstring is not None
    _, command, promised = docstring.partition(f"python examples/{example.name}")
    assert command, "the docstring gives the exact command"
    expected = [line.strip() for line in promised.splitlines() if line.strip()]
    done = subprocess.run([sys.executable, str(example)], cwd=project_root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    assert printed == expected


def test_there_is_an_example_for_each_promise() -> None:
    assert {path.stem for path in EXAMPLES} >= {
        "first_chore",
        "add_a_skill",
        "add_a_scene_and_object",
        "use_the_library",
        "cloud_model",
        "langchain_model",
        "local_server",
        "agent_with_skill_tools",
        "policy_of_your_own",
    }
