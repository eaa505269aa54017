"""A first chore.

A mobile arm in a simulated kitchen hears a sentence, chooses each skill by say x can, does it with contact
physics, and checks it. No key, no download; the run folder keeps the evidence.

    python examples/first_chore.py

    goal: (exists (?x - fruit) (with_operator ?x))
    go_to(close_counter) -> succeeded
    pick(apple_1) -> succeeded
    go_to(operator) -> succeeded
    hand_over(apple_1) -> succeeded
    the goal holds
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from grounding import to_pddl
from planner.session import SessionOptions, open_session

OBJECTS = {"apple_1": "close_counter", "kettle_chips_1": "close_counter", "coke_can_1": "table"}


def main() -> None:
    with TemporaryDirectory() as folder:
        options = SessionOptions(run_root=Path(folder))
        with open_session(objects=OBJECTS, robot_at="operator", seed=0, options=options) as home:
            report = home.run("Could you bring me a fruit, please?")
        assert report.goal is not None
        print("goal:", to_pddl(report.goal))
        for step in report.steps:
            print(step.call, "->", step.outcome.status)
        print("the goal holds" if report.succeeded else f"stopped: {report.reason}")


if __name__ == "__main__":
    main()
