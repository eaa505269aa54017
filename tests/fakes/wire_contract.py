"""What every model behind a wire must do, whoever answers: the mock cloud, or a vendor with a key."""

from __future__ import annotations

import math

from grounding import parse_formula
from planner.language_model import ASK, DONE, Decomposition, Scores, Task
from planner.remote.model import PromptedModel
from skills import HOUSEHOLD_CONTRACTS, call_problem
from tests.fakes.scripted_model import call
from tests.fakes.symbolic_scene import symbolic_scene

OBJECTS = {"apple_1": "table", "coke_can_1": "table", "sponge_1": "close_counter"}


def check_wire(model: PromptedModel) -> None:
    """Decompose and rate in one small scene, and look at everything that comes back."""
    scene = symbolic_scene(OBJECTS, robot_at="table")
    task = Task(instruction="Bring me the apple.")
    plan = model.decompose(task, scene, HOUSEHOLD_CONTRACTS)
    assert isinstance(plan, Decomposition), plan
    assert plan.question is None and plan.not_understood is None
    assert all(call_problem(step.call, HOUSEHOLD_CONTRACTS, scene) is None for step in plan.steps)
    assert any("apple_1" in step.call.arguments for step in plan.steps)
    assert plan.prompt_hash and plan.usage.calls >= 1
    assert plan.usage.input_tokens > 1000 and plan.usage.output_tokens > 0

    task = Task(instruction="Bring me the apple.", goal=parse_formula("(with_operator apple_1)"))
    calls = [call(c) for c in ("pick apple_1", "pick coke_can_1", "go_to operator", "go_to sink")]
    scores = model.score(task, scene, HOUSEHOLD_CONTRACTS, (*calls, DONE, ASK))
    assert isinstance(scores, Scores), scores
    shares = {score.call: score.probability for score in scores.scores}
    assert set(shares) == {*calls, DONE, ASK} and math.isclose(sum(shares.values()), 1.0)
    assert max(shares, key=lambda c: shares[c]) == calls[0]
    assert {score.method for score in scores.scores} == {model.scorer.method}

    again = model.score(task, scene, HOUSEHOLD_CONTRACTS, (*calls, DONE, ASK))
    assert isinstance(again, Scores)
    assert again.usage.cached_tokens > 0, "the static part of the prompt was not kept by the vendor's cache"
