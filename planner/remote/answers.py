"""Room planner: a model's decomposition as JSON: its schema, and reading it without believing any of it.

What cannot be used comes back as our own sentence, which goes to the model: what was wrong, what is valid.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from grounding import (
    And,
    Exactly,
    Exists,
    ForAll,
    Formula,
    Imply,
    Not,
    Or,
    Scene,
    Universe,
    check_formula,
    parse_formula,
)
from planner.language_model import Decomposition, Step
from planner.symbolic.formula_shape import quantifier_depth
from robots.catalogue import Catalogue
from skills import Contract, SkillCall, call_problem

from .texts import one_line

MOST_STEPS = 60
LONGEST_TEXT = 100_000
"""Longest answer that is read at all, [characters]."""
LONGEST_PROBLEM = 2000
"""Longest sentence that goes back to the model, [characters]; it quotes the answer."""
LONGEST_GOAL, DEEPEST_GOAL, MOST_VARIABLES = 2000, 40, 4
"""Goals beyond these, [characters], [nested parentheses], [quantified variables], are not evaluated: checking
one takes time exponential in its variables."""
MOST_COMBINATIONS = 20_000
"""Nor are goals whose variables can be filled in more ways than this: each takes about 5 microseconds, and a
goal is evaluated before every step."""
LONGEST_WORDS, MOST_OPTIONS = 500, 20
"""The model's words for people beyond these are left out, [characters] and [answers to a question]."""
MOST_PROBLEMS = 5
"""More problems than these are not told at once."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Unusable(ValueError):
    """An answer that cannot be used; the message is written for the model."""

    def __init__(self, problem: str) -> None:
        """Take the sentence; a very long one is cut."""
        super().__init__(problem if len(problem) <= LONGEST_PROBLEM else f"{problem[:LONGEST_PROBLEM]} …")


def answer_schema(contracts: Sequence[Contract]) -> dict[str, Any]:
    """Return the JSON schema of a decomposition: every property required, nothing open."""
    schema: dict[str, Any] = json.loads(_schema_text(tuple(c.name for c in contracts)))
    return schema


def read_decomposition(
    text: str, scene: Scene, contracts: Sequence[Contract], catalogue: Catalogue
) -> Decomposition:
    """Return what the model proposes, with every skill, object and predicate known.

    Raises:
        Unusable: With what is wrong and what would be valid, for the model.
    """
    answer = _validated(text, contracts)
    if answer.not_understood:
        return Decomposition(goal=None, not_understood=one_line(answer.not_understood, LONGEST_WORDS))
    problems: list[str] = []
    goal = _goal(answer.goal, scene, catalogue, problems)
    steps = tuple(_step(step, scene, contracts, problems) for step in answer.steps[:MOST_STEPS])
    if len(answer.steps) > MOST_STEPS:
        problems.append(f"There are {len(answer.steps)} steps; give at most {MOST_STEPS}.")
    if not (answer.goal or answer.steps or answer.question):
        problems.append("There is no goal, no step, no question and no reason; give at least one of them.")
    if problems:
        raise Unusable(" ".join(problems[:MOST_PROBLEMS]))
    if not answer.question:
        return Decomposition(goal=goal, steps=steps)
    options = tuple(one_line(option, LONGEST_WORDS) for option in answer.options[:MOST_OPTIONS])
    return Decomposition(
        goal=goal, steps=steps, question=one_line(answer.question, LONGEST_WORDS), options=options
    )


def load_json(text: str) -> Any:
    """Return JSON data in which no key stands twice, every number is finite and every text can be written.

    Raises:
        Unusable: If it is anything else.
    """
    if len(text) > LONGEST_TEXT:
        raise Unusable(f"The answer has {len(text)} characters; give at most {LONGEST_TEXT}.")
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_float=_finite, parse_constant=_finite)
        json.dumps(data, ensure_ascii=False).encode()
    except Unusable:
        raise
    except UnicodeEncodeError as error:
        raise Unusable("The answer holds half of a surrogate pair; write characters as they are.") from error
    except (ValueError, RecursionError) as error:
        raise Unusable(f"The answer is not one JSON object: {str(error)[:200]}.") from error
    return data


def _validated(text: str, contracts: Sequence[Contract]) -> Any:
    data = load_json(text)
    try:
        return _answer_type(tuple(c.name for c in contracts)).model_validate(data, strict=True)
    except ValidationError as error:
        told = [
            f"{'.'.join(map(str, e['loc'])) or 'The answer'}: {e['msg']}."
            for e in error.errors(include_url=False)[:MOST_PROBLEMS]
        ]
        raise Unusable(f"The answer does not fit the schema. {' '.join(told)}") from error


@lru_cache(maxsize=8)
def _schema_text(skills: tuple[str, ...]) -> str:
    return json.dumps(_answer_type(skills).model_json_schema())


@lru_cache(maxsize=8)
def _answer_type(skills: tuple[str, ...]) -> type[BaseModel]:
    name: Any = Literal[skills] if skills else str
    arguments: Any = (list[str], Field(description="exact names, in the order of the parameters"))
    call: Any = create_model("Call", __base__=_Record, skill=(name, ...), arguments=arguments)
    step: Any = create_model(
        "Step",
        __base__=_Record,
        skill=(name, ...),
        arguments=arguments,
        reason=(str, Field(description="why, in at most ten words")),
        alternatives=(
            list[call],
            Field(description="calls of the same skill that would serve the person as well"),
        ),
    )
    return create_model(
        "Answer",
        __base__=_Record,
        not_understood=(str | None, Field(description="why it cannot be done here, else null")),
        question=(str | None, Field(description="what the person must choose first, else null")),
        options=(list[str], Field(description="possible answers to the question")),
        goal=(str | None, Field(description="one formula that is true when the person is satisfied")),
        steps=(list[step], Field(description="what is still to be done, in order")),
    )


def _goal(text: str | None, scene: Scene, catalogue: Catalogue, problems: list[str]) -> Formula | None:
    if not text:
        return None
    if len(text) > LONGEST_GOAL or _depth(text) > DEEPEST_GOAL:
        problems.append(
            f"The goal is too large; use at most {LONGEST_GOAL} characters and {DEEPEST_GOAL} levels."
        )
        return None
    try:
        goal = parse_formula(text)
        if quantifier_depth(goal) > MOST_VARIABLES:
            problems.append(f"The goal nests too many variables; use at most {MOST_VARIABLES}.")
            return None
        check_formula(goal, scene.universe, catalogue)
    except (ValueError, RecursionError) as error:
        problems.append(f"The goal {text!r} cannot be used: {error}.")
        return None
    ways = _combinations(goal, scene.universe)
    if ways > MOST_COMBINATIONS:
        problems.append(
            f"The goal's variables can be filled in {ways} ways here; at most {MOST_COMBINATIONS} are tried. "
            "Use fewer variables or narrower types."
        )
        return None
    return goal


def _combinations(formula: Formula, universe: Universe) -> int:
    """Return how many bindings of its variables an evaluation goes through at most."""
    match formula:
        case And(parts) | Or(parts):
            return sum(_combinations(part, universe) for part in parts)
        case Not(body):
            return _combinations(body, universe)
        case Imply(condition, body):
            return _combinations(condition, universe) + _combinations(body, universe)
        case Exists(variables, body) | ForAll(variables, body):
            return math.prod(len(universe.names(v)) for v in variables) * _combinations(body, universe)
        case Exactly(_, variable, body):
            return len(universe.names(variable)) * _combinations(body, universe)
    return 1


def _step(proposed: Any, scene: Scene, contracts: Sequence[Contract], problems: list[str]) -> Step:
    call = SkillCall(proposed.skill, tuple(proposed.arguments))
    problem = call_problem(call, contracts, scene)
    if problem:
        problems.append(problem)
    others = [SkillCall(other.skill, tuple(other.arguments)) for other in proposed.alternatives]
    # An alternative is only an offer: one that makes no sense is left out, and the step stands.
    valid = tuple(o for o in others if o.skill == call.skill and call_problem(o, contracts, scene) is None)
    return Step(call=call, reason=one_line(proposed.reason, LONGEST_WORDS), alternatives=valid)


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Unusable(f"The key {key!r} stands twice in one object.")
        found[key] = value
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Unusable(f"{digits} is not a number that can be used.")
    return number
