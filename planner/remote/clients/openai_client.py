"""Room planner: OpenAI: Responses for decompositions, Decisions and Chat Completions for ratings.

Source: openai 3.57, `resources/responses`, `resources/decisions`, `resources/chat`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.language_model import FailureKind
from planner.remote.answers import Unusable
from planner.remote.gateway import Body, BrokenReply, CallFailed, Request, Tokens, image_at
from planner.remote.told import Told

from .raw_reply import count, dicts, json_of
from .sdk_client import SdkClient

if TYPE_CHECKING:
    from openai import AsyncOpenAI

PNG_URL = "data:image/png;base64,"
_REQUIRED = {
    "responses": ("output", "status"),
    "decisions": ("answers",),
    "chat": ("choices",),
    "completions": ("choices",),
}


class OpenAIClient(SdkClient):
    """Implements `Client` with the official SDK."""

    provider = "openai"

    def completion(self, told: Told) -> Request:
        """Return a Responses request with a strict schema; nothing is stored at the vendor."""
        content: list[Body] = [{"type": "input_text", "text": told.prompt.user + told.menu}]
        content += [
            {"type": "input_image", "detail": "high", "image_url": image_at(digest, prefix=PNG_URL)}
            for digest in told.images
        ]
        turns: list[Body] = [
            {"role": "developer", "content": [{"type": "input_text", "text": told.prompt.system}]},
            {"role": "user", "content": content},
        ]
        turns += told.correction_turns
        form = {"type": "json_schema", "name": told.schema_name, "schema": told.schema, "strict": True}
        body: Body = {
            "model": self.model,
            "store": False,
            "input": turns,
            "text": {"format": form},
            "max_output_tokens": told.most_output,
            "prompt_cache_key": f"saycando-{told.prompt.static_hash}",
        }
        if self.profile.effort is not None:
            body["reasoning"] = {"effort": self.profile.effort}
        return told.request(model=self.name, endpoint="responses", body=body)

    def read_completion(self, body: Body) -> str:
        """Return the answer's text; a refusal, a filter or the token limit is told apart first."""
        status = body.get("status")
        if status == "incomplete":
            details = body.get("incomplete_details")
            reason = details.get("reason") if isinstance(details, dict) else None
            if reason == "content_filter":
                raise CallFailed(FailureKind.REFUSED, "the vendor's content filter stopped the answer")
            raise Unusable("Your answer was cut off at the token limit; give a shorter one.")
        if status != "completed":
            raise CallFailed(FailureKind.UNREACHABLE, f"the response ended with status {status!r}")
        texts: list[str] = []
        for item in dicts(body.get("output")):
            if item.get("type") != "message" or item.get("phase") == "commentary":
                continue
            for part in dicts(item.get("content")):
                if part.get("type") == "refusal":
                    raise CallFailed(FailureKind.REFUSED, f"the model refused: {part.get('refusal')}")
                texts.append(str(part.get("text") or ""))
        return "".join(texts)

    def tokens_of(self, body: Body) -> Tokens:
        """Return the usage of any of the endpoints."""
        usage = body.get("usage")
        if isinstance(usage, dict) and "prompt_tokens" in usage:
            return Tokens(
                input=count(usage, "prompt_tokens"),
                cached=count(usage, "prompt_tokens_details", "cached_tokens"),
                output=count(usage, "completion_tokens"),
            )
        return Tokens(
            input=count(usage, "input_tokens"),
            cached=count(usage, "input_tokens_details", "cached_tokens"),
            written=count(usage, "input_tokens_details", "cache_write_tokens"),
            output=count(usage, "output_tokens"),
        )

    async def send(self, request: Request) -> Body:
        """Send with the SDK, without its retries."""
        create: Any = {
            "responses": self.sdk.responses.with_raw_response.create,
            "decisions": self.sdk.decisions.with_raw_response.create,
            "chat": self.sdk.chat.completions.with_raw_response.create,
            "completions": self.sdk.completions.with_raw_response.create,
        }[request.endpoint]
        body = json_of(await create(**request.wire_body()), *_REQUIRED[request.endpoint])
        if request.endpoint == "responses" and body["status"] == "failed":
            error = body.get("error")
            message = error.get("message") if isinstance(error, dict) else None
            raise BrokenReply(f"the response failed at the vendor: {message or 'no reason given'}")
        return body

    def _make_sdk(self, **settings: Any) -> AsyncOpenAI:
        from openai import AsyncOpenAI

        return AsyncOpenAI(**settings)
