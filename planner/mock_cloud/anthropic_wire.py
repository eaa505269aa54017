"""Room planner: the mock cloud's Anthropic wire: Messages with a schema.

Source: anthropic 2.14, `types/message.py`, `types/usage.py`.
"""

from __future__ import annotations

import json
from typing import Any

from .brain import Brain
from .counting import PromptCache, tokens_in, tokens_of_png
from .openai_wire import BadWire, structured_answer

Body = dict[str, Any]


class AnthropicWire:
    """Answers request bodies by path."""

    def __init__(self, brain: Brain) -> None:
        """Take who answers."""
        self._brain = brain
        self._cache = PromptCache()

    def answer(self, path: str, body: Body) -> Body:
        """Return the reply's body.

        Raises:
            BadWire: If the path or the request is not known here.
            UnreadablePrompt: If the prompt is not one of ours.
        """
        if path != "/v1/messages":
            raise BadWire(f"there is no {path}; paths: /v1/messages")
        schema = body.get("output_config", {}).get("format", {}).get("schema")
        if not isinstance(schema, dict):
            raise BadWire("messages are answered here only with output_config.format")
        blocks = _blocks(body)
        user = "\n".join(str(part.get("text") or "") for part in _parts(body["messages"][0]["content"]))
        answer = json.dumps(structured_answer(self._brain, user, schema))
        shown = [part for part in _parts(body["messages"][0]["content"]) if part.get("type") == "image"]
        pictures = sum(tokens_of_png(part["source"]["data"]) for part in shown)
        counted = self._cache.marked(blocks, picture_tokens=pictures)
        return {
            "id": "msg_mock",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [{"type": "text", "text": answer, "citations": None}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "stop_details": None,
            "usage": {
                "input_tokens": counted.input - counted.cached - counted.written,
                "cache_read_input_tokens": counted.cached,
                "cache_creation_input_tokens": counted.written,
                "output_tokens": tokens_in(answer),
            },
        }


def _blocks(body: Body) -> list[tuple[str, bool]]:
    """Return the texts of a request in order, and where a cached prefix ends."""
    parts = _parts(body.get("system", []))
    for message in body["messages"]:
        parts += _parts(message["content"])
    return [(str(part.get("text") or ""), "cache_control" in part) for part in parts]


def _parts(content: Any) -> list[Body]:
    return list(content) if isinstance(content, list) else [{"type": "text", "text": content}]
