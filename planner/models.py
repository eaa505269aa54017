"""Room planner: language models by name; a provider is one entry here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from planner.language_model import LanguageModel
from robots.catalogue import Catalogue

Provider: TypeAlias = Callable[[str, Catalogue], LanguageModel]
"""Takes what follows the colon in `provider:model` (empty when nothing does) and the known objects."""


class UnknownModel(ValueError):
    """A model name without a provider."""

    def __init__(self, name: str) -> None:
        """Write the sentence from the facts."""
        super().__init__(f"there is no language model {name!r}; models: {', '.join(PROVIDERS)}")


def build_model(name: str, catalogue: Catalogue) -> LanguageModel:
    """Return the model called `provider` or `provider:model`.

    Raises:
        UnknownModel: If no provider has that name.
    """
    check_model(name)
    provider, _, model = name.partition(":")
    return PROVIDERS[provider](model, catalogue)


def check_model(name: str) -> None:
    """Refuse a name without a provider.

    Raises:
        UnknownModel: If no provider has that name.
    """
    provider, _, model = name.partition(":")
    if provider not in PROVIDERS or (provider == "offline" and model):
        raise UnknownModel(name)


def _offline(model: str, catalogue: Catalogue) -> LanguageModel:
    from planner.offline import OfflineModel

    return OfflineModel(catalogue)


PROVIDERS: dict[str, Provider] = {"offline": _offline}
