"""Room planner: build a LangChain chat model by name, with a timeout and without its own retries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.remote.errors import ModelUnavailable
from planner.remote.gateway import Redactor
from planner.remote.texts import one_line

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_OUTPUT = 6000
"""Most tokens of an answer; some integrations would ask for their model's maximum."""
LONGEST_WORDS = 300
"""Longest message of LangChain that is repeated, [characters]."""


def init_model(provider: str, model: str, *, deadline_s: float, redactor: Redactor) -> BaseChatModel:
    """Return the chat model that LangChain knows as `provider:model`.

    Raises:
        ModelUnavailable: If LangChain does not know it, or its package or key is missing.
    """
    from langchain.chat_models import init_chat_model

    try:
        chat: Any = init_chat_model(
            model, model_provider=provider, timeout=deadline_s, max_retries=0, max_tokens=MOST_OUTPUT
        )
    except Exception as error:  # LangChain's integrations raise whatever their vendors chose
        words = one_line(redactor.text(str(error)), LONGEST_WORDS)
        raise ModelUnavailable(f"LangChain cannot build {provider}:{model}: {words}") from error
    built: BaseChatModel = chat
    return built
