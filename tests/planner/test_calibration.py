"""When to act alone and when to ask: the laws of conformal sets, temperature and fits."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner.calibration as package
from planner.calibration import (
    ASK_OPTION,
    ConformalError,
    Fit,
    Labelled,
    Rated,
    Situation,
    TooFewSituations,
    calibrate,
    conformal_threshold,
    fit_temperature,
    needs_help,
    negative_log_likelihood,
    nonconformity,
    prediction_set,
    quality_of,
    situations_needed,
    with_temperature,
)
from planner.language_model import ASK, NONE_OF_THESE

OPTIONS = ("a", "b", "c", "d", NONE_OF_THESE)
UNIT = st.floats(0, 1)
COVERAGE = st.floats(0.01, 0.99)


def drawn(
    rng: np.random.Generator, n: int, *, sharpness: float, overconfidence: float = 1.0
) -> list[Labelled]:
    """Draw labels from softmax beliefs, and let the scorer say these beliefs to a power, renormalised."""
    logits = sharpness * rng.standard_normal((n, len(OPTIONS)))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)  # the Gumbel trick draws from a softmax
    said = np.exp(overconfidence * (logits - logits.max(axis=1, keepdims=True)))
    said /= said.sum(axis=1, keepdims=True)
    return [
        (dict(zip(OPTIONS, row, strict=True)), (OPTIONS[label],))
        for row, label in zip(said.tolist(), labels.tolist(), strict=True)
    ]


def rated(labelled: Sequence[Labelled]) -> list[Rated]:
    return [
        Rated(
            situation=Situation(
                id=str(i), scene="s", instruction="i", options=OPTIONS[:-1], acceptable=tuple(right)
            ),
            probabilities=p,
        )
        for i, (p, right) in enumerate(labelled)
    ]


@st.composite
def distributions(draw: st.DrawFn) -> dict[str, float]:
    weights = draw(st.lists(st.floats(0, 1), min_size=5, max_size=5).filter(lambda w: sum(w) > 0.01))
    return {option: w / sum(weights) for option, w in zip(OPTIONS, weights, strict=True)}


SCORES = st.lists(UNIT, min_size=100, max_size=120)


@pytest.mark.parametrize("coverage", [0.6, 0.8, 0.9])
@pytest.mark.parametrize("sharpness", [0.0, 1.0, 4.0])
def test_a_set_holds_what_is_right_as_often_as_promised(coverage: float, sharpness: float) -> None:
    rng, n, repetitions = np.random.default_rng(1), 19, 1000
    held = 0
    for _ in range(repetitions):
        *known, (probabilities, right) = drawn(rng, n + 1, sharpness=sharpness, overconfidence=2.0)
        qhat = conformal_threshold([nonconformity(*one) for one in known], coverage)
        held += any(option in prediction_set(probabilities, qhat) for option in right)
    error = 4 * math.sqrt(coverage * (1 - coverage) / repetitions)  # independent draws: binomial, 4 sigma
    assert held / repetitions >= coverage - error
    if sharpness:  # without ties it is not much more than promised, either: two ranks of n + 1
        assert held / repetitions <= coverage + 2 / (n + 1) + error


@pytest.mark.parametrize("has_temperature", [False, True])
def test_a_fitted_temperature_keeps_the_promise(has_temperature: bool) -> None:
    rng, coverage, repetitions, n = np.random.default_rng(2), 0.8, 30, 160
    fits = [
        calibrate(
            rated(drawn(rng, n, sharpness=2.0, overconfidence=3.0)),
            coverage=coverage,
            seed=seed,
            fit_temperature=has_temperature,
        )
        for seed in range(repetitions)
    ]
    mean = sum(fit.held_out.coverage.value for fit in fits) / repetitions
    scores = n // (4 if has_temperature else 2)
    variance = coverage * (1 - coverage) * (1 / (n // 2) + 1 / scores)  # of the held-out half, and of qhat
    assert abs(mean - coverage - 1 / scores) <= 4 * math.sqrt(variance / repetitions) + 1 / scores
    typical = math.exp(sum(math.log(fit.temperature) for fit in fits) / repetitions)
    assert typical == pytest.approx(3.0, rel=0.3) if has_temperature else typical == 1


@given(SCORES, COVERAGE)
def test_enough_scores_lie_below_the_threshold(scores: list[float], coverage: float) -> None:
    qhat = conformal_threshold(scores, coverage)
    assert qhat in scores
    assert sum(s <= qhat for s in scores) >= (len(scores) + 1) * coverage - 1e-6


@given(SCORES, COVERAGE, COVERAGE)
def test_the_threshold_grows_with_coverage(scores: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert conformal_threshold(scores, low) <= conformal_threshold(scores, high)


@given(distributions(), UNIT, UNIT)
def test_sets_are_nested_and_best_first(p: dict[str, float], one: float, other: float) -> None:
    small, large = (prediction_set(p, qhat) for qhat in sorted((one, other)))
    assert large[: len(small)] == small
    assert [p[o] for o in large] == sorted((p[o] for o in large), reverse=True)


@given(distributions(), st.sampled_from(OPTIONS))
def test_the_option_that_set_the_threshold_is_in_its_set(p: dict[str, float], right: str) -> None:
    assert right in prediction_set(p, nonconformity(p, (right,)))


@given(distributions(), st.sets(st.sampled_from(OPTIONS), min_size=1), UNIT)
def test_a_situation_is_covered_exactly_when_its_score_is_small(
    p: dict[str, float], right: set[str], qhat: float
) -> None:
    is_covered = bool(right & set(prediction_set(p, qhat)))
    assert (
        is_covered == (nonconformity(p, right) <= qhat) == bool(quality_of([(p, right)], qhat).coverage.value)
    )


@pytest.mark.parametrize(("n", "coverage", "rank"), [(9, 0.9, 9), (99, 0.8, 81), (99, 0.07, 8)])
def test_the_threshold_is_the_published_one(n: int, coverage: float, rank: int) -> None:
    scores = np.random.default_rng(6).permutation(n) / n
    assert conformal_threshold(list(scores), coverage) == sorted(scores)[rank - 1]


@given(COVERAGE)
def test_too_few_situations_are_refused_and_enough_are_not(coverage: float) -> None:
    needed = situations_needed(coverage)
    assert conformal_threshold([0.5] * needed, coverage) == 0.5
    with pytest.raises(TooFewSituations, match=f"at least {needed} situations; only {needed - 1} are given"):
        conformal_threshold([0.5] * (needed - 1), coverage)


@pytest.mark.parametrize(("coverage", "needed"), [(0.8, 4), (0.9, 9), (0.95, 19), (0.99, 99)])
def test_round_coverages_need_round_numbers(coverage: float, needed: int) -> None:
    assert situations_needed(coverage) == needed


def test_a_perfect_scorer_never_asks() -> None:
    sure = [({o: float(o == "abcd"[i % 4]) for o in OPTIONS}, ("abcd"[i % 4],)) for i in range(80)]
    fit = calibrate(rated(sure), coverage=0.9, seed=0, fit_temperature=True)
    assert fit.held_out.mean_set_size == 1
    assert (fit.held_out.coverage.value, fit.held_out.help_rate.value, fit.accuracy.value) == (1, 0, 1)


@pytest.mark.parametrize(
    ("options", "is_help"),
    [((), True), (("a",), False), (("a", "b"), True), ((NONE_OF_THESE,), True), ((ASK_OPTION,), True)],
)
def test_help_is_needed_unless_one_action_is_left(options: tuple[str, ...], is_help: bool) -> None:
    assert needs_help(options) == is_help


def test_knowing_that_nothing_fits_covers_and_asks() -> None:
    p = {"a": 0.1, "b": 0.1, NONE_OF_THESE: 0.8}
    quality = quality_of([(p, (NONE_OF_THESE,))], 0.5)
    assert (quality.coverage.value, quality.help_rate.value, quality.mean_set_size) == (1, 1, 1)


def test_the_menu_spells_the_question_as_the_executive_does() -> None:
    assert str(ASK) == ASK_OPTION


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_a_known_temperature_is_recovered(true: float) -> None:
    labelled = drawn(np.random.default_rng(3), 3000, sharpness=2.0, overconfidence=true)
    assert fit_temperature(labelled) == pytest.approx(true, rel=0.1)  # about 3 standard errors at n = 3000


@given(st.lists(st.tuples(distributions(), st.sets(st.sampled_from(OPTIONS), min_size=1)), min_size=1))
def test_a_temperature_never_makes_the_fitted_labels_less_likely(labelled: list[Labelled]) -> None:
    best = negative_log_likelihood(labelled, fit_temperature(labelled))
    assert all(best <= negative_log_likelihood(labelled, t) + 1e-6 for t in (0.05, 0.3, 1.0, 2.0, 20.0))


@given(distributions(), st.floats(0.05, 20), st.floats(0.05, 20))
def test_temperatures_multiply_and_keep_the_order(p: dict[str, float], one: float, other: float) -> None:
    warm = with_temperature(p, one)
    assert sum(warm.values()) == pytest.approx(1)
    assert all(warm[a] >= warm[b] for a in p for b in p if p[a] >= p[b])
    assert with_temperature(p, 1.0) == pytest.approx(p, abs=1e-5)
    if min(warm.values()) > 1e-6 and min(p.values()) > 1e-6:  # below, a probability counts as 1e-6
        assert with_temperature(warm, other) == pytest.approx(with_temperature(p, one * other), abs=1e-9)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: nonconformity({"a": 0.5, "b": 0.6}, ("a",)), "sum to 1"),
        (lambda: nonconformity({"a": math.nan, "b": 0.6}, ("a",)), "sum to 1"),
        (lambda: nonconformity({"a": 1.0}, ("c",)), "no probability for 'c'; options: a"),
        (lambda: nonconformity({"a": 1.0}, ()), "no acceptable option"),
        (lambda: prediction_set({}, 0.5), "nothing"),
        (lambda: prediction_set({"a": 1.0}, math.nan), "from 0 to 1"),
        (lambda: conformal_threshold([0.5], 1.0), "between 0 and 1"),
        (lambda: conformal_threshold([0.5, math.nan], 0.5), "from 0 to 1"),
        (lambda: with_temperature({"a": 1.0}, 0.0), "above 0"),
        (lambda: fit_temperature([]), "at least one"),
        (lambda: quality_of([], 0.5), "at least one"),
        (lambda: rated([({"a": 1.0}, ("a",))]), f"misses b, c, d, {NONE_OF_THESE}"),
        (lambda: rated([({**dict.fromkeys(OPTIONS, 0.0), "z": 1.0}, ("a",))]), "has unknown z"),
    ],
)
def test_unusable_numbers_give_one_sentence(call: Callable[[], object], expected: str) -> None:
    with pytest.raises(ConformalError) as caught:
        call()
    assert expected in str(caught.value) and "\n" not in str(caught.value)


def fitted(n: int = 40, coverage: float = 0.8, *, has_temperature: bool = True) -> Fit:
    labelled = drawn(np.random.default_rng(4), n, sharpness=2.0)
    return calibrate(rated(labelled), coverage=coverage, seed=5, fit_temperature=has_temperature)


def test_one_seed_decides_a_fit_and_uses_everything_once() -> None:
    assert fitted() == fitted()
    assert fitted(41).fitted_on + fitted(41).held_out.n == 41
    assert fitted(has_temperature=False).temperature == 1


def test_no_situation_sets_both_temperature_and_threshold() -> None:
    labelled = drawn(np.random.default_rng(4), 40, sharpness=1.0)
    absurd: Labelled = (dict(zip(OPTIONS, (1 - 4e-5, 1e-5, 1e-5, 1e-5, 1e-5), strict=True)), ("b",))
    changed: list[tuple[bool, bool]] = []
    before = calibrate(rated(labelled), coverage=0.8, seed=5, fit_temperature=True)
    for i in range(40):
        other = rated([*labelled[:i], absurd, *labelled[i + 1 :]])
        after = calibrate(other, coverage=0.8, seed=5, fit_temperature=True)
        changed.append((after.temperature != before.temperature, after.qhat != before.qhat))
    assert sum(t for t, _ in changed) == 10  # a quarter sets the temperature, and through it the threshold
    assert sum(q and not t for t, q in changed) == 10  # another quarter sets only the threshold


@pytest.mark.parametrize(("has_temperature", "needed"), [(False, 18), (True, 36)])
def test_a_fit_says_how_many_situations_it_needs(has_temperature: bool, needed: int) -> None:
    fitted(needed, 0.9, has_temperature=has_temperature)
    with pytest.raises(TooFewSituations, match=f"at least {needed} situations; only {needed - 1} are given"):
        fitted(needed - 1, 0.9, has_temperature=has_temperature)


def test_exports_are_sorted_and_exist() -> None:
    names = package.__all__
    assert names == sorted(names, key=lambda n: (not n.isupper(), n.islower(), n))
    assert all(hasattr(package, name) for name in names)
