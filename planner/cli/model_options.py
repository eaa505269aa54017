"""Room planner: the options that say how a language model is used, shared by the commands that use one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.remote.limits import DECOMPOSE_DEADLINE_S, MOST_CALLS, MOST_TOKENS, SCORE_DEADLINE_S

if TYPE_CHECKING:
    from planner.model_settings import ModelSettings

ModelName = Annotated[
    str,
    typer.Option(
        help="offline, openai[:MODEL], anthropic[:MODEL], langchain:PROVIDER:MODEL, local:URL#MODEL, or auto:"
        " the provider whose key is set."
    ),
]
ScorerOption = Annotated[
    str | None, typer.Option("--scorer", help="decisions, letters, verbal or echo; default suits the model.")
]
BudgetUsd = Annotated[float | None, typer.Option("--budget-usd", min=0.0, help="Most money a run may cost.")]
BudgetCalls = Annotated[int, typer.Option("--budget-calls", min=0, help="Most requests of a run.")]
BudgetTokens = Annotated[int, typer.Option("--budget-tokens", min=0, help="Most tokens of a run.")]
Deadline = Annotated[
    float, typer.Option("--deadline", min=0.1, help="Longest wait for a decomposition, in seconds.")
]
CacheFolder = Annotated[
    Path | None, typer.Option("--cache", help="Keep answers in this folder; the same question costs once.")
]
PriceFile = Annotated[
    Path | None, typer.Option("--prices", help="Prices of your own, in the format of prices.yaml.")
]
CalibrationFile = Annotated[
    Path | None,
    typer.Option("--calibration", help="When to ask the person, as saycando calibrate fitted it."),
]
Prefetch = Annotated[
    bool, typer.Option("--prefetch", help="saycan: rate the next candidates while a skill runs.")
]
Hedge = Annotated[bool, typer.Option("--hedge", help="Send a late request twice and take the first answer.")]
Pictures = Annotated[
    bool, typer.Option("--pictures/--no-pictures", help="Show the head camera to models that see.")
]


def model_settings(
    *,
    scorer: str | None = None,
    budget_usd: float | None = None,
    budget_calls: int = MOST_CALLS,
    budget_tokens: int = MOST_TOKENS,
    deadline: float = DECOMPOSE_DEADLINE_S,
    cache: Path | None = None,
    prices: Path | None = None,
    calibration: Path | None = None,
    prefetch: bool = False,
    hedge: bool = False,
    pictures: bool = True,
) -> ModelSettings:
    """Return the settings that the options say.

    Raises:
        BadRequest: If there is no such scorer.
    """
    from planner.model_settings import ModelSettings
    from planner.remote.gateway.budget import Budget
    from planner.remote.gateway.settings import CallSettings
    from planner.remote.profiles import SCORERS
    from planner.request import check_choice

    if scorer is not None:
        check_choice("scorer", scorer, SCORERS)
    return ModelSettings(
        calls=CallSettings(
            decompose_deadline_s=deadline,
            score_deadline_s=min(deadline, SCORE_DEADLINE_S),
            hedge=hedge,
            budget=Budget(calls=budget_calls, tokens=budget_tokens, usd=budget_usd),
            cache=cache,
            prices=prices,
        ),
        scorer=next((name for name in SCORERS if name == scorer), None),
        pictures=pictures,
        prefetch=prefetch,
        calibration=calibration,
    )
