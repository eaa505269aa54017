"""The smallest replies that the vendors' own types accept, for the loopback vendor to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from tests.fakes.vendor_schemas import Json


def openai_response(
    text: str,
    *,
    status: Literal["completed", "incomplete", "failed", "in_progress", "queued", "cancelled"] = "completed",
    incomplete_reason: Literal["max_output_tokens", "content_filter"] | None = None,
    refusal: str | None = None,
    model: str = "gpt-6-luna",
    input_tokens: int = 1200,
    cached: int = 1024,
    output_tokens: int = 80,
    reasoning: int = 0,
) -> Json:
    """Return a reply of `/v1/responses`; an empty text makes no message, as when reasoning took all."""
    content: Json = [{"type": "output_text", "text": text, "annotations": []}] if text else []
    if refusal is not None:
        content = [{"type": "refusal", "refusal": refusal}]
    done = "completed" if status == "completed" else "incomplete"
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": done, "content": content}
    thought = {"type": "reasoning", "id": "rs_1", "summary": []}
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": model,
        "status": status,
        "incomplete_details": {"reason": incomplete_reason} if incomplete_reason else None,
        "error": None,
        "instructions": None,
        "metadata": {},
        "output": [*([thought] if reasoning else []), *([message] if content else [])],
        "parallel_tool_calls": True,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "usage": _openai_usage(input_tokens, cached, output_tokens, reasoning),
    }


def openai_decision(
    answers: Sequence[Json],
    *,
    model: str = "gpt-6-luna",
    input_tokens: int = 1200,
    cached: int = 1024,
    output_tokens: int = 1,
) -> Json:
    """Return a reply of `/v1/decisions`: answers made by the three functions below, in question order."""
    return {
        "model": model,
        "answers": list(answers),
        "usage": _openai_usage(input_tokens, cached, output_tokens, 0),
    }


def choice_answer(name: str | None, probabilities: Mapping[str | bool, float]) -> Json:
    """Return the answer that picks the likeliest value, as confident as that is likely."""
    best = max(probabilities, key=lambda value: probabilities[value])
    return {
        "type": "choice",
        "name": name,
        "choice": best,
        "confidence": probabilities[best],
        "probabilities": [{"value": v, "probability": p} for v, p in probabilities.items()],
    }


def predicate_answer(name: str | None, probability: float) -> Json:
    return {"type": "predicate", "name": name, "probability": probability}


def refusal_answer(name: str | None) -> Json:
    return {"type": "refusal", "name": name}


def openai_chat(
    text: str | None,
    *,
    finish: Literal["stop", "length", "content_filter", "tool_calls"] = "stop",
    refusal: str | None = None,
    top_logprobs: Sequence[tuple[str, float]] | None = None,
    model: str = "gpt-5.4",
    input_tokens: int = 1200,
    cached: int = 1024,
    output_tokens: int = 1,
    reasoning: int = 0,
) -> Json:
    """Return a reply of `/v1/chat/completions`.

    `top_logprobs` are the likeliest first tokens, best first, with natural logarithms; the first of them is
    the token that was said.
    """
    message = {"role": "assistant", "content": text, "refusal": refusal}
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": message,
        "logprobs": None if top_logprobs is None else _first_token(top_logprobs),
    }
    return {
        "id": "chatcmpl_1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [choice],
        "usage": _chat_usage(input_tokens, cached, output_tokens, reasoning),
    }


def openai_completion(
    *echoes: Sequence[tuple[str, float | None]], model: str = "davinci-002", output_tokens: int = 0
) -> Json:
    """Return a reply of `/v1/completions` to `echo=True`: one choice per prompt, its tokens with logprobs.

    The logprob of a prompt's first token is None, as servers send it.
    """
    read = sum(map(len, echoes))
    return {
        "id": "cmpl_1",
        "object": "text_completion",
        "created": 1,
        "model": model,
        "choices": [_echo(index, tokens) for index, tokens in enumerate(echoes)],
        "usage": _chat_usage(read, 0, output_tokens, 0),
    }


def anthropic_message(
    text: str,
    *,
    stop: Literal[
        "end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal", "model_context_window_exceeded"
    ] = "end_turn",
    model: str = "claude-haiku-5-5",
    input_tokens: int = 176,
    cache_read: int = 1024,
    cache_creation: int = 0,
    output_tokens: int = 80,
) -> Json:
    """Return a reply of `/v1/messages`; `input_tokens` leaves out what the cache read or wrote."""
    details = {"type": "refusal", "category": "general_harms", "explanation": "told to refuse"}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text, "citations": None}] if text else [],
        "stop_reason": stop,
        "stop_sequence": None,
        "stop_details": details if stop == "refusal" else None,
        "usage": {
            "input_tokens": input_tokens,
            "cache_read_input_tokens": cache_read,
            "cache_creation_input_tokens": cache_creation,
            "output_tokens": output_tokens,
        },
    }


def _openai_usage(read: int, cached: int, written: int, reasoning: int) -> Json:
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": read + written,
    }


def _chat_usage(read: int, cached: int, written: int, reasoning: int) -> Json:
    return {
        "prompt_tokens": read,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens": written,
        "completion_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": read + written,
    }


def _first_token(likeliest: Sequence[tuple[str, float]]) -> Json:
    tops = [{"token": t, "logprob": p, "bytes": list(t.encode())} for t, p in likeliest]
    return {"content": [{**tops[0], "top_logprobs": tops}], "refusal": None}


def _echo(index: int, tokens: Sequence[tuple[str, float | None]]) -> Json:
    words = [word for word, _ in tokens]
    offsets = [len("".join(words[:i])) for i in range(len(words))]
    logprobs = [logprob for _, logprob in tokens]
    return {
        "index": index,
        "finish_reason": "length",
        "text": "".join(words),
        "logprobs": {
            "tokens": words,
            "token_logprobs": logprobs,
            "text_offset": offsets,
            "top_logprobs": None,
        },
    }
