"""Room planner: the tasks that are interrupted: fetched by a person, poured, put away."""

from .crash_trial import CrashTask

TASKS = (
    CrashTask(
        name="apple",
        instruction="bring me the apple",
        objects={"apple_1": "close_counter", "coke_can_1": "table"},
        goal="(with_operator apple_1)",
    ),
    CrashTask(
        name="pour",
        instruction="pour the water into the mug",
        objects={"water_bottle_1": "table", "mug_1": "table"},
        goal="(and (poured water_bottle_1 mug_1) (filled mug_1))",
        seed=1,
    ),
    CrashTask(
        name="drawer",
        instruction="put the apple in the top drawer",
        objects={"apple_1": "table"},
        goal="(and (in apple_1 top_drawer) (not (open top_drawer)))",
    ),
)
