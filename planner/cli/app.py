"""Room planner: the command line's tree; commands import what they need when they run."""

from __future__ import annotations

import typer

from .bench import bench
from .calibrate import calibrate
from .demo import demo
from .faults import faults
from .learn import bench_skill, collect, train
from .library import skills
from .models import mock_cloud, models
from .policy import policy
from .replay import cost, replay
from .resume import resume
from .rules import rules
from .run import plan, run
from .runs import runs, show
from .safety import safety
from .symbolic import pddl, repair

app = typer.Typer(
    name="saycando",
    help="Say what the robot should do: a language model proposes, affordances weigh, skills act.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    run,
    plan,
    bench,
    demo,
    models,
    mock_cloud,
    calibrate,
    pddl,
    repair,
    skills,
    runs,
    show,
    replay,
    resume,
    cost,
    faults,
    collect,
    train,
    bench_skill,
):
    app.command()(command)
app.add_typer(policy, name="policy")
app.add_typer(rules, name="rules")
app.add_typer(safety, name="safety")
