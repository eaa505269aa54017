"""The rooms import only rightwards, export what they say, and start light."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ORDER = ("planner", "safety", "skills", "grounding", "robots")
MAY_READ_PROMPTS = {"planner", "safety"}
HEAVY = ("pybullet", "ompl", "toppra", "cv2", "langchain", "openai", "anthropic", "torch", "scipy")


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", [*ORDER, "prompts"])
def test_a_room_imports_only_rooms_to_its_right(room: str, project_root: Path) -> None:
    rank = ORDER.index(room) if room in ORDER else len(ORDER)
    allowed = set(ORDER[rank:]) | {room} | ({"prompts"} if room in MAY_READ_PROMPTS else set())
    forbidden = ({*ORDER, "prompts", "tests", "examples", "benchmarks"}) - allowed
    for path in (project_root / room).rglob("*.py"):
        assert not _imports(path) & forbidden, f"{path} imports {_imports(path) & forbidden}"


@pytest.mark.parametrize("room", [*ORDER, "prompts"])
def test_every_module_says_its_room_in_its_first_line(room: str, project_root: Path) -> None:
    for path in (project_root / room).rglob("*.py"):
        first = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert first and first.startswith(f"Room {room}: "), path


@pytest.mark.parametrize("room", ORDER)
def test_exports_are_sorted_and_exist(room: str) -> None:
    module = importlib.import_module(room)
    names = getattr(module, "__all__", [])
    assert list(names) == sorted(names, key=lambda n: (not n.isupper(), n.islower(), n))
    assert all(hasattr(module, name) for name in names)


@pytest.mark.parametrize("room", [*ORDER, "prompts"])
def test_importing_a_room_loads_nothing_heavy(room: str) -> None:
    code = f"import sys, {room}; print([m for m in {HEAVY!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_files_stay_readable_in_one_sitting(project_root: Path) -> None:
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for room in (*ORDER, "prompts")
        for path in (project_root / room).rglob("*.py")
    }
    assert {path: n for path, n in sizes.items() if n > 300} == {}
