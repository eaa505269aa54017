"""Room planner: put a client, a scorer and the gateway together."""

from __future__ import annotations

from collections.abc import Sequence

from planner.model_settings import ModelSettings
from robots.catalogue import Catalogue

from .clients.local_client import LocalClient
from .clients.openai_client import OpenAIClient
from .errors import UnsuitableScorer
from .gateway import Gateway, Redactor, load_prices
from .model import PromptedModel
from .profiles import ScorerName, load_profiles
from .scorers import DecisionsScorer, EchoScorer, FirstThatWorks, LettersScorer, Scorer, VerbalScorer
from .told import Client


def build_prompted(
    client: Client,
    catalogue: Catalogue,
    settings: ModelSettings,
    *,
    secrets: Sequence[str | None] = (),
    is_replay: bool = False,
) -> PromptedModel:
    """Return a model over `client`.

    Args:
        client: The vendor's wire.
        catalogue: Known objects.
        settings: How the model is used.
        secrets: Keys that must not be written anywhere.
        is_replay: Answer from a recording alone.

    Raises:
        UnsuitableScorer: If the wire cannot rate as asked.
        PriceError: If the user's price file cannot be used.
    """
    gateway = Gateway(
        settings.calls, load_prices(settings.calls.prices), Redactor(*secrets), is_offline=is_replay
    )
    return PromptedModel(
        client, build_scorer(client, settings), gateway, catalogue, shows_pictures=settings.pictures
    )


def build_scorer(client: Client, settings: ModelSettings) -> Scorer:
    """Return the scorer that suits the client, or the one that the settings name.

    Raises:
        UnsuitableScorer: If the wire cannot rate that way.
    """
    possible = scorers_of(client)
    wanted = settings.scorer or load_profiles().of(client.name).scorer
    if wanted not in possible:
        raise UnsuitableScorer(f"{client.name} cannot rate by {wanted!r}; its scorers: {', '.join(possible)}")
    verbal = VerbalScorer(client, samples=settings.samples)
    if wanted == "verbal" or not isinstance(client, OpenAIClient):
        return verbal
    if wanted == "decisions":
        decisions = DecisionsScorer(load_profiles().decisions_model)
        return decisions if settings.scorer else FirstThatWorks(decisions, verbal)
    is_local = isinstance(client, LocalClient)
    letters = LettersScorer(
        client.name, client.model, orders=settings.orders, is_local=is_local, effort=client.profile.effort
    )
    if wanted == "letters":
        return letters
    return FirstThatWorks(EchoScorer(client.name, client.model), letters)


def scorers_of(client: Client) -> tuple[ScorerName, ...]:
    """Return the ways of rating that a client's wire has, whatever the model behind it."""
    if isinstance(client, LocalClient):
        return ("echo", "letters", "verbal")
    if isinstance(client, OpenAIClient):
        return ("decisions", "letters", "verbal")
    return ("verbal",)
