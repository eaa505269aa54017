"""Room planner: build a LangChain chat model by name, with a timeout and without its own retries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_OUTPUT = 4000


def init_model(provider: str, model: str, *, deadline_s: float) -> BaseChatModel:
    """Return the chat model that LangChain knows as `provider:model`.

    Raises:
        ModelUnavailable: If LangChain does not know it, or its package or key is missing.
    """
    from langchain.chat_models import init_chat_model

    from planner.models import ModelUnavailable

    try:
        chat: Any = init_chat_model(
            model, model_provider=provider, timeout=deadline_s, max_retries=0, max_tokens=MOST_OUTPUT
        )
    except Exception as error:  # LangChain's integrations raise whatever their vendors chose
        raise ModelUnavailable(
            f"LangChain cannot build {provider}:{model}: {' '.join(str(error).split())[:300]}"
        ) from error
    built: BaseChatModel = chat
    return built
