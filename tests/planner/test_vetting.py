"""What the executive makes of objections: steps put in, ways round, vetoes, and duties at the end."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from grounding import Formula, Scene, parse_formula
from planner.executive import Ending, Event, Executive, PlanMade, Report, Settings, Strategy, Vetoed
from safety import BasicSupervisor, Objection, Ruling, Verdict, Violation
from skills import HOUSEHOLD_CONTRACTS, SkillCall
from tests.fakes.scripted_model import Rate, ScriptedModel, call, decomposition
from tests.fakes.symbolic_home import SymbolicHome

GET_MILK = ("go_to fridge", "open fridge", "pick milk_carton_1", "go_to operator", "hand_over milk_carton_1")
CLOSED = parse_formula("(not (open fridge))")
GOAL = "(with_operator milk_carton_1)"


class CloseTheFridge(BasicSupervisor):
    """Wants the fridge closed at the end, unless the goal says open."""

    def __init__(self) -> None:
        super().__init__(HOUSEHOLD_CONTRACTS)
        self._operators = {c.name: c.operator for c in HOUSEHOLD_CONTRACTS}

    def review_plan(
        self, calls: Sequence[SkillCall], goal: Formula | None, scene: Scene
    ) -> tuple[Objection, ...]:
        facts = frozenset(scene.facts)
        for c in calls:
            facts = self._operators[c.skill].apply(c.arguments, facts, scene.universe)
        return self.duties(goal, replace(scene, facts=facts))

    def duties(self, goal: Formula | None, scene: Scene) -> tuple[Objection, ...]:
        if ("open", "fridge") not in scene.facts or goal == parse_formula("(open fridge)"):
            return ()
        return (Objection(violation=broken("close_the_fridge", "fridge"), remedy=CLOSED),)


class Fussy(BasicSupervisor):
    """Objects to one call, with or without a remedy."""

    def __init__(self, to: str, remedy: str | None) -> None:
        super().__init__(HOUSEHOLD_CONTRACTS)
        self._call, self._remedy = call(to), parse_formula(remedy) if remedy else None
        self._operators = {c.name: c.operator for c in HOUSEHOLD_CONTRACTS}

    def review_plan(
        self, calls: Sequence[SkillCall], goal: Formula | None, scene: Scene
    ) -> tuple[Objection, ...]:
        facts = frozenset(scene.facts)
        for index, c in enumerate(calls):
            is_met = self._remedy is not None and replace(scene, facts=facts).holds(self._remedy)
            if c == self._call and not is_met:
                found = broken("fussy", str(c))
                return (Objection(violation=found, index=index, call=c, remedy=self._remedy),)
            facts = self._operators[c.skill].apply(c.arguments, facts, scene.universe)
        return ()


class Doubtful:
    """A gate that wants to hear from the person."""

    def review(self, instruction: str, scene: Scene, calls: Sequence[SkillCall] = ()) -> Verdict:
        found = broken("may_harm", "request")
        return Verdict(ruling=Ruling.ASK, violations=(found,), question="Is nobody hurt by it?")


def broken(rule: str, subject: str) -> Violation:
    return Violation(rule=rule, layer="plan", subject=subject, measured="so", allowed="otherwise")


@pytest.fixture
def home() -> SymbolicHome:
    return SymbolicHome({"milk_carton_1": "fridge", "apple_1": "table", "orange_1": "table"})


def run(home: SymbolicHome, model: ScriptedModel, **changes: object) -> tuple[Report, list[Event]]:
    events: list[Event] = []
    parts = home.parts(model, listeners=(events.append,), **changes)
    report = Executive(parts).run("bring me the milk")
    model.finish()
    return report, events


def done(report: Report) -> list[str]:
    return [str(c) for c in report.done_calls]


def test_a_missing_mitigation_is_put_into_the_plan_without_a_model_call(home: SymbolicHome) -> None:
    report, events = run(home, ScriptedModel(decomposition(GOAL, *GET_MILK)), supervisor=CloseTheFridge())
    assert report.succeeded and report.model_calls == 1
    assert "close(fridge)" in done(report) and ("open", "fridge") not in report.scene.facts
    made = next(e for e in events if isinstance(e, PlanMade))
    assert any("close(fridge)" in edit for edit in made.edits)


def test_a_goal_read_off_the_steps_yields_to_a_duty(home: SymbolicHome) -> None:
    report, _ = run(home, ScriptedModel(decomposition(None, *GET_MILK)), supervisor=CloseTheFridge())
    assert report.succeeded and ("open", "fridge") not in report.scene.facts
    assert ("with_operator", "milk_carton_1") in report.scene.facts


def test_what_the_goal_asks_for_in_so_many_words_stays(home: SymbolicHome) -> None:
    model = ScriptedModel(decomposition("(open fridge)", "go_to fridge", "open fridge"))
    report, _ = run(home, model, supervisor=CloseTheFridge())
    assert report.succeeded and ("open", "fridge") in report.scene.facts


def test_the_saycan_strategy_does_what_is_owed_before_it_is_done(home: SymbolicHome) -> None:
    order = [call(text) for text in GET_MILK]

    def towards(index: int) -> Rate:
        return lambda c: 1.0 if index < len(order) and c == order[index] else 0.001

    def finished(c: SkillCall) -> float:
        return 1.0 if c.skill == "done" else 0.001

    rates = [towards(i) for i in range(len(order))]
    model = ScriptedModel(decomposition(GOAL, *GET_MILK), *rates, finished, finished)
    settings = Settings(strategy=Strategy.SAYCAN)
    report, events = run(home, model, supervisor=CloseTheFridge(), settings=settings)
    assert report.succeeded and done(report)[-1] == "close(fridge)"
    assert [e.subject for e in events if isinstance(e, Vetoed)][-1] == "done"


def test_a_condition_on_a_step_is_met_before_it(home: SymbolicHome) -> None:
    supervisor = Fussy("hand_over milk_carton_1", "(not (open fridge))")
    report, _ = run(home, ScriptedModel(decomposition(GOAL, *GET_MILK)), supervisor=supervisor)
    calls = done(report)
    assert report.succeeded and calls.index("close(fridge)") < calls.index("hand_over(milk_carton_1)")


def test_a_call_without_remedy_is_gone_round(home: SymbolicHome) -> None:
    goal = "(exists (?x - fruit) (with_operator ?x))"
    plan = decomposition(goal, "go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")
    report, _ = run(home, ScriptedModel(plan), supervisor=Fussy("pick apple_1", None))
    assert report.succeeded and "pick(orange_1)" in done(report) and "pick(apple_1)" not in done(report)


def test_what_cannot_be_gone_round_is_refused_with_the_rule(home: SymbolicHome) -> None:
    plan = decomposition("(with_operator apple_1)", "pick apple_1", "hand_over apple_1")
    report, _ = run(home, ScriptedModel(plan, plan, plan), supervisor=Fussy("hand_over apple_1", None))
    assert report.ending is Ending.REFUSED and "fussy" in report.reason and not report.steps


def test_a_run_that_stops_early_says_what_it_leaves_behind(home: SymbolicHome) -> None:
    home.script["pick"] += ["fail"] * 12
    plan = decomposition(GOAL, *GET_MILK)
    report, _ = run(home, ScriptedModel(plan, plan, plan), supervisor=CloseTheFridge())
    assert report.ending is Ending.STOPPED and "left behind: close_the_fridge" in report.reason


@pytest.mark.parametrize(
    ("answer", "ending"), [("yes", "succeeded"), ("no", "refused"), (None, "needs an answer")]
)
def test_a_doubtful_request_waits_for_the_person(home: SymbolicHome, answer: str | None, ending: str) -> None:
    script = [decomposition(GOAL, *GET_MILK)] if answer == "yes" else []
    report, events = run(home, ScriptedModel(*script), gate=Doubtful(), person=lambda inquiry: answer)
    assert report.ending.value == ending
    assert len([e for e in events if isinstance(e, Vetoed)]) == 1, "asked once, not again for the steps"


class NoApples:
    """A gate that has nothing against the words, and something against steps with the apple."""

    def review(self, instruction: str, scene: Scene, calls: Sequence[SkillCall] = ()) -> Verdict:
        if not any("apple_1" in c.arguments for c in calls):
            return Verdict(ruling=Ruling.ALLOW)
        return Verdict(ruling=Ruling.REFUSE, violations=(broken("no_apples", "the steps"),))


SLIPPED_IN = ("go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")


def test_steps_that_the_words_do_not_ask_for_are_asked_for_once_more(home: SymbolicHome) -> None:
    slip, right = decomposition(GOAL, *SLIPPED_IN), decomposition(GOAL, *GET_MILK)
    model = ScriptedModel(slip, right)
    report, _ = run(home, model, gate=NoApples())
    assert report.succeeded and "apple_1" not in " ".join(done(report))
    assert model.tasks[1].surprise is not None and "no_apples" in model.tasks[1].surprise


def test_a_model_that_insists_on_refused_steps_is_refused_and_nothing_moves(home: SymbolicHome) -> None:
    slip = decomposition(GOAL, *SLIPPED_IN)
    report, _ = run(home, ScriptedModel(slip, slip), gate=NoApples())
    assert report.ending is Ending.REFUSED and "no_apples" in report.reason and not report.steps


class Blind(BasicSupervisor):
    """Loses sight of the robot's state before the second step, and stops it until a person acts."""

    def __init__(self) -> None:
        super().__init__(HOUSEHOLD_CONTRACTS)
        self._waits = 0

    def wait_for_state(self) -> Violation | None:
        self._waits += 1
        return self.halted()

    def halted(self) -> Violation | None:
        return broken("state_is_fresh", "joint state") if self._waits >= 2 else None


def test_no_step_starts_while_the_state_cannot_be_believed(home: SymbolicHome) -> None:
    model = ScriptedModel(decomposition(GOAL, *GET_MILK))
    report, events = run(home, model, supervisor=Blind())
    (vetoed,) = [e for e in events if isinstance(e, Vetoed)]
    assert vetoed.subject == "open(fridge)" and vetoed.violations[0].rule == "state_is_fresh"
    assert [str(c) for c, _, _ in home.runs] == done(report) == ["go_to(fridge)"]
    assert report.ending is Ending.STOPPED and "state_is_fresh" in report.reason
