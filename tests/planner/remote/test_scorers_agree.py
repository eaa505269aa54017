"""One belief, spoken over every wire, comes out as the same ratings; without numbers there are no ratings."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.language_model import ASK, DONE, NONE_OF_THESE, FailureKind, Scores
from planner.remote.profiles import ScorerName
from planner.remote.scorers.letters import LETTERS, letter_shares
from planner.selection import doubted, scored_candidates
from skills import Affordance, SkillCall
from tests.fakes.scripted_model import call
from tests.fakes.spoken_ratings import (
    Spell,
    by_decisions,
    by_echo,
    by_echo_or_letters,
    by_letters,
    by_words,
    menu_of,
)
from tests.fakes.symbolic_scene import symbolic_scene
from tests.fakes.vendor import Answer, Reply, Vendor
from tests.fakes.vendor_schemas import CHAT, COMPLETIONS
from tests.fakes.wired_model import (
    ANTHROPIC,
    CONTRACTS,
    LOCAL,
    OPENAI,
    SCENE,
    TASK,
    check_failure,
    check_scores,
    error,
    wired,
)

pytestmark = pytest.mark.wire

SIX = (
    *(call(text) for text in ("pick apple_1", "pick coke_can_1", "go_to operator", "go_to far_counter")),
    DONE,
    ASK,
)
P_SIX = dict(zip((*map(str, SIX), NONE_OF_THESE), (0.46, 0.2, 0.14, 0.1, 0.05, 0.03, 0.02), strict=True))
FRUIT = [f"{kind}_{i}" for kind in ("apple", "orange", "lemon") for i in range(1, 15)]
MANY = (*(call(f"pick {name}") for name in FRUIT), call("go_to sink"), DONE, ASK)
P_MANY = {
    **{str(c): (1 + i) / 1200 for i, c in enumerate(MANY)},
    str(MANY[3]): 0.06,
    NONE_OF_THESE: 0.03,
}
MANY_SCENE = symbolic_scene(dict.fromkeys(FRUIT, "table"), robot_at="table")

WAYS: list[tuple[str, ScorerName, Any, float]] = [
    ("openai", "decisions", by_decisions, 1e-6),
    ("openai:gpt-4.1", "letters", by_letters, 1e-6),
    ("local", "letters", by_letters, 1e-6),
    ("local", "echo", by_echo, 1e-6),
    ("anthropic", "verbal", lambda p: by_words(p, ANTHROPIC), 0.01),
    ("openai", "verbal", lambda p: by_words(p, OPENAI), 0.01),
]


def rate(
    answer: Answer,
    wire: str,
    scorer: ScorerName,
    *,
    candidates: Sequence[SkillCall] = SIX,
    scene: Any = SCENE,
    **more: Any,
) -> tuple[Scores, Vendor]:
    with Vendor.answering(answer) as vendor, wired(vendor, wire, scorer=scorer, **more) as model:
        scores = check_scores(model.score(TASK, scene, CONTRACTS, candidates))
    assert [score.call for score in scores.scores] == list(candidates)
    assert {score.method for score in scores.scores} == {scorer}
    return scores, vendor


def expected(p: Mapping[str, float], candidates: Sequence[SkillCall]) -> list[float]:
    """Return what each candidate deserves: to find none of them right is to want to ask."""
    total = sum(p.values())
    return [(p[str(c)] + (p[NONE_OF_THESE] if c == ASK else 0.0)) / total for c in candidates]


def given_by(scores: Scores) -> list[float]:
    return [score.probability for score in scores.scores]


@pytest.mark.parametrize(("wire", "scorer", "speak", "tolerance"), WAYS)
def test_a_belief_in_six_options_comes_out_as_it_is(
    wire: str, scorer: ScorerName, speak: Any, tolerance: float
) -> None:
    scores, vendor = rate(speak(P_SIX), wire, scorer)
    assert given_by(scores) == pytest.approx(expected(P_SIX, SIX), abs=tolerance)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(("wire", "scorer", "speak", "tolerance"), WAYS)
def test_a_belief_in_more_options_than_there_are_letters_comes_out_too(
    wire: str, scorer: ScorerName, speak: Any, tolerance: float
) -> None:
    scores, vendor = rate(speak(P_MANY), wire, scorer, candidates=MANY, scene=MANY_SCENE)
    assert given_by(scores) == pytest.approx(expected(P_MANY, MANY), abs=tolerance)
    assert len(vendor.requests) == (3 if scorer == "letters" else 1)


def test_letters_are_asked_for_in_another_order_each_time() -> None:
    scores, vendor = rate(by_letters(P_SIX), "local", "letters", orders=3)
    assert given_by(scores) == pytest.approx(expected(P_SIX, SIX), abs=1e-6)
    menus = [tuple(menu_of(request.body).values()) for request in vendor.requests]
    assert len(set(menus)) == 3 and {frozenset(menu) for menu in menus} == {frozenset(P_SIX)}
    _, again = rate(by_letters(P_SIX), "local", "letters", orders=3)
    assert [request.body for request in again.requests] == [request.body for request in vendor.requests]


def test_samples_in_words_are_asked_for_in_another_order_each_time() -> None:
    scores, vendor = rate(by_words(P_SIX, ANTHROPIC), "anthropic", "verbal", samples=4)
    assert scores.agreement == 1.0
    assert len({tuple(menu_of(request.body)) for request in vendor.requests}) == 4


def test_samples_that_disagree_are_averaged_and_say_so() -> None:
    other = {**P_SIX, str(SIX[0]): 0.2, str(SIX[1]): 0.46}
    script = [by_words(P_SIX, ANTHROPIC)] + [by_words(other, ANTHROPIC)] * 2
    with Vendor(script) as vendor, wired(vendor, ANTHROPIC, samples=3) as model:
        scores = check_scores(model.score(TASK, SCENE, CONTRACTS, SIX))
    assert scores.agreement == pytest.approx(2 / 3)
    assert given_by(scores)[:2] == pytest.approx([(0.46 + 2 * 0.2) / 3, (0.2 + 2 * 0.46) / 3], abs=0.01)


@pytest.mark.parametrize(
    "spell",
    [
        lambda letter, place: f" {letter}",
        lambda letter, place: letter.lower(),
        lambda letter, place: f"{letter})",
        lambda letter, place: f"**{letter}**",
        lambda letter, place: (f" {letter}", letter.lower(), f"({letter}", f"{letter}.")[place % 4],
    ],
)
def test_a_letter_counts_however_it_is_written(spell: Spell) -> None:
    scores, _ = rate(by_letters(P_SIX, spell), "openai:gpt-4.1", "letters")
    assert given_by(scores) == pytest.approx(expected(P_SIX, SIX), abs=1e-6)


def test_all_spellings_of_a_letter_vote_for_it_together() -> None:
    tops = [("A", math.log(0.3)), (" a", math.log(0.3)), ("b)", math.log(0.4))]
    assert letter_shares(tops, 2) == pytest.approx([0.6, 0.4])


def test_a_letter_outside_the_top_ones_has_no_vote() -> None:
    a, b, c = letter_shares([("A", math.log(0.8)), ("B", math.log(0.15)), ("C", -9999.0)], 3)
    assert a / b == pytest.approx(0.8 / 0.15)
    assert 0.0 < c < 0.05, "at most what the others leave"


@given(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=20), st.data())
def test_letter_shares_are_a_distribution_in_the_order_of_belief(weights: list[float], data: Any) -> None:
    total = sum(weights)
    tops = [(LETTERS[i], math.log(w / total)) for i, w in enumerate(weights)]
    kept = data.draw(st.permutations(tops))
    shares = letter_shares(kept, len(weights))
    assert sum(shares) == pytest.approx(1.0)
    assert shares == pytest.approx([w / total for w in weights])


def test_text_offsets_of_an_echo_do_not_matter() -> None:
    scores, _ = rate(by_echo(P_SIX, offset=1), "local", "echo")
    assert given_by(scores) == pytest.approx(expected(P_SIX, SIX), abs=1e-6)


def test_an_echo_is_normalised_by_length() -> None:
    short, long = call("pick apple_1"), call("place coke_can_1 far_counter")
    p = {str(short): 0.2, str(long): 0.7, str(ASK): 0.05, NONE_OF_THESE: 0.05}
    scores, _ = rate(by_echo(p), "local", "echo", candidates=(short, long, ASK))
    assert given_by(scores) == pytest.approx([0.2, 0.7, 0.1]), "the sum would prefer the short one"


def without_logprobs(path: str, body: Any) -> Reply:
    """Answer like a server that takes `echo` and leaves the log-probabilities of the prompt out."""
    reply = by_echo(P_SIX)(path, body).json
    return Reply(json={**reply, "choices": [{**choice, "logprobs": None} for choice in reply["choices"]]})


def of_other_tokens(path: str, body: Any) -> Reply:
    """Answer with tokens that do not spell the options."""
    reply = by_echo(P_SIX)(path, body).json
    for choice in reply["choices"]:
        choice["logprobs"]["tokens"] = ["?" for _ in choice["logprobs"]["tokens"]]
    return Reply(json=reply)


@pytest.mark.parametrize(
    "echo",
    [
        lambda path, body: error(400, "echo is not supported"),
        lambda path, body: error(404, "no such path"),
        without_logprobs,
        of_other_tokens,
        lambda path, body: Reply(json={**by_echo(P_SIX)(path, body).json, "choices": []}),
    ],
)
def test_a_server_without_echo_is_asked_for_letters_from_then_on(echo: Answer) -> None:
    answer = by_echo_or_letters(echo, by_letters(P_SIX))
    with Vendor.answering(answer) as vendor, wired(vendor, LOCAL) as model:
        for _ in range(2):
            scores = check_scores(model.score(TASK, SCENE, CONTRACTS, SIX))
            assert given_by(scores) == pytest.approx(expected(P_SIX, SIX), abs=1e-6)
            assert {score.method for score in scores.scores} == {
                "letters"
            } and model.scorer.method == "letters"
    assert [request.path for request in vendor.requests] == [COMPLETIONS, CHAT, CHAT]


def test_an_echo_that_is_only_busy_is_not_given_up() -> None:
    with Vendor([error(503), by_echo(P_SIX)]) as vendor, wired(vendor, LOCAL) as model:
        scores = check_scores(model.score(TASK, SCENE, CONTRACTS, SIX))
    assert {score.method for score in scores.scores} == {"echo"}


def test_no_scores_are_a_failure_and_never_a_guess() -> None:
    def mute(path: str, body: Any) -> Reply:
        return without_logprobs(path, body) if path == COMPLETIONS else LOCAL.says("A")

    with Vendor.answering(mute) as vendor, wired(vendor, LOCAL) as model:
        reason = check_failure(model.score(TASK, SCENE, CONTRACTS, SIX), FailureKind.BAD_ANSWER)
    assert "no log-probabilities" in reason and len(vendor.requests) == 4


def test_a_doubted_fact_lowers_what_needs_it_and_says_why() -> None:
    calls = (call("pick apple_1"), call("go_to operator"), ASK)
    even = dict.fromkeys((*map(str, calls), NONE_OF_THESE), 0.25)
    scores, _ = rate(by_decisions(even, {"(gripper_empty)": 0.2}), "openai", "decisions", candidates=calls)
    assert scores.doubts == {("gripper_empty",): pytest.approx(0.2)}

    def can(wanted: SkillCall, scene: object) -> Affordance:
        return Affordance(probability=0.9, source="fake")

    weighed = scored_candidates(scores, SCENE, can, is_done=False, can_ask=True)
    by_name = {contract.name: contract for contract in CONTRACTS}
    needs = {c: by_name[c.skill].named_facts(c.arguments) for c in calls[:2]}
    pick, go_to = (doubted(c, needs[c.call], scores.doubts) for c in weighed[:2])
    assert pick.can == pytest.approx(0.9 * 0.2) and "the model doubts (gripper_empty): 0.20" in pick.reasons
    assert go_to == replace(go_to, can=0.9, reasons=())


def test_what_the_model_believes_is_not_doubted() -> None:
    calls = (call("pick apple_1"), ASK)
    even = dict.fromkeys((*map(str, calls), NONE_OF_THESE), 1.0)
    for belief, is_doubted in ((0.51, False), (0.49, True)):
        answer = by_decisions(even, {"(gripper_empty)": belief})
        scores, _ = rate(answer, "openai", "decisions", candidates=calls)
        assert bool(scores.doubts) is is_doubted
