"""Room planner: any LangChain chat model: a JSON answer by its structured output, or by plain words.

LangChain has no deadline and retries by itself; `init_chat_model` is therefore called with both set, and a
model object that somebody brings is bounded by the gateway's deadline.

Source: langchain-core 1.8, `language_models/chat_models.py`; langchain 1.5, `chat_models/base.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planner.language_model import FailureKind
from planner.remote.answers import Unusable
from planner.remote.gateway import Body, BrokenReply, CallFailed, Request, Tokens, image_at, secrets_in
from planner.remote.told import Told

from .openai_client import PNG_URL
from .raw_reply import count

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_CUT = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_REFUSED = frozenset({"refusal", "content_filter"})
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class LangChainClient:
    """Implements `Client` over a `BaseChatModel`."""

    def __init__(self, model: BaseChatModel | None, *, name: str, takes_pictures: bool = False) -> None:
        """Take the model.

        Args:
            model: Any chat model; None for one that only a recording answers for.
            name: Name for journal and prices, e.g. "langchain:openai:gpt-...".
            takes_pictures: Whether it sees.
        """
        self._model = model
        self._name = name
        self._takes_pictures = takes_pictures
        self._has_structure = True

    @property
    def name(self) -> str:
        """Return the name for journal and prices."""
        return self._name

    @property
    def takes_pictures(self) -> bool:
        """Return whether pictures may be sent."""
        return self._takes_pictures

    def completion(self, told: Told) -> Request:
        """Return the messages and the schema."""
        text = told.prompt.user + told.menu
        pictures: list[Body] = [
            {"type": "image_url", "image_url": {"url": image_at(digest, prefix=PNG_URL), "detail": "high"}}
            for digest in told.images
        ]
        content: Any = [{"type": "text", "text": text}, *pictures] if pictures else text
        turns: list[Body] = [
            {"role": "system", "content": told.prompt.system},
            {"role": "user", "content": content},
        ]
        turns += told.correction_turns
        body: Body = {"messages": turns, "schema": {**told.schema, "title": told.schema_name}}
        return told.request(model=self._name, endpoint="langchain", body=body)

    def read_completion(self, body: Body) -> str:
        """Return the answer's object, without the words and fences that models like to put around it."""
        finish = body.get("finish")
        if body.get("refusal") or finish in _REFUSED:
            raise CallFailed(FailureKind.REFUSED, f"the model refused: {body.get('refusal') or finish}")
        if finish in _CUT:
            raise Unusable("Your answer was cut off at the token limit; give a shorter one.")
        text = str(body.get("text") or "").strip()
        found = _OBJECT.search(text)
        return found[0] if found else text

    def tokens_of(self, body: Body) -> Tokens:
        """Return LangChain's own usage record."""
        usage = body.get("usage")
        return Tokens(
            input=count(usage, "input_tokens"),
            cached=count(usage, "input_token_details", "cache_read"),
            written=count(usage, "input_token_details", "cache_creation"),
            output=count(usage, "output_tokens"),
        )

    async def send(self, request: Request) -> Body:
        """Invoke the model once."""
        body = request.wire_body()
        schema: dict[str, Any] = body["schema"]
        if self._model is None:
            raise CallFailed(FailureKind.NO_RECORD, "this model has only its recorded answers")
        structured = _structured(self._model, schema) if self._has_structure else None
        if structured is not None:
            answer = await structured.ainvoke(body["messages"])
            if isinstance(answer, dict) and answer.get("raw") is not None:
                return _plain(answer["raw"])
            self._has_structure = False
        words = json.dumps(schema, separators=(",", ":"))
        told = f"Answer with one JSON object only, which fits this JSON schema: {words}"
        message = await self._model.ainvoke([*body["messages"], {"role": "user", "content": told}])
        return _plain(message)

    async def close(self) -> None:
        """Do nothing: the model is not ours, and LangChain's have no common way to be closed."""


def secrets_of(model: BaseChatModel) -> tuple[str, ...]:
    """Return the keys that a chat model holds: as secrets, or as text in a field that is named like one."""
    fields = vars(model)
    kept = [str(value.get_secret_value()) for value in fields.values() if hasattr(value, "get_secret_value")]
    return (*kept, *secrets_in({name: value for name, value in fields.items() if isinstance(value, str)}))


def _structured(model: BaseChatModel, schema: dict[str, Any]) -> Any:
    """Return the model with its own structured output, or None when it has none.

    LangChain's default makes one of a tool that is forced on the model, which not every model may be.
    """
    from langchain_core.language_models import BaseChatModel

    if type(model).with_structured_output is BaseChatModel.with_structured_output:
        return None
    try:
        return model.with_structured_output(schema, method="json_schema", include_raw=True)
    except Exception:  # an integration without it raises what it likes; words are left
        return None


def _plain(message: Any) -> Body:
    metadata: Mapping[str, Any] = getattr(message, "response_metadata", None) or {}
    extra: Mapping[str, Any] = getattr(message, "additional_kwargs", None) or {}
    text = getattr(message, "text", None)
    if not isinstance(text, str):
        raise BrokenReply(f"the model returned a {type(message).__name__}, not a message")
    usage = getattr(message, "usage_metadata", None)
    return {
        "text": str(text),
        "finish": metadata.get("finish_reason") or metadata.get("stop_reason"),
        "refusal": extra.get("refusal"),
        "usage": json.loads(json.dumps(usage)) if usage else None,
    }
