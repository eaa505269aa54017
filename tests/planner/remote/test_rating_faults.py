"""Ratings that are no distribution are told so, at most twice; then there is a reason, never a guess."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from planner.language_model import ASK, DONE, NONE_OF_THESE, Failure, FailureKind, Scores
from planner.remote.profiles import ScorerName
from tests.fakes.scripted_model import call
from tests.fakes.spoken_ratings import by_decisions, by_letters, by_words, menu_of
from tests.fakes.vendor import Answer, Reply, Step, Vendor
from tests.fakes.vendor_replies import (
    openai_chat,
    openai_decision,
    predicate_answer,
    refusal_answer,
)
from tests.fakes.wired_model import (
    ANTHROPIC,
    CONTRACTS,
    KEY,
    OPENAI,
    SCENE,
    TASK,
    check_failure,
    check_scores,
    error,
    quick,
    wired,
)

pytestmark = pytest.mark.wire

CANDIDATES = (call("go_to table"), DONE, ASK)
OFFERED = (*map(str, CANDIDATES), NONE_OF_THESE)
P = dict(zip(OFFERED, (0.7, 0.1, 0.15, 0.05), strict=True))
GOOD: Mapping[ScorerName, tuple[str, Answer]] = {
    "decisions": ("openai", by_decisions(P)),
    "letters": ("openai:gpt-4.1", by_letters(P)),
    "verbal": ("anthropic", by_words(P, ANTHROPIC)),
}
scorers = pytest.mark.parametrize("scorer", GOOD)


def rate(scorer: ScorerName, *steps: Step, samples: int = 1, **calls: Any) -> Scores | Failure:
    """Return the ratings; the vendor fails the test when not every step, or more, was asked for."""
    wire, _ = GOOD[scorer]
    with (
        Vendor(steps) as vendor,
        wired(vendor, wire, scorer=scorer, samples=samples, calls=quick(**calls)) as model,
    ):
        answer = model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    assert answer.usage.calls == len(vendor.requests)
    return answer


def check_corrected(scorer: ScorerName, bad: Step, says: str) -> None:
    """Check that a bad answer is told what is wrong, that a good one is taken then, and that three end it."""
    wire, good = GOOD[scorer]
    steps = (bad, good, bad, bad, bad)
    with Vendor(steps) as vendor, wired(vendor, wire, scorer=scorer, samples=1) as model:
        check_scores(model.score(TASK, SCENE, CONTRACTS, CANDIDATES))
        given_up = model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    told = json.dumps(vendor.requests[1].body)
    assert "Your last answer could not be used." in told and says in told
    assert says in check_failure(given_up, FailureKind.BAD_ANSWER)


def raw(body: Any) -> Reply:
    """Return a reply that no type checks."""
    return Reply(body=json.dumps(body).encode())


def decided(weights: Sequence[tuple[Any, Any]], **changes: Any) -> Reply:
    """Return a choice with these probabilities, and belief in the one fact that is asked about."""
    told = [{"value": value, "probability": probability} for value, probability in weights]
    choice = {"type": "choice", "name": "next", "choice": "?", "confidence": 1.0, "probabilities": told}
    return raw(openai_decision([{**choice, **changes}]))


def said(weights: Mapping[str, Any] | str) -> Step:
    """Return a verbal answer with these chances instead of the right ones; None leaves an option out."""

    def answer(path: str, body: Any) -> Reply:
        if isinstance(weights, str):
            return ANTHROPIC.says(weights)
        names = {option: name for name, option in menu_of(body).items()}
        chances = {names.get(o, o): w for o, w in {**dict.fromkeys(OFFERED, 25), **weights}.items()}
        return ANTHROPIC.says(json.dumps({name: w for name, w in chances.items() if w is not None}))

    return answer


EVEN = [(option, 0.25) for option in OFFERED]
ODD_DECISIONS = {
    "left out": (decided(EVEN[1:]), "left out: go_to(table)"),
    "made up": (decided([*EVEN, ("dance()", 0.1)]), "not options: dance()"),
    "twice": (decided([*EVEN, EVEN[0]]), "go_to(table) was rated twice"),
    "a number as option": (decided([*EVEN, (7, 0.1)]), "not options: 7"),
    "not a number": (decided([*EVEN[1:], (OFFERED[0], float("nan"))]), "nan is not a probability"),
    "infinite": (decided([*EVEN[1:], (OFFERED[0], float("inf"))]), "inf is not a probability"),
    "too large": (decided([*EVEN[1:], (OFFERED[0], 10**400)]), "000 is not a probability"),
    "too large for one": (decided([*EVEN[1:], (OFFERED[0], 37.0)]), "37.0 is not a probability"),
    "negative": (decided([*EVEN[1:], (OFFERED[0], -0.1)]), "negative"),
    "all zero": (decided([(option, 0.0) for option in OFFERED]), "All probabilities are 0"),
    "in words": (decided([*EVEN[1:], (OFFERED[0], "likely")]), "'likely' is not a probability"),
    "yes": (decided([*EVEN[1:], (OFFERED[0], True)]), "True is not a probability"),
    "none": (decided([]), "left out"),
    "of no kind": (decided(EVEN, probabilities="even"), "left out"),
    "another question": (raw(openai_decision([predicate_answer("next", 0.4)])), "left out"),
    "no answer": (raw(openai_decision([])), "1 questions got 0 answers"),
    "one more answer": (
        raw(openai_decision([*[predicate_answer(None, 0.5)] * 2])),
        "1 questions got 2 answers",
    ),
}
ODD_WORDS = {
    "left out": (said({NONE_OF_THESE: None}), "left out: none of these"),
    "made up": (said({"dance()": 5}), "not options: dance()"),
    "twice": (said('{"o0": 25, "o0": 20, "o1": 25, "o2": 25, "o3": 25}'), "stands twice"),
    "not a number": (said('{"o0": NaN, "o1": 25, "o2": 25, "o3": 25}'), "NaN is not a number"),
    "infinite": (said('{"o0": 1e999, "o1": 25, "o2": 25, "o3": 25}'), "1e999 is not a number"),
    "too large": (said({OFFERED[0]: 10**400}), "not a number from 0 to 100"),
    "negative": (said({OFFERED[0]: -1}), "not a number from 0 to 100"),
    "over a hundred": (said({OFFERED[0]: 101}), "not a number from 0 to 100"),
    "all zero": (said(dict.fromkeys(OFFERED, 0)), "All probabilities are 0"),
    "in words": (said({OFFERED[0]: "likely"}), "not a number from 0 to 100"),
    "yes": (said({OFFERED[0]: True}), "not a number from 0 to 100"),
    "a list": (said("[25, 25, 25, 25]"), "not a JSON object"),
    "no JSON": (said("The first one."), "not one JSON object"),
    "cut off": (Reply(json=ANTHROPIC.cut('{"o0": 2')), "cut off at the token limit"),
}


def tops(*weights: tuple[str, float]) -> Reply:
    return Reply(json=openai_chat("A", top_logprobs=weights))


def odd_logprobs(logprobs: Any) -> Reply:
    chat = openai_chat("A")
    return raw({**chat, "choices": [{**chat["choices"][0], "logprobs": logprobs}]})


ODD_LETTERS = {
    "no log-probabilities": (Reply(json=openai_chat("A")), "no log-probabilities"),
    "no position": (odd_logprobs({"content": []}), "no log-probabilities"),
    "no content": (odd_logprobs({"content": None}), "no log-probabilities"),
    "no top": (odd_logprobs({"content": [{"token": "A", "top_logprobs": []}]}), "Only 0%"),
    "words": (tops(("I", -0.1), ("The", -3.0), ("A", -4.0)), "Only 2%"),
    "other letters": (tops(("E", -0.1), ("F", -2.5)), "Only 0%"),
    "less than half": (tops(("Sure", -0.6), ("A", -1.2), ("B", -2.3)), "Only 40%"),
    "outside the top": (tops(("A", -9999.0), ("B", -9999.0)), "Only 0%"),
    "too large": (
        odd_logprobs({"content": [{"top_logprobs": [{"token": "A", "logprob": -(10**400)}]}]}),
        "Only 0%",
    ),
    "not a number": (
        odd_logprobs({"content": [{"top_logprobs": [{"token": "A", "logprob": float("nan")}]}]}),
        "Only 0%",
    ),
}


@pytest.mark.parametrize(("bad", "says"), ODD_DECISIONS.values(), ids=ODD_DECISIONS)
def test_a_decision_that_is_no_distribution(bad: Reply, says: str) -> None:
    check_corrected("decisions", bad, says)


@pytest.mark.parametrize(("bad", "says"), ODD_WORDS.values(), ids=ODD_WORDS)
def test_chances_in_words_that_are_no_distribution(bad: Step, says: str) -> None:
    check_corrected("verbal", bad, says)


@pytest.mark.parametrize(("bad", "says"), ODD_LETTERS.values(), ids=ODD_LETTERS)
def test_letters_that_do_not_vote(bad: Reply, says: str) -> None:
    check_corrected("letters", bad, says)


def test_a_letter_with_half_of_the_probability_is_enough() -> None:
    check_scores(rate("letters", tops(("Sure", -0.75), ("A", -0.69))))


@pytest.mark.parametrize("reply", [refusal_answer("next"), {**refusal_answer("next"), "probabilities": []}])
def test_a_refused_decision_is_a_refusal(reply: Any) -> None:
    check_failure(rate("decisions", raw(openai_decision([reply]))), FailureKind.REFUSED)
    check_failure(rate("verbal", Reply(json=ANTHROPIC.refused)), FailureKind.REFUSED)


@scorers
def test_a_server_that_hiccups_is_asked_again(scorer: ScorerName) -> None:
    check_scores(rate(scorer, error(500), error(429, retry_after="0.01"), Reply(body=b"{"), GOOD[scorer][1]))


@scorers
def test_one_request_is_enough_to_learn_that_nothing_will_be_served(scorer: ScorerName) -> None:
    spent = error(429, "no money", code="insufficient_quota")
    assert "quota" in check_failure(rate(scorer, spent, samples=5), FailureKind.REJECTED)
    wrong = error(401, f"wrong key {KEY}")
    assert "[hidden]" in check_failure(rate(scorer, wrong, samples=5), FailureKind.REJECTED)


def test_an_account_in_trouble_does_not_change_how_is_rated() -> None:
    spent = error(429, "no money", code="insufficient_quota")
    with Vendor([spent, GOOD["decisions"][1]]) as vendor, wired(vendor, OPENAI) as model:
        check_failure(model.score(TASK, SCENE, CONTRACTS, CANDIDATES), FailureKind.REJECTED)
        scores = check_scores(model.score(TASK, SCENE, CONTRACTS, CANDIDATES))
    assert {score.method for score in scores.scores} == {"decisions"}


@scorers
def test_the_deadline_ends_a_rating_too(scorer: ScorerName) -> None:
    check_failure(rate(scorer, Reply(hang=True), samples=5, score_deadline_s=0.4), FailureKind.DEADLINE)


def test_most_samples_of_a_verbal_rating_have_to_be_usable() -> None:
    good, bad = GOOD["verbal"][1], said("The first one.")
    check_scores(rate("verbal", good, bad, good, samples=3))
    check_scores(rate("verbal", good, bad, bad, good, good, good, samples=3))


def test_samples_that_fail_together_are_counted_once_each() -> None:
    refused = error(400, "no such model")
    answer = rate("verbal", GOOD["verbal"][1], *[refused] * 4, samples=5)
    check_failure(answer, FailureKind.UNSUPPORTED)


def test_a_fact_that_was_refused_is_not_doubted() -> None:
    with Vendor([answer_with(refusal_answer(None))]) as vendor, wired(vendor, OPENAI) as model:
        scores = model.score(TASK, SCENE, CONTRACTS, (call("pick apple_1"), DONE, ASK))
    assert not check_scores(scores).doubts


@pytest.mark.parametrize("probability", [-0.2, 1.5, "low", None, float("nan"), 10**400])
def test_a_doubt_without_a_probability_is_no_doubt(probability: Any) -> None:
    check = {"type": "predicate", "name": "check_0", "probability": probability}
    with Vendor([answer_with(check)]) as vendor, wired(vendor, OPENAI) as model:
        scores = model.score(TASK, SCENE, CONTRACTS, (call("pick apple_1"), DONE, ASK))
    assert not check_scores(scores).doubts


def answer_with(check: Any) -> Answer:
    """Answer a choice evenly, and the one fact that is asked about like this."""

    def answer(path: str, body: Any) -> Reply:
        values = [option["value"] for option in body["questions"][0]["choices"]]
        told = [{"value": value, "probability": 1 / len(values)} for value in values]
        choice = {"type": "choice", "name": "next", "choice": values[0], "confidence": 0.3}
        return raw(openai_decision([{**choice, "probabilities": told}, check]))

    return answer
