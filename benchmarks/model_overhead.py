"""What one question to a language model costs besides the model: our own time; the vendor answers at once.

    python -m benchmarks.model_overhead [--calls 200]

In a kitchen with sixteen things, as the robot sees it: render the prompt, build the request, check the
answer, write the exchange and the event into the run's journal. Prints the median and the 95th percentile,
[ms]; the vendor's SDK and the network are not in it. The last row also encodes a picture of 480 x 360.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.affordance_speed import ITEMS
from grounding import Scene, parse_formula
from planner.executive import Parts
from planner.executive.consultant import Consultant
from planner.executive.parts import Stopwatch
from planner.journal import ExchangeLog
from planner.journal.journal import Journal
from planner.language_model import ASK, DONE, Failure, Task
from planner.model_settings import ModelSettings
from planner.remote.build import build_prompted
from planner.remote.clients.openai_client import OpenAIClient
from planner.remote.gateway import Body, Budget, CallSettings, Request
from planner.remote.profiles import load_profiles
from planner.remote.told import Access
from planner.session import SessionOptions, open_session
from robots.catalogue import load_catalogue
from skills import SkillCall

INSTRUCTION = "Could you bring me a fruit that is not in the bowl, and put the can on the table into the bin?"
GOAL = "(and (exists (?x - fruit) (with_operator ?x)) (in coke_can_1 trash_can))"
PLAN = (
    *("go_to close_counter", "pick apple_1", "go_to operator", "hand_over apple_1"),
    *("go_to close_counter", "pick coke_can_1", "go_to trash_can", "put_in coke_can_1 trash_can"),
)
USAGE = {"input_tokens": 3000, "output_tokens": 300, "input_tokens_details": {"cached_tokens": 1500}}


class InstantClient(OpenAIClient):
    """Implements `Client`: builds OpenAI's requests, and answers them itself, the same every time."""

    def __init__(self, model: str) -> None:
        """Write the answer to a decomposition down."""
        super().__init__(model, Access(), load_profiles().of(f"openai:{model}"))
        steps = [
            {"skill": skill, "arguments": arguments, "reason": "wanted", "alternatives": []}
            for skill, *arguments in map(str.split, PLAN)
        ]
        answer = {"not_understood": None, "question": None, "options": [], "goal": GOAL, "steps": steps}
        part = {"type": "output_text", "text": json.dumps(answer), "annotations": []}
        message = {"type": "message", "role": "assistant", "content": [part]}
        self._plan = {"status": "completed", "output": [message], "usage": USAGE}
        self._ratings: Body | None = None

    async def send(self, request: Request) -> Body:
        """Return the plan, or ratings of the options that were asked about first."""
        if request.endpoint == "responses":
            return self._plan
        if self._ratings is None:
            self._ratings = {"answers": [_rated(q) for q in request.body["questions"]], "usage": USAGE}
        return self._ratings


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    options = parser.parse_args()
    settings = ModelSettings(calls=CallSettings(budget=Budget(calls=None, tokens=None)))
    model = build_prompted(InstantClient("gpt-6-luna"), load_catalogue(), settings)
    home_options = SessionOptions(model=model, run_root=None)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_session(objects=ITEMS, robot_at="table", opened=("fridge",), options=home_options) as home,
    ):
        file = Path(folder) / "journal.sqlite"
        journal, exchanges = Journal(file), ExchangeLog(file)
        model.begin_run(exchanges)
        scene = home.look()
        frames = home.parts.robot.observe(cameras=("head",)).frames
        # The pictures are taken above: rendering them is the simulator's work.
        parts = replace(home.parts, listeners=(journal,), settings=replace(home.parts.settings, cameras=()))
        questions = questions_about(parts, scene, frames)
        candidates = len(candidates_in(home.parts, scene))
        print(f"{len(scene.items)} things, {len(scene.facts)} facts, {candidates} candidates")
        print(f"{'question':<24}{'n':>6}{'median':>10}{'p95':>10}  [ms]")
        for name, ask in questions.items():
            spent = time_calls(ask, options.calls)
            print(f"{name:<24}{len(spent):>6}{np.median(spent):>10.2f}{np.percentile(spent, 95):>10.2f}")
        model.end_run()
        exchanges.close()
        journal.close()
    model.close()


def questions_about(parts: Parts, scene: Scene, frames: Any) -> dict[str, Callable[[int], float]]:
    """Return questions by name; each takes a number, which makes it a new one, and returns its time, [s]."""
    consultant = Consultant(parts, Stopwatch())
    candidates = candidates_in(parts, scene)
    goal = parse_formula(GOAL)

    def task(number: int) -> Task:
        done = (SkillCall("go_to", ("table",)),) * (number % 8)
        return Task(instruction=f"{INSTRUCTION} ({number})", goal=goal, done=done)

    def decompose(number: int) -> float:
        return _timed(lambda: consultant.decompose(task(number), scene))

    def score(number: int) -> float:
        return _timed(lambda: consultant.score(task(number), scene, candidates))

    def look_and_decompose(number: int) -> float:
        seen = {name: replace(frame, rgb=_changed(frame.rgb, number)) for name, frame in frames.items()}
        shown = replace(scene, observation=replace(scene.observation, frames=seen))
        return _timed(lambda: consultant.decompose(task(number), shown))

    return {"decompose": decompose, "score": score, "decompose, picture": look_and_decompose}


def candidates_in(parts: Parts, scene: Scene) -> tuple[SkillCall, ...]:
    """Return what the saycan strategy would have rated."""
    operators = {contract.name: contract.operator for contract in parts.library.contracts}
    possible = (
        call
        for call in parts.library.ground(scene)
        if operators[call.skill].is_applicable(call.arguments, scene.facts, scene.universe)
    )
    return (*possible, DONE, ASK)


def time_calls(ask: Callable[[int], float], calls: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the time of each call, [ms], after ten that do not count."""
    for number in range(10):
        ask(-1 - number)
    return np.array([1e3 * ask(number) for number in range(calls)])


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    answer = ask()
    spent = time.perf_counter() - began
    assert not isinstance(answer, Failure), answer
    return spent


def _changed(rgb: Any, number: int) -> Any:
    changed = rgb.copy()
    changed[0, 0] = (number % 256, number // 256 % 256, 0)
    return changed


def _rated(question: Body) -> Body:
    if question["type"] == "predicate":
        return {"type": "predicate", "name": question["name"], "probability": 0.9}
    share = 1.0 / len(question["choices"])
    entries = [{"value": choice["value"], "probability": share} for choice in question["choices"]]
    return {"type": "choice", "name": "next", "probabilities": entries}


if __name__ == "__main__":
    main()
