"""Room planner: servers that speak OpenAI's Chat Completions: vLLM, llama.cpp, Ollama."""

from __future__ import annotations

from planner.language_model import FailureKind
from planner.remote.answers import Unusable
from planner.remote.gateway import Body, CallFailed, Request, image_at
from planner.remote.profiles import Profile
from planner.remote.told import Access, Told

from .openai_client import PNG_URL, OpenAIClient
from .raw_reply import dicts


class LocalClient(OpenAIClient):
    """Implements `Client` over Chat Completions with a JSON schema."""

    def __init__(self, url: str, model: str, access: Access, profile: Profile) -> None:
        """Take the server's address, e.g. "http://127.0.0.1:8000/v1", and its model's name."""
        super().__init__(model, Access(api_key=access.api_key, base_url=url), profile)
        self._url = url

    @property
    def name(self) -> str:
        """Return `local:URL#MODEL`."""
        return f"local:{self._url}#{self.model}"

    def completion(self, told: Told) -> Request:
        """Return a Chat Completions request whose answer has to fit the schema."""
        content: list[Body] = [{"type": "text", "text": told.prompt.user + told.menu}]
        content += [
            {"type": "image_url", "image_url": {"url": image_at(digest, prefix=PNG_URL)}}
            for digest in told.images
        ]
        turns: list[Body] = [
            {"role": "system", "content": told.prompt.system},
            {"role": "user", "content": content if told.pictures else content[0]["text"]},
        ]
        turns += told.correction_turns
        form = {"name": told.schema_name, "schema": told.schema, "strict": True}
        body: Body = {
            "model": self.model,
            "messages": turns,
            "response_format": {"type": "json_schema", "json_schema": form},
            "max_tokens": told.most_output,
            "temperature": 0.0,
        }
        return told.request(model=self.name, endpoint="chat", body=body)

    def read_completion(self, body: Body) -> str:
        """Return the answer's text."""
        choices = dicts(body.get("choices"))
        if not choices:
            raise CallFailed(FailureKind.UNREACHABLE, "the reply holds no choice")
        message, finish = choices[0].get("message"), choices[0].get("finish_reason")
        if not isinstance(message, dict):
            raise CallFailed(FailureKind.UNREACHABLE, "the reply holds no message")
        if message.get("refusal"):
            raise CallFailed(FailureKind.REFUSED, f"the model refused: {message['refusal']}")
        if finish == "content_filter":
            raise CallFailed(FailureKind.REFUSED, "a content filter stopped the answer")
        if finish != "stop":
            raise Unusable("Your answer was cut off at the token limit; give a shorter one.")
        return str(message.get("content") or "")
