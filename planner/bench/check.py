"""Room planner: refuse a task file with a start that cannot be or a goal that means nothing, before it runs."""

from __future__ import annotations

from grounding import parse_formula
from grounding.check import check_formula
from grounding.formula_parser import FormulaError
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
    fixtures = {spec.name: spec.kinds for spec in layout.fixtures}
    for task in file.tasks:
        try:
            check_setup(setup_of(task, file.scene), catalogue, layout)
            check_formula(parse_formula(task.goal), types=_types(task, catalogue, fixtures))
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
