"""Room planner: `saycando calibrate`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.remote.limits import MOST_TOKENS

from .errors import exit_codes
from .model_options import (
    BudgetUsd,
    CacheFolder,
    ModelName,
    PriceFile,
    ScorerOption,
    model_settings,
)

if TYPE_CHECKING:
    from rich.console import Console

    from planner.calibration import Fit, Rated, Situation
    from planner.remote.model import PromptedModel

_CALLS_PER_SITUATION = 40


def calibrate(
    file: Annotated[
        Path, typer.Argument(help="Situations: JSON lines {scene, instruction, options, acceptable}.")
    ],
    model: ModelName = "auto",
    out: Annotated[Path, typer.Option(help="Where the calibration is written.")] = Path("calibration.json"),
    coverage: Annotated[float, typer.Option(help="Wanted share of sets with a right option.")] = 0.85,
    seed: Annotated[int, typer.Option(min=0, help="Splits fitting from measuring.")] = 0,
    scorer: ScorerOption = None,
    budget_usd: BudgetUsd = None,
    cache: CacheFolder = None,
    prices: PriceFile = None,
) -> None:
    """Fit when the robot acts alone and when it asks (conformal prediction, KnowNo), and measure it."""
    from rich.console import Console

    console = Console()
    with exit_codes():
        from planner.calibration import calibrate as fit_threshold
        from planner.calibration import calibration_of, load_situations
        from planner.models import build_model
        from planner.remote.model import PromptedModel
        from planner.request import BadRequest
        from robots.catalogue import load_catalogue
        from skills import HOUSEHOLD_CONTRACTS

        situations = load_situations(file)
        calls = _CALLS_PER_SITUATION * len(situations)
        settings = model_settings(
            scorer=scorer,
            budget_usd=budget_usd,
            budget_calls=calls,
            budget_tokens=5 * MOST_TOKENS,
            cache=cache,
            prices=prices,
        )
        built = build_model(model, load_catalogue(), settings)
        if not isinstance(built, PromptedModel):
            raise BadRequest(f"{built.name} does not rate by a prompt, so there is nothing to calibrate")
        try:
            rated = _rate_alike(built, situations, console)
            usage = built.gateway.account.usage()
            fit = fit_threshold(
                rated, coverage=coverage, seed=seed, fit_temperature=built.scorer.method == "verbal"
            )
            made = calibration_of(
                fit,
                model=built.name,
                method=built.scorer.method,
                prompt_hash=built.score_prompt_hash(HOUSEHOLD_CONTRACTS),
                source=file,
                created=date.today(),
            )
            made.save(out)
        finally:
            built.close()
        _show(console, fit, built.scorer.method)
        money = "unknown" if usage.usd is None else f"${usage.usd:.4f}"
        tokens = f"{usage.input_tokens:,} + {usage.output_tokens:,} tokens"
        console.print(f"{usage.calls} requests, {tokens}, {money}; written to {out}", highlight=False)


def _rate_alike(model: PromptedModel, situations: tuple[Situation, ...], console: Console) -> list[Rated]:
    """Rate all situations by one method; when the server turns out to lack it, all again by the next."""
    while True:
        method = model.scorer.method
        rated = _rate(model, situations, console)
        if len(rated) == len(situations):
            return rated
        console.print(f"{method} is not offered; rating everything by {model.scorer.method}", highlight=False)


def _rate(model: PromptedModel, situations: tuple[Situation, ...], console: Console) -> list[Rated]:
    """Rate situations, as far as the method stays the one of the first."""
    from rich.progress import track

    from planner.calibration import Rated
    from planner.language_model import Failure
    from planner.request import BadRequest
    from skills import HOUSEHOLD_CONTRACTS

    method, rated = model.scorer.method, list[Rated]()
    for situation in track(situations, "rating", console=console, disable=not console.is_terminal):
        prompt = model.prompting.situation(situation.instruction, situation.scene, HOUSEHOLD_CONTRACTS)
        answer = model.rate(prompt, situation.options)
        if isinstance(answer, Failure):
            raise BadRequest(f"situation {situation.id}: {answer}")
        if model.scorer.method != method:
            break
        rated.append(Rated(situation=situation, probabilities=answer.probabilities))
    return rated


def _show(console: Console, fit: Fit, method: str) -> None:
    held_out = fit.held_out
    console.print(
        f"method {method}: threshold qhat {fit.qhat:.3f}, temperature {fit.temperature:.2f}, "
        f"fitted on {fit.fitted_on} situations\n"
        f"on {held_out.n} others, target coverage {fit.coverage:.0%}: coverage {held_out.coverage}, "
        f"help rate {held_out.help_rate}, mean set size {held_out.mean_set_size:.2f}; "
        f"best option right without asking {fit.accuracy}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
