"""Room planner: refuse a task file with an impossible start or a meaningless goal, before it runs."""

from __future__ import annotations

from grounding import Universe, parse_formula
from grounding.check import check_formula
from grounding.formula_parser import FormulaError
from grounding.scene import DIRECTIONS
from robots.catalogue import Catalogue, load_catalogue
from robots.setup import SCENES, ImpossibleStart, SceneSetup

from .task_file import TaskFile, TaskFileError, TaskSpec


def check_task_file(file: TaskFile) -> None:
    """Check scene, starts and goals.

    Raises:
        TaskFileError: With the task's id, what is wrong, and the nearest valid names.
    """
    from robots.pybullet import check_setup, saycan_kitchen

    if file.scene not in SCENES:
        raise TaskFileError(f"there is no scene {file.scene!r}; scenes: {', '.join(SCENES)}")
    catalogue, layout = load_catalogue(), saycan_kitchen()
    places = {spec.name: spec.kinds | {spec.name} for spec in layout.fixtures}
    for task in file.tasks:
        try:
            check_setup(setup_of(task, file.scene), catalogue, layout)
            universe = Universe({**places, **_directions(), **_items(task, catalogue)})
            check_formula(parse_formula(task.goal), universe, catalogue)
        except (ImpossibleStart, FormulaError) as error:
            raise TaskFileError(f"task {task.id}: {error}") from error


def setup_of(task: TaskSpec, scene: str) -> SceneSetup:
    """Return the start of a task."""
    return SceneSetup(
        items=dict(task.objects),
        robot_at=task.robot.at,
        holding=task.robot.holding,
        opened=frozenset(task.open),
        powered_on=frozenset(task.powered_on),
        scene=scene,
    )


def _items(task: TaskSpec, catalogue: Catalogue) -> dict[str, frozenset[str]]:
    names = [*task.objects, *([task.robot.holding] if task.robot.holding else [])]
    return {name: catalogue.types_of(catalogue.category_of(name) or name) for name in names}


def _directions() -> dict[str, frozenset[str]]:
    return {name: frozenset({"direction"}) for name in DIRECTIONS}
