"""Room planner: `saycando run` and `saycando plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.remote.limits import DECOMPOSE_DEADLINE_S, MOST_CALLS, MOST_TOKENS

from .errors import exit_codes
from .model_options import (
    BudgetCalls,
    BudgetTokens,
    BudgetUsd,
    CacheFolder,
    CalibrationFile,
    Deadline,
    Hedge,
    ModelName,
    Pictures,
    Prefetch,
    PriceFile,
    ScorerOption,
    model_settings,
)
from .skill_options import SkillOption, SkillsFile, chosen_skills

if TYPE_CHECKING:
    from planner.bench.task_file import TaskSpec
    from planner.session import Session, SessionOptions

Instruction = Annotated[str | None, typer.Argument(help="What to do, in household English.")]
SceneName = Annotated[str, typer.Option(help="Where it happens.")]
Seed = Annotated[int, typer.Option(min=0, help="Decides everything that is sampled.")]
StrategyName = Annotated[str, typer.Option(help="plan-ahead or saycan.")]
PerceptionName = Annotated[str, typer.Option(help="oracle: the simulator's truth.")]
TaskReference = Annotated[str | None, typer.Option("--task", help="FILE.yaml#ID: start as that task does.")]
Put = Annotated[
    list[str] | None, typer.Option("--put", help="ITEM=PLACE, e.g. apple_1=table; repeat for more.")
]
Label = Annotated[
    list[str] | None, typer.Option("--label", help="ITEM=WORDS that are printed on it; repeat for more.")
]
At = Annotated[str, typer.Option("--at", help="Where the robot starts.")]

DEFAULT_OBJECTS = {
    "apple_1": "close_counter",
    "coke_can_1": "table",
    "kettle_chips_1": "table",
    "sponge_1": "close_counter",
    "water_bottle_1": "far_counter",
    "mug_1": "far_counter",
}
"""What stands around when nothing else is asked for."""


def run(
    instruction: Instruction = None,
    scene: SceneName = "saycan_kitchen",
    put: Put = None,
    at: At = "operator",
    label: Label = None,
    seed: Seed = 0,
    strategy: StrategyName = "plan-ahead",
    perception: PerceptionName = "oracle",
    model: ModelName = "offline",
    scorer: ScorerOption = None,
    budget_usd: BudgetUsd = None,
    budget_calls: BudgetCalls = MOST_CALLS,
    budget_tokens: BudgetTokens = MOST_TOKENS,
    deadline: Deadline = DECOMPOSE_DEADLINE_S,
    cache: CacheFolder = None,
    prices: PriceFile = None,
    calibration: CalibrationFile = None,
    prefetch: Prefetch = False,
    hedge: Hedge = False,
    pictures: Pictures = True,
    skill: SkillOption = None,
    skills: SkillsFile = None,
    task: TaskReference = None,
    record: Annotated[bool, typer.Option("--record", help="Also write run.mp4.")] = False,
    gui: Annotated[bool, typer.Option("--gui", help="Open the simulator's window.")] = False,
    run_dir: Annotated[Path, typer.Option(help="Where run folders are made.")] = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", help="Ask nobody: do the best or stop.")] = False,
) -> None:
    """Do what INSTRUCTION says in the simulated home. Exit 0 when the goal is seen to hold, else 1."""
    from rich.console import Console

    from planner.session import SessionOptions

    from .display import Display, show_report
    from .person import terminal_person

    console = Console()
    with exit_codes():
        options = SessionOptions(
            strategy=strategy,
            model=model,
            model_settings=model_settings(
                scorer=scorer,
                budget_usd=budget_usd,
                budget_calls=budget_calls,
                budget_tokens=budget_tokens,
                deadline=deadline,
                cache=cache,
                prices=prices,
                calibration=calibration,
                prefetch=prefetch,
                hedge=hedge,
                pictures=pictures,
            ),
            perception=perception,
            skills=chosen_skills(skill, skills),
            run_root=run_dir,
            record=record,
            gui=gui,
            person=None if yes else terminal_person(console),
            listeners=(Display(console),),
        )
        where, spec = read_start(instruction, task, scene, at, put)
        with open_start(spec, where, seed, options, label) as session:
            report = session.run(spec.instruction)
        show_report(console, report)
    raise typer.Exit(0 if report.succeeded else 1)


def plan(
    instruction: Instruction = None,
    scene: SceneName = "saycan_kitchen",
    put: Put = None,
    at: At = "operator",
    seed: Seed = 0,
    model: ModelName = "offline",
    budget_usd: BudgetUsd = None,
    deadline: Deadline = DECOMPOSE_DEADLINE_S,
    cache: CacheFolder = None,
    prices: PriceFile = None,
    pictures: Pictures = True,
    perception: PerceptionName = "oracle",
    task: TaskReference = None,
) -> None:
    """Show the plan for INSTRUCTION with say, can and say × can; move nothing."""
    from rich.console import Console

    from planner.session import SessionOptions

    from .display import show_preview

    console = Console()
    with exit_codes():
        settings = model_settings(
            budget_usd=budget_usd, deadline=deadline, cache=cache, prices=prices, pictures=pictures
        )
        options = SessionOptions(model=model, model_settings=settings, perception=perception, run_root=None)
        where, spec = read_start(instruction, task, scene, at, put)
        with open_start(spec, where, seed, options) as session:
            preview = session.plan(spec.instruction)
    if not preview.has_plan:
        console.print(preview.reason, highlight=False, markup=False)
        raise typer.Exit(1)
    show_preview(console, preview)


def read_start(
    instruction: str | None, task: str | None, scene: str, at: str, put: list[str] | None
) -> tuple[str, TaskSpec]:
    """Return the scene and the start: of a task of a file, or as the options say."""
    from planner.bench.task_file import RobotStart, TaskFileError, TaskSpec, load_task_file
    from planner.request import BadRequest, check_instruction
    from robots.setup import SCENES

    from .starts import objects_from

    if scene not in SCENES:
        raise BadRequest(f"there is no scene {scene!r}; scenes: {', '.join(SCENES)}")
    if task is not None:
        file, _, task_id = task.partition("#")
        if not task_id:
            raise TaskFileError(f"--task is FILE.yaml#ID, not {task!r}")
        tasks = load_task_file(Path(file))
        spec = tasks.task(task_id)
        if instruction is not None:
            spec = spec.model_copy(update={"instruction": instruction})
        return tasks.scene, spec
    check_instruction(instruction or "")
    objects = objects_from(put) if put else DEFAULT_OBJECTS
    robot = RobotStart(at=at)
    words = instruction or ""
    return scene, TaskSpec(id="command-line", instruction=words, robot=robot, objects=objects, goal="(and)")


def open_start(
    spec: TaskSpec, scene: str, seed: int, options: SessionOptions, label: list[str] | None = None
) -> Session:
    """Build the home as a task starts, with words on its items."""
    from planner.session import open_session

    from .starts import texts_from

    return open_session(
        scene=scene,
        objects=spec.objects,
        robot_at=spec.robot.at,
        holding=spec.robot.holding,
        opened=spec.open,
        powered_on=spec.powered_on,
        texts=texts_from(label or ()),
        seed=seed,
        options=options,
    )
