"""Room planner: `saycando collect`, `saycando train` and `saycando bench-skill`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .errors import exit_codes

SkillName = Annotated[str, typer.Argument(help="pick, place, open, close or push.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes.")]


def collect(
    skill: SkillName,
    folder: Annotated[Path, typer.Option("--out", help="Folder of the data set; must not exist yet.")],
    episodes: Annotated[int, typer.Option(min=1, help="Demonstrations to keep.")] = 100,
    workers: Workers = 1,
    seed: Annotated[int, typer.Option(min=0, help="First seed.")] = 0,
) -> None:
    """Let a teacher show SKILL in random homes, with noise, and write a LeRobotDataset."""
    from rich.console import Console

    console = Console()
    with exit_codes():
        from planner.learning.gather import gather

        summary = gather(skill, folder, episodes=episodes, workers=workers, seed=seed, report=console.print)
    console.print(summary, highlight=False)


def train(
    data: Annotated[list[Path], typer.Argument(help="Folders that `collect` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="The ONNX file to write.")],
    head: Annotated[str, typer.Option(help="chunk, tokens or flow.")] = "chunk",
    steps: Annotated[int, typer.Option(min=1, help="Batches.")] = 5000,
    batch: Annotated[int, typer.Option(min=1, help="Frames of a batch.")] = 192,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    start: Annotated[Path | None, typer.Option("--from", help="A .safetensors to go on from.")] = None,
) -> None:
    """Train a policy on demonstrations of one or several skills; needs the extra `train`."""
    from rich.console import Console

    console = Console()
    with exit_codes():
        from planner.learning.training import train_policy

        written = train_policy(
            data, out, head=head, steps=steps, batch=batch, seed=seed, start=start, report=console.print
        )
    console.print(f"wrote {written}", highlight=False)


def bench_skill(
    skill: SkillName,
    policy: Annotated[str, typer.Option(help="primitive, or onnx:PATH.")] = "primitive",
    n: Annotated[int, typer.Option("--n", min=1, help="Trials on each axis.")] = 50,
    axis: Annotated[list[str] | None, typer.Option(help="Only this axis; repeatable.")] = None,
    workers: Workers = 1,
    seed: Annotated[int, typer.Option(min=0)] = 100_000,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every trial here.")] = None,
) -> None:
    """Try one implementation of SKILL in random homes, axis by axis, and print how often it succeeds."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    with exit_codes():
        from planner.learning.bench_skill import bench_axes, show, write_json

        results = bench_axes(skill, policy, axes=axis or (), n=n, workers=workers, seed=seed)
        show(console, skill, policy, results)
        if json_file is not None:
            write_json(json_file, skill, policy, seed, results)
