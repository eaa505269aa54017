"""Room planner: Anthropic's Messages, with a schema instead of a forced tool, and prompt-cache breakpoints.

Source: anthropic 2.14, `resources/messages`, `types/output_config_param.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.language_model import FailureKind
from planner.remote.answers import Unusable
from planner.remote.gateway import Body, CallFailed, Request, Tokens, image_at
from planner.remote.told import Told

from .raw_reply import count, dicts, json_of
from .sdk_client import SdkClient

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

_KEEP = {"type": "ephemeral"}
"""Ends a prefix that the vendor shall keep for five minutes."""


class AnthropicClient(SdkClient):
    """Implements `Client` with the official SDK."""

    provider = "anthropic"

    def completion(self, told: Told) -> Request:
        """Return a Messages request; the static part, and before a menu the whole prompt, is kept cached."""
        text: Body = {"type": "text", "text": told.prompt.user}
        content = [text]
        content += [
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": image_at(digest)},
            }
            for digest in told.images
        ]
        if told.menu:
            content[-1] = {**content[-1], "cache_control": _KEEP}
            content.append({"type": "text", "text": told.menu})
        turns: list[Body] = [{"role": "user", "content": content}]
        turns += told.correction_turns
        output: Body = {"format": {"type": "json_schema", "schema": dict(told.schema)}}
        if self.profile.effort is not None:
            output["effort"] = self.profile.effort
        body: Body = {
            "model": self.model,
            "max_tokens": told.most_output,
            "system": [{"type": "text", "text": told.prompt.system, "cache_control": _KEEP}],
            "messages": turns,
            "output_config": output,
        }
        return told.request(model=self.name, endpoint="messages", body=body)

    def read_completion(self, body: Body) -> str:
        """Return the answer's text; any other end than `end_turn` is told apart first."""
        stop = body.get("stop_reason")
        if stop == "refusal":
            details = body.get("stop_details")
            category = details.get("category") if isinstance(details, dict) else None
            raise CallFailed(FailureKind.REFUSED, f"the model refused: {category or 'no category given'}")
        if stop in ("max_tokens", "model_context_window_exceeded"):
            raise Unusable("Your answer was cut off at the token limit; give a shorter one.")
        if stop not in ("end_turn", "stop_sequence"):
            raise CallFailed(FailureKind.UNREACHABLE, f"the message ended with stop_reason {stop!r}")
        parts = dicts(body.get("content"))
        return "".join(str(part.get("text") or "") for part in parts if part.get("type") == "text")

    def tokens_of(self, body: Body) -> Tokens:
        """Return the usage; the vendor's `input_tokens` leaves out what the cache read or wrote."""
        usage = body.get("usage")
        cached, written = count(usage, "cache_read_input_tokens"), count(usage, "cache_creation_input_tokens")
        return Tokens(
            input=count(usage, "input_tokens") + cached + written,
            cached=cached,
            written=written,
            output=count(usage, "output_tokens"),
        )

    async def send(self, request: Request) -> Body:
        """Send with the SDK, without its retries."""
        create: Any = self.sdk.messages.with_raw_response.create
        return json_of(await create(**request.wire_body()), "content", "stop_reason")

    def _make_sdk(self, **settings: Any) -> AsyncAnthropic:
        from anthropic import AsyncAnthropic

        return AsyncAnthropic(**settings)
