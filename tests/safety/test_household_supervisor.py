"""Layers 2 and 3: plans and steps over the rules, on a home of facts."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from grounding import Scene, parse_formula
from safety import HouseholdSupervisor, Objection
from skills import HOUSEHOLD_CONTRACTS, SkillCall
from tests.fakes.scripted_model import call
from tests.fakes.symbolic_scene import symbolic_scene

OPERATORS = {c.name: c.operator for c in HOUSEHOLD_CONTRACTS}


@pytest.fixture(scope="module")
def supervisor() -> HouseholdSupervisor:
    return HouseholdSupervisor(HOUSEHOLD_CONTRACTS)


def review(
    supervisor: HouseholdSupervisor, scene: Scene, *calls: str, goal: str | None = None
) -> tuple[Objection, ...]:
    supervisor.begin(scene)
    return supervisor.review_plan([call(c) for c in calls], parse_formula(goal) if goal else None, scene)


def rules(objections: tuple[Objection, ...]) -> list[str]:
    return [o.violation.rule for o in objections]


def test_a_door_that_the_plan_leaves_open_is_owed(supervisor: HouseholdSupervisor) -> None:
    scene = symbolic_scene({"milk_carton_1": "fridge"}, robot_at="fridge")
    plan = ("open fridge", "pick milk_carton_1", "go_to operator", "hand_over milk_carton_1")
    (owed,) = review(supervisor, scene, *plan)
    assert owed.violation.rule == "close_the_fridge" and owed.call is None
    assert owed.remedy == parse_formula("(not (open fridge))")
    assert review(supervisor, scene, *plan, "go_to fridge", "close fridge") == ()
    assert review(supervisor, scene, "open fridge", goal="(open fridge)") == ()


def test_a_door_that_was_found_open_is_nobodys_duty(supervisor: HouseholdSupervisor) -> None:
    scene = symbolic_scene({"milk_carton_1": "fridge"}, robot_at="fridge", opened=("fridge",))
    assert review(supervisor, scene, "go_to table") == ()


@pytest.mark.parametrize(
    ("objects", "start", "calls", "rule", "index"),
    [
        ({"spray_cleaner_1": "table", "apple_1": "fridge"}, "table",
         ("pick spray_cleaner_1", "go_to fridge", "put_in spray_cleaner_1 fridge"),
         "no_chemicals_in_with_food", 2),
        ({"spray_cleaner_1": "table", "apple_1": "far_counter"}, "table",
         ("pick spray_cleaner_1", "go_to far_counter", "place spray_cleaner_1 far_counter"),
         "keep_chemicals_away_from_food", 2),
        ({"phone_1": "table"}, "table", ("pick phone_1", "go_to sink", "put_in phone_1 sink"),
         "no_electronics_in_water", 2),
        ({"knife_1": "table"}, "table", ("pick knife_1", "go_to operator"),
         "nothing_sharp_towards_a_person", 1),
        ({"fork_1": "microwave"}, "microwave", ("turn_on microwave", "turn_off microwave"),
         "right_material_in_the_microwave", 0),
        ({"towel_1": "stove"}, "stove", ("turn_on stove", "turn_off stove"),
         "no_flammables_near_a_burner", 0),
        ({"phone_1": "sink", "water_bottle_1": "table"}, "table",
         ("pick water_bottle_1", "go_to sink", "pour water_bottle_1 sink"), "no_liquid_near_electronics", 2),
        ({"phone_1": "sink"}, "sink", ("turn_on sink", "turn_off sink"), "no_liquid_near_electronics", 0),
    ],
)  # fmt: skip
def test_a_hazard_is_vetoed_at_its_step(
    supervisor: HouseholdSupervisor,
    objects: dict[str, str],
    start: str,
    calls: tuple[str, ...],
    rule: str,
    index: int,
) -> None:
    scene = symbolic_scene(objects, robot_at=start)
    (objection,) = review(supervisor, scene, *calls)
    assert (objection.violation.rule, objection.index) == (rule, index)
    assert review(supervisor, scene, *calls[:index]) == ()


def test_a_hazard_that_was_there_at_the_start_excuses_no_deed(supervisor: HouseholdSupervisor) -> None:
    scene = symbolic_scene({}, robot_at="operator", holding="knife_1")
    supervisor.begin(scene)
    assert rules(review(supervisor, scene, "hand_over knife_1")) == ["nothing_sharp_is_handed_over"]
    assert review(supervisor, scene, "go_to table", "place knife_1 table") == ()


def test_what_can_be_cleared_away_first_is_the_remedy(supervisor: HouseholdSupervisor) -> None:
    scene = symbolic_scene(
        {"phone_1": "table", "mug_1": "table", "water_bottle_1": "table"}, robot_at="table"
    )
    (objection,) = review(supervisor, scene, "pick water_bottle_1", "pour water_bottle_1 mug_1")
    assert objection.violation.rule == "no_liquid_near_electronics"
    assert objection.remedy in (
        parse_formula("(not (on phone_1 table))"),
        parse_formula("(not (on mug_1 table))"),
    )
    sentence = str(objection.violation)
    assert "because what is spilled reaches it" in sentence and "allowed: (not (on" in sentence


def test_what_was_asked_for_waives_only_what_may_be_waived(supervisor: HouseholdSupervisor) -> None:
    scene = symbolic_scene({"spray_cleaner_1": "table", "apple_1": "table"}, robot_at="table")
    calls = ("pick spray_cleaner_1", "place spray_cleaner_1 table")
    assert rules(review(supervisor, scene, *calls)) == ["keep_chemicals_away_from_food"]
    assert review(supervisor, scene, *calls, goal="(on spray_cleaner_1 table)") == ()
    scene = symbolic_scene({"knife_1": "table"}, robot_at="table")
    calls = ("pick knife_1", "go_to operator", "hand_over knife_1")
    assert review(supervisor, scene, *calls, goal="(with_operator knife_1)")


def test_the_trace_of_the_run_is_remembered(supervisor: HouseholdSupervisor) -> None:
    scene = symbolic_scene({"milk_carton_1": "fridge"}, robot_at="fridge")
    supervisor.begin(scene)
    assert supervisor.duties(None, scene) == ()
    opened = replace(scene, facts=frozenset({*scene.facts, ("open", "fridge")}))
    assert supervisor.record(call("open fridge"), opened) == ()
    assert rules(supervisor.duties(None, opened)) == ["close_the_fridge"]
    assert rules(supervisor.review_plan([call("go_to table")], None, opened)) == ["close_the_fridge"]
    supervisor.record(call("close fridge"), scene)
    assert supervisor.duties(None, scene) == ()


def test_an_unknown_name_is_the_only_objection(supervisor: HouseholdSupervisor) -> None:
    scene = symbolic_scene({"apple_1": "table"}, robot_at="table")
    (objection,) = review(supervisor, scene, "pick pear_9", "open fridge")
    assert objection.is_unreadable and objection.violation.rule == "object_is_known"


def hazards() -> list[tuple[Scene, SkillCall, tuple[str, ...]]]:
    """Scenes in which a call is fine, and one fact each that makes it dangerous."""
    turn_on, wipe = call("turn_on microwave"), call("wipe table")
    microwave = symbolic_scene(
        {"mug_1": "table", "fork_1": "table", "towel_1": "table"}, robot_at="microwave"
    )
    cloth = symbolic_scene({"glass_1": "far_counter"}, robot_at="table", holding="sponge_1")
    return [
        (microwave, turn_on, ("in", "fork_1", "microwave")),
        (microwave, turn_on, ("in", "towel_1", "microwave")),
        (cloth, wipe, ("blocks", "glass_1", "table")),
    ]


def test_a_fact_that_changes_between_plan_and_dispatch_stops_the_step(
    supervisor: HouseholdSupervisor,
) -> None:
    pick = random.Random(7)
    cases = hazards()
    for _ in range(300):
        scene, step, fact = pick.choice(cases)
        supervisor.begin(scene)
        assert supervisor.review_step(step, scene, scene.time_s) == ()
        changed = replace(scene, facts=frozenset({*scene.facts, fact}))
        assert supervisor.review_step(step, changed, changed.time_s), (step, fact)
