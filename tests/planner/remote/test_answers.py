"""A model's answer: a closed schema, and a reading that believes nothing and says what would be valid."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding import to_pddl
from planner.language_model import Decomposition
from planner.remote.answers import (
    DEEPEST_GOAL,
    LONGEST_GOAL,
    LONGEST_PROBLEM,
    LONGEST_TEXT,
    MOST_COMBINATIONS,
    MOST_STEPS,
    MOST_VARIABLES,
    Unusable,
    answer_schema,
    load_json,
    read_decomposition,
)
from skills import HOUSEHOLD_CONTRACTS, SkillCall, call_problem
from tests.fakes.symbolic_scene import catalogue, symbolic_scene
from tests.fakes.vendor_schemas import MESSAGES, RESPONSES, broken_rules

SCENE = symbolic_scene({"apple_1": "table", "orange_1": "table", "bowl_1": "table", "mug_1": "far_counter"})
GOAL = "(exists (?x - fruit) (in ?x bowl_1))"


def step(skill: str, *arguments: str, alternatives: tuple[tuple[str, ...], ...] = ()) -> dict[str, Any]:
    others = [{"skill": name, "arguments": list(rest)} for name, *rest in alternatives]
    return {"skill": skill, "arguments": list(arguments), "reason": "because", "alternatives": others}


VALID: Mapping[str, Any] = {
    "not_understood": None,
    "question": None,
    "options": [],
    "goal": GOAL,
    "steps": [
        step("go_to", "table"),
        step("pick", "apple_1", alternatives=(("pick", "orange_1"),)),
        step("put_in", "apple_1", "bowl_1"),
    ],
}
CALLS = [
    SkillCall("go_to", ("table",)),
    SkillCall("pick", ("apple_1",)),
    SkillCall("put_in", ("apple_1", "bowl_1")),
]


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(VALID), **fields}


def without(field: str) -> dict[str, Any]:
    return {key: value for key, value in VALID.items() if key != field}


def read(answer: Any) -> Decomposition:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return read_decomposition(text, SCENE, HOUSEHOLD_CONTRACTS, catalogue())


def objection_to(answer: Any) -> str:
    with pytest.raises(Unusable) as caught:
        read(answer)
    sentence = str(caught.value)
    assert sentence.isprintable() and sentence.endswith((".", "…")) and len(sentence) <= LONGEST_PROBLEM + 2
    return sentence


def objects_in(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if schema.get("type") == "object":
        yield schema
    for value in schema.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield from objects_in(part)


@pytest.mark.parametrize("contracts", [HOUSEHOLD_CONTRACTS, HOUSEHOLD_CONTRACTS[:1], ()])
def test_the_schema_is_closed_and_strict_for_both_vendors(contracts: Any) -> None:
    schema = answer_schema(contracts)
    found = list(objects_in(schema))
    assert len(found) == 3
    for node in found:
        assert node["additionalProperties"] is False
        assert set(node["required"]) == set(node["properties"])
    assert not any(word in json.dumps(schema) for word in ("oneOf", "prefixItems", "allOf", "default"))
    form = {"type": "json_schema", "name": "plan", "schema": schema, "strict": True}
    assert list(broken_rules(RESPONSES, {"text": {"format": form}})) == []
    claude = {"type": "json_schema", "schema": schema}
    assert list(broken_rules(MESSAGES, {"output_config": {"format": claude}})) == []


def test_a_valid_answer_says_what_it_said() -> None:
    found = read(VALID)
    assert found.goal is not None and to_pddl(found.goal) == GOAL
    assert [s.call for s in found.steps] == CALLS and {s.reason for s in found.steps} == {"because"}
    assert found.steps[1].alternatives == (SkillCall("pick", ("orange_1",)),)
    assert found.question is None and found.not_understood is None and found.options == ()


def test_a_question_an_excuse_and_nothing_to_do_are_answers_too() -> None:
    asked = read(changed(question="which one?", options=["apple_1", "orange_1"], goal=None, steps=[]))
    assert asked.question == "which one?" and asked.options == ("apple_1", "orange_1")
    excused = read(changed(not_understood="I cannot fly.", goal="(fly)", steps=[step("pick", "sky")]))
    assert excused == Decomposition(goal=None, not_understood="I cannot fly.")
    assert read(changed(steps=[])).steps == ()
    assert read(changed(goal=None)).goal is None and read(changed(goal="")).goal is None
    assert read(changed(options=["a"])).options == ()


def test_an_alternative_that_makes_no_sense_is_left_out_and_the_step_stands() -> None:
    others = (("pick", "unicorn_1"), ("pick", "table"), ("go_to", "sink"), ("pick",), ("pick", "mug_1"))
    found = read(changed(steps=[step("pick", "apple_1", alternatives=others)]))
    assert found.steps[0].call == SkillCall("pick", ("apple_1",))
    assert found.steps[0].alternatives == (SkillCall("pick", ("mug_1",)),)


def nested(depth: int) -> str:
    return "(not " * depth + "(on apple_1 table)" + ")" * depth


WIDE = "(exists (?a ?b ?c - object) (and (on ?a ?b) (on ?c ?b)))"
WRONG: Mapping[str, tuple[Any, str]] = {
    "unknown skill": (changed(steps=[step("fly", "table")]), r"steps\.0\.skill: .*'go_to', 'find'.*'push'"),
    "unknown object": (changed(steps=[step("pick", "aple_1")]), r"no 'aple_1' here; valid choices.*apple_1"),
    "wrong type": (changed(steps=[step("pick", "table")]), r"table is not a item; valid choices.*apple_1"),
    "no such container": (
        changed(steps=[step("put_in", "apple_1", "table")]),
        r"not a container or receptacle; valid choices.*bowl_1",
    ),
    "too few arguments": (changed(steps=[step("place", "apple_1")]), r"place\(item: item, surface.* takes 2"),
    "too many arguments": (changed(steps=[step("pick", "apple_1", "b")]), r"pick\(item: item\) takes 1"),
    "unknown predicate": (changed(goal="(inside apple_1 bowl_1)"), r"no predicate 'inside'; nearest: in"),
    "unknown type": (changed(goal="(exists (?x - fruits) (in ?x bowl_1))"), r"'fruits'; nearest: fruit"),
    "unknown name": (changed(goal="(in apple_9 bowl_1)"), r"no 'apple_9' in this scene; nearest: apple_1"),
    "wrong place": (changed(goal="(on apple_1 bowl_1)"), r"must be surface; valid choices: .*table"),
    "undeclared variable": (changed(goal="(in ?y bowl_1)"), r"'\?y' is not declared; declared: none"),
    "not a formula": (changed(goal="the apple is in the bowl"), r"not a formula at line 1, column 1"),
    "half a formula": (changed(goal="(and (on apple_1 table)"), r"not a formula at line 1"),
    "no number": (changed(goal="(exactly ² (?x - item) (on ?x table))"), r"The goal .* cannot be used"),
    "a number in words": (changed(goal="(exactly two (?x - item) (on ?x table))"), r"\(exactly n \(\?x"),
    "too deep": (changed(goal=nested(DEEPEST_GOAL)), rf"at most {LONGEST_GOAL} .* and {DEEPEST_GOAL} levels"),
    "too long": (changed(goal=f"(and {'(open fridge) ' * 200})"), rf"at most {LONGEST_GOAL} characters"),
    "too many variables": (
        changed(goal="(exists (?a ?b ?c ?d ?e - drawer) (above ?a ?b))"),
        rf"at most {MOST_VARIABLES}",
    ),
    "too many combinations": (changed(goal=f"(and {WIDE} {WIDE} {WIDE})"), rf"at most {MOST_COMBINATIONS}"),
    "not JSON": ("I will pick the apple.", r"not one JSON object"),
    "cut off": (json.dumps(VALID)[:-9], r"not one JSON object"),
    "two objects": (json.dumps(VALID) * 2, r"not one JSON object: Extra data"),
    "too much text": (json.dumps(VALID) + " " * LONGEST_TEXT, rf"at most {LONGEST_TEXT}"),
    "too nested": ("[" * 90_000, r"not one JSON object"),
    "a key twice": (json.dumps(VALID)[:-1] + ', "goal": null}', r"The key 'goal' stands twice"),
    "not a number": ('{"goal": NaN}', r"NaN is not a number"),
    "infinite": ('{"goal": -Infinity}', r"-Infinity is not a number"),
    "too large": ('{"goal": 1e999}', r"1e999 is not a number"),
    "too many digits": ('{"goal": ' + "1" * 5000 + "}", r"not one JSON object: .*digits"),
    "half a character": (changed(question="\ud800"), r"half of a surrogate pair"),
    "too many steps": (changed(steps=[step("go_to", "table")] * 61), rf"61 steps; give at most {MOST_STEPS}"),
    "nothing": (changed(goal=None, steps=[]), r"no goal, no step, no question and no reason; give at least"),
    "an extra key": (changed(mood="good"), r"mood: Extra inputs are not permitted"),
    "an extra key inside": (changed(steps=[{**step("go_to", "table"), "speed": 1}]), r"steps\.0\.speed"),
    "a missing key": (without("options"), r"options: Field required"),
    "steps as text": (changed(steps="go_to(table)"), r"steps: Input should be a valid list"),
    "an argument as a number": (
        changed(steps=[{**step("pick"), "arguments": [1]}]),
        r"arguments\.0: .*string",
    ),
    "a goal as a list": (changed(goal=["on", "apple_1", "table"]), r"goal: .*string"),
    "a list": ([VALID], r"The answer: Input should be"),
    "null": (None, r"The answer: Input should be"),
    "a very long name": (changed(steps=[step("pick", "a" * 50_000)]), r"no 'aaa|In pick"),
    "a very long key": (changed(**{"k" * 50_000: 1}), r"does not fit the schema"),
}


@pytest.mark.parametrize(("answer", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_is_told_what_would_be_valid(answer: Any, says: str) -> None:
    sentence = objection_to(answer)
    assert re.search(says, sentence), sentence


def test_limits_hold_just_inside() -> None:
    assert read(changed(goal=nested(DEEPEST_GOAL - 1))).goal is not None
    assert read(changed(goal="(exists (?a ?b ?c ?d - drawer) (and (above ?a ?b) (above ?c ?d)))")).goal
    assert read(changed(goal=WIDE)).goal is not None
    assert len(read(changed(steps=[step("go_to", "table")] * MOST_STEPS)).steps) == MOST_STEPS


def test_several_problems_are_told_together_but_not_all_of_many() -> None:
    two = objection_to(changed(goal="(inside apple_1 bowl_1)", steps=[step("pick", "aple_1")]))
    assert "inside" in two and "aple_1" in two
    many = objection_to(changed(steps=[step("pick", f"pear_{i}") for i in range(20)]))
    assert many.count("here; valid choices") == 5


@pytest.mark.parametrize("text", ['{"a": {"b": 1, "b": 1}}', '[{"a": 1, "a": 2}]'])
def test_a_key_that_stands_twice_is_found_at_any_depth(text: str) -> None:
    with pytest.raises(Unusable, match="stands twice"):
        load_json(text)


# ---- fuzz ----

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, "", "apple_1", "table", "go_to", "pick", "\x00", "\u2028", "\ud83e", "🤖"),
    *("?x", "(", ")", "(and)", "(or)", "(not)", "()", "(= apple_1 orange_1)", "(forall (?x) (= ?x ?x))"),
    *("(exactly 99999999999999999999 (?x - item) (on ?x table))", "(exists (?x - (either)) (on ?x table))"),
    *("(exists (?x - (either fruit drink)) (on ?x ?x))", "(and (on apple_1 table) ; and so on", "(ON A B)"),
    *([], {}, [[]], {"": {}}, ["apple_1"] * 3, [None], {"skill": "pick", "arguments": ["apple_1"]}),
)


def places_in(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield from places_in(value, (*path, key))


def mutated(seed: int) -> Any:
    """Return the valid answer with one to four random changes."""
    rng = random.Random(seed)
    answer: Any = copy.deepcopy(dict(VALID))
    for _ in range(rng.randint(1, 4)):
        path = rng.choice(list(places_in(answer)))
        if not path:
            continue
        parent = answer
        for key in path[:-1]:
            parent = parent[key]
        match rng.randrange(4):
            case 0:
                parent[path[-1]] = copy.deepcopy(rng.choice(ODD))
            case 1:
                del parent[path[-1]]
            case 2 if isinstance(parent, list):
                parent.insert(path[-1], copy.deepcopy(parent[path[-1]]))
            case _:
                other = rng.choice([value for value in [answer, *answer.values()] if value is not parent])
                parent[path[-1]] = copy.deepcopy(other)
        if not isinstance(answer, dict) or not answer:
            break
    return answer


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
text = st.text(st.characters(exclude_categories=()), max_size=80)
answers = st.one_of(
    st.integers(0, 2**32).map(mutated).map(json.dumps),
    st.dictionaries(st.sampled_from(list(VALID)), anything).map(lambda odd: json.dumps({**VALID, **odd})),
    anything.map(json.dumps),
    text,
    text.map(lambda words: json.dumps(changed(goal=words))),
    st.text("()?- abexistsforall_1on table", max_size=60).map(lambda words: json.dumps(changed(goal=words))),
    st.integers(0, len(json.dumps(VALID))).map(lambda end: json.dumps(VALID)[:end]),
    st.integers(1, 60_000).map(lambda depth: '{"goal": ' + "[" * depth),
)


@settings(max_examples=300)
@given(answers)
def test_whatever_comes_is_a_usable_plan_or_one_objection(answer: str) -> None:
    try:
        found = read(answer)
    except Unusable as problem:
        assert 0 < len(str(problem)) <= LONGEST_PROBLEM + 2
        str(problem).encode()
        return
    json.dumps([found.question, found.options, found.not_understood], ensure_ascii=False).encode()
    for step_found in found.steps:
        for call in (step_found.call, *step_found.alternatives):
            assert call_problem(call, HOUSEHOLD_CONTRACTS, SCENE) is None
    if found.goal is not None:
        to_pddl(found.goal).encode()
        SCENE.holds(found.goal)
