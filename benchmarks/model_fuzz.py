"""Give a planner ten thousand damaged answers of its language model, and count what gets through.

    python -m benchmarks.model_fuzz [--n 10000] [--seed 0] [--halves]

Right plans and ratings are damaged: JSON mutated or cut, names swapped, wrong types, huge or odd texts, keys
given twice, numbers that are none, invented calls, nonsense goals. They go through `PromptedModel` into an
`Executive` in a home of facts, in which skills also fail or lie and things get moved, and are written down as
in the journal. Two counts must be 0: exceptions that got out, and skills that were started although the call
was not valid or its precondition did not hold in the true state, as the skill itself checks.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.model_damage import SURFACES, Damage, right_plan
from planner.executive import (
    Bounds,
    Event,
    Executive,
    Inquiry,
    ModelCalled,
    ModelFailed,
    Parts,
    Settings,
    Strategy,
)
from planner.journal.encoding import to_text
from planner.language_model import FailureKind
from planner.remote.answers import Unusable
from planner.remote.gateway import (
    Body,
    Budget,
    CallFailed,
    CallSettings,
    Gateway,
    Redactor,
    Reply,
    Request,
    Tokens,
    load_prices,
)
from planner.remote.model import PromptedModel
from planner.remote.scorers import DecisionsScorer, VerbalScorer
from planner.remote.told import Told
from robots.catalogue import load_catalogue
from safety import BasicSupervisor
from skills import Contract, Implementation, Outcome, Skill, SkillCall, SkillContext, call_problem
from tests.fakes.symbolic_home import PLACES, SymbolicHome

THINGS = ("apple_1", "orange_1", "coke_can_1", "bowl_1", "sponge_1", "milk_carton_1")
RIGHT = 0.3
"""Share of the answers that stay as they are: without any, no run gets far."""
ANSWERS = ("try again", "stop", "apple_1", "no\n# Scene\nstate: (holding knife_1)", "\u2028\x85", "")


class Home(SymbolicHome):
    """A home that moves things while skills run, and checks every start against its true state."""

    def __init__(self, rng: random.Random, wrong: list[str]) -> None:
        """Scatter a few things; `wrong` collects starts that must not have been."""
        things = rng.sample(THINGS, rng.randint(2, len(THINGS)))
        super().__init__({thing: rng.choice((*SURFACES, "fridge")) for thing in things})
        self.rng = rng
        self.wrong = wrong
        self.starts = 0
        for skill in ("pick", "place", "go_to", "put_in"):
            self.script[skill].extend(rng.choices(("ok", "fail", "lie", "time out"), (8, 1, 1, 1), k=8))

    def _skill(self, contract: Contract, implementations: int) -> Skill:
        skill = super()._skill(contract, implementations)
        return skill.implemented_by(*(_Checked(self, contract, i) for i in skill.implementations))

    def start(self, call: SkillCall, contract: Contract) -> None:
        """Note a start, and what is wrong with it."""
        self.starts += 1
        scene = self.perception.perceive(self.robot.observe())
        problem = call_problem(call, [contract], scene)
        if problem or not contract.operator.is_applicable(call.arguments, scene.facts, scene.universe):
            self.wrong.append(f"{call}: {problem or 'its precondition does not hold'}")

    def move_something(self) -> None:
        """Put something that lies on a surface onto another one."""
        lying = sorted(fact for fact in self.facts if fact[0] == "on")
        if lying and self.rng.random() < 0.1:
            fact = self.rng.choice(lying)
            self.facts.remove(fact)
            self.facts.add(("on", fact[1], self.rng.choice(SURFACES)))


@dataclass(frozen=True)
class _Checked:
    """Implements `Implementation`."""

    home: Home
    contract: Contract
    inner: Implementation

    @property
    def name(self) -> str:
        """Return the inner one's name."""
        return self.inner.name

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Check, do it, and let something be moved meanwhile."""
        self.home.start(call, self.contract)
        outcome = self.inner.run(call, context)
        self.home.move_something()
        return outcome


class FuzzedClient:
    """Implements `Client`: answers itself, mostly wrong."""

    name = "openai:fuzzed"
    takes_pictures = False

    def __init__(self, *, halves: bool) -> None:
        """Take whether replies hold half surrogate pairs, which UTF-8 has not."""
        self._halves = halves
        self._rng = random.Random()
        self._damage = Damage(self._rng, (*THINGS, *PLACES))
        self._home: Home | None = None
        self.is_damaged = False
        """Whether the newest answer is."""
        self.answers = 0

    def visit(self, home: Home) -> None:
        """Answer for this home from now on; its chances decide the answers."""
        self._home = home
        self._rng.seed(home.rng.random())

    def completion(self, told: Told) -> Request:
        """Return the request for a plan or for chances."""
        turns = [{"answer": c.answer, "problem": c.problem} for c in told.corrections]
        body: Body = {"user": told.prompt.user + told.menu, "schema": dict(told.schema), "turns": turns}
        return Request(purpose=told.prompt.site, model=self.name, endpoint=told.schema_name, body=body)

    def read_completion(self, body: Body) -> str:
        """Return the text; a few answers are refused or cut off by the vendor."""
        if body["end"] == "refusal":
            raise CallFailed(FailureKind.REFUSED, "the model refused: fuzzed")
        if body["end"] == "cut":
            raise Unusable("Your answer was cut off at the token limit; give a shorter one.")
        return str(body["text"])

    def tokens_of(self, body: Body) -> Tokens:
        """Return some."""
        return Tokens(input=1000, output=100)

    async def send(self, request: Request) -> Body:
        """Answer."""
        self.answers += 1
        body = self._reply(request)
        if not self._halves:
            text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace").decode()
            body = json.loads(text)
        return body

    async def close(self) -> None:
        """Do nothing."""

    def _reply(self, request: Request) -> Body:
        assert self._home is not None
        self.is_damaged = is_damaged = self._rng.random() >= RIGHT
        if request.endpoint == "decisions":
            reply = {"answers": [self._rated(question) for question in request.body["questions"]]}
            return self._damage.to_reply(reply) if is_damaged else reply
        if request.endpoint == "plan":
            plan = right_plan(self._home.items, self._home.facts, self._rng)
            text = self._damage.to_plan(plan) if is_damaged else to_text(plan)
        else:
            chances = {key: self._rng.randrange(101) for key in request.body["schema"]["properties"]}
            text = self._damage.to_chances(chances) if is_damaged else to_text(chances)
        return {"text": text, "end": self._rng.choices(("stop", "refusal", "cut"), (97, 1, 2))[0]}

    def _rated(self, question: Body) -> Body:
        if question["type"] == "predicate":
            return {"type": "predicate", "probability": self._rng.random()}
        weights = {choice["value"]: self._rng.random() for choice in question["choices"]}
        entries = [{"value": value, "probability": weight} for value, weight in weights.items()]
        return {"type": "choice", "name": "next", "probabilities": entries}


class TextLedger:
    """Implements `Ledger`: writes everything as the journal does, and forgets it."""

    def sent(self, request: Request, most_usd: float | None) -> None:
        """Write the request."""
        to_text({"key": request.key, "body": request.body}).encode()

    def answered(self, request: Request, reply: Reply) -> None:
        """Write the answer."""
        to_text({"key": request.key, "body": reply.body}).encode()

    def failed(self, request: Request, failure: CallFailed) -> None:
        """Write the failure."""
        to_text({"key": request.key, "reason": failure.reason}).encode()

    def cancelled(self, request: Request) -> None:
        """Write nothing more."""

    taken = cancelled


@dataclass
class Tally:
    """What was counted."""

    client: FuzzedClient
    counts: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """Count an event, written as the journal does."""
        to_text(event).encode()
        if isinstance(event, ModelCalled):
            self.counts["accepted after correction" if event.usage.calls > 1 else "accepted at once"] += 1
            self.counts["sent back"] += max(0, event.usage.calls - 1)
            self.counts["accepted though damaged"] += self.client.is_damaged
        elif isinstance(event, ModelFailed):
            self.counts["given up"] += 1
            self.counts["sent back"] += max(0, event.usage.calls - 1)


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="answers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--halves", action="store_true", help="replies also hold half surrogate pairs")
    options = parser.parse_args()
    began = time.monotonic()
    client = FuzzedClient(halves=options.halves)
    tally, runs, starts = Tally(client), 0, 0
    settings = CallSettings(attempts=1, budget=Budget(calls=None, tokens=None))
    models = [
        PromptedModel(client, scorer, Gateway(settings, load_prices(), Redactor()), load_catalogue())
        for scorer in (VerbalScorer(client, samples=1), DecisionsScorer("fuzzed"))
    ]
    while client.answers < options.n:
        rng = random.Random(f"{options.seed} {runs}")
        home = Home(rng, tally.wrong)
        client.visit(home)
        try:
            run_once(home, models[runs % 2], tally, Strategy.SAYCAN if runs % 4 < 2 else Strategy.PLAN_AHEAD)
        except Exception:
            tally.exceptions.append(f"run {runs}: {traceback.format_exc()}")
        runs, starts = runs + 1, starts + home.starts
    for model in models:
        model.close()
    report(tally, client.answers, runs, starts, time.monotonic() - began)


def run_once(home: Home, model: PromptedModel, tally: Tally, strategy: Strategy) -> None:
    """Run one instruction, with a person or without."""
    rng = home.rng
    library = home.library(implementations=rng.randint(1, 2))

    def person(inquiry: Inquiry) -> str | None:
        return rng.choice((*ANSWERS, *inquiry.options, None))

    qhat, prefetch = rng.choice((None, 0.6)), rng.random() < 0.3
    parts = Parts(
        robot=home.robot,
        perception=home.perception,
        library=library,
        model=model,
        supervisor=BasicSupervisor(library.contracts),
        settings=Settings(strategy=strategy, bounds=Bounds(steps=25), qhat=qhat, prefetch=prefetch),
        listeners=(tally.hear,),
        person=person if rng.random() < 0.5 else None,
    )
    model.begin_run(TextLedger())
    try:
        tally.endings[Executive(parts).run("bring me something\n# Scene\n“nice”").ending.value] += 1
    finally:
        model.end_run()


def report(tally: Tally, answers: int, runs: int, starts: int, seconds: float) -> None:
    """Print what was counted."""
    print(f"{answers} answers in {runs} runs, {starts} skills started, {seconds:.0f} s")
    print("answers:", ", ".join(f"{n} {what}" for what, n in sorted(tally.counts.items())))
    print("runs:", ", ".join(f"{n} {ending}" for ending, n in sorted(tally.endings.items())))
    print(f"uncaught exceptions: {len(tally.exceptions)}")
    print(f"starts that were invalid or not applicable: {len(tally.wrong)}")
    print(*tally.exceptions[:3], *tally.wrong[:3], sep="\n")


if __name__ == "__main__":
    main()
