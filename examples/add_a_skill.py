"""Add your own skill.

A skill is a contract in PDDL and a function. `check_skill` says what a contract gets wrong before a robot
runs it; the planner then uses the skill by its precondition and effect, like any other.

    python examples/add_a_skill.py

    check: nothing to complain about
    go_to(operator) -> succeeded: arrived at operator
    greet(operator) -> succeeded: greeted
    measured: {'lowest_base_yaw_rad': -0.4}
"""

import numpy as np

from planner.session import SessionOptions, open_session
from robots import Command
from skills import Outcome, SkillCall, SkillContext, Status
from skills.authoring import skill
from skills.check import check_skill
from skills.library import household_library


@skill(
    parameters="?person - person",
    description="Turn to the person's left and back, as a greeting; the robot stands at the person.",
    precondition="(robot_at ?person)",
    effect="(visited ?person)",
)
def greet(call: SkillCall, context: SkillContext) -> Outcome:
    start = context.robot.observe()
    tick_s, lowest = context.robot.limits.tick_s, 0.0
    for time_s in np.arange(0.0, 4.0 + tick_s, tick_s):
        turn = -0.2 * (1.0 - np.cos(np.pi * time_s / 2.0))  # smooth there and back, [rad]
        report = context.robot.command(Command(base=start.base + np.array([0.0, 0.0, turn])))
        if report.was_refused or context.is_cancelled():
            context.robot.stop()
            return Outcome(status=Status.CANCELLED, reason="interrupted while greeting")
        lowest = min(lowest, float(context.robot.observe().base[2] - start.base[2]))
    context.robot.stop()
    elapsed = context.robot.observe().time_s - start.time_s
    evidence = {"lowest_base_yaw_rad": round(lowest, 2)}
    return Outcome(status=Status.SUCCEEDED, reason="greeted", evidence=evidence, duration_s=elapsed)


def main() -> None:
    complaints = check_skill(greet)
    print("check:", "; ".join(complaints) or "nothing to complain about")
    options = SessionOptions(run_root=None, library=household_library().with_skill(greet))
    with open_session(robot_at="table", seed=0, options=options) as home:
        report = home.do("greet(operator)")
    for step in report.steps:
        print(f"{step.call} -> {step.outcome.status}: {step.outcome.reason}")
    print("measured:", dict(report.steps[-1].outcome.evidence))


if __name__ == "__main__":
    main()
