"""Room planner: the mock cloud's OpenAI wire: Responses, Decisions, Chat Completions, Completions.

Source: openai 3.57, `types/responses`, `types/decision.py`, `types/chat`, `types/completion.py`.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from planner.remote.scorers.echo import LEAD

from .brain import Brain
from .counting import Counted, PromptCache, tokens_in, tokens_of_png

Body = dict[str, Any]

_LETTER = re.compile(r"^([A-Z])\) (.*)$", re.MULTILINE)
_NUMBERED = re.compile(r"^(o\d+): (.*)$", re.MULTILINE)
_START = re.compile(r"^# Instruction of the person$", re.MULTILINE)
"""Where the dynamic part begins; quoted words never stand at the start of a line."""


class BadWire(ValueError):
    """A request that this wire does not answer."""


class OpenAIWire:
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
        answers = {
            "/v1/responses": self._responses,
            "/v1/decisions": self._decisions,
            "/v1/chat/completions": self._chat,
            "/v1/completions": self._completions,
        }
        if path not in answers:
            raise BadWire(f"there is no {path}; paths: {', '.join(answers)}")
        return answers[path](body)

    def _responses(self, body: Body) -> Body:
        turns = body["input"]
        text, pictures = _flatten(turns)
        user = _user_text(turns)
        schema = body.get("text", {}).get("format", {}).get("schema", {})
        answer = json.dumps(structured_answer(self._brain, user, schema))
        counted = self._cache.automatic(text, picture_tokens=pictures)
        part = {"type": "output_text", "text": answer, "annotations": []}
        message = {
            "type": "message",
            "id": "msg_mock",
            "role": "assistant",
            "status": "completed",
            "content": [part],
        }
        return {
            "id": "resp_mock",
            "object": "response",
            "created_at": 0,
            "model": body["model"],
            "status": "completed",
            "incomplete_details": None,
            "error": None,
            "instructions": None,
            "metadata": {},
            "parallel_tool_calls": True,
            "temperature": None,
            "top_p": None,
            "tool_choice": "auto",
            "tools": [],
            "output": [message],
            "usage": _usage(counted, tokens_in(answer)),
        }

    def _decisions(self, body: Body) -> Body:
        text, pictures = _flatten(body["input"])
        user = _user_text(body["input"])
        answers = [self._decide(user, question) for question in body["questions"]]
        counted = self._cache.automatic(text + json.dumps(body["questions"]), picture_tokens=pictures)
        return {"answers": answers, "model": body["model"], "usage": _usage(counted, 0)}

    def _decide(self, user: str, question: Body) -> Body:
        name = question.get("name")
        if question["type"] == "predicate":
            probability = self._brain.holds(user, str(question["instructions"]))
            return {"type": "predicate", "name": name, "probability": probability}
        if question["type"] != "choice":
            raise BadWire(
                f"a question of type {question['type']!r} is not answered here; types: choice, predicate"
            )
        rated = self._brain.rate(user, [str(choice["value"]) for choice in question["choices"]])
        best = max(rated, key=lambda option: rated[option])
        return {
            "type": "choice",
            "name": name,
            "choice": best,
            "confidence": rated[best],
            "probabilities": [{"value": o, "probability": p} for o, p in rated.items()],
        }

    def _chat(self, body: Body) -> Body:
        text, pictures = _flatten(body["messages"])
        user = _user_text(body["messages"])
        logprobs = None
        if body.get("logprobs"):
            menu = dict(_LETTER.findall(user.rsplit("\nOptions:\n", 1)[-1]))
            rated = self._brain.rate(user, list(menu.values()))
            ranked = sorted(menu, key=lambda letter: -rated[menu[letter]])
            top = [_token(letter, rated[menu[letter]]) for letter in ranked[: body.get("top_logprobs") or 1]]
            content, logprobs = ranked[0], {"content": [{**top[0], "top_logprobs": top}], "refusal": None}
        else:
            schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
            content = json.dumps(structured_answer(self._brain, user, schema))
        counted, output = self._cache.automatic(text, picture_tokens=pictures), tokens_in(content)
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "finish_reason": "stop", "logprobs": logprobs, "message": message}
        return {
            "id": "chat_mock",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [choice],
            "usage": _old_usage(counted, output),
        }

    def _completions(self, body: Body) -> Body:
        prompts = body["prompt"] if isinstance(body["prompt"], list) else [body["prompt"]]
        if not body.get("echo"):
            raise BadWire("completions are answered here only with echo")
        lead = prompts[0].rsplit(LEAD, 1)[0]
        options = [prompt.rsplit(LEAD, 1)[-1] for prompt in prompts]
        rated = self._brain.rate(_from_instruction(lead), options)
        choices = [_echo(i, lead + LEAD, option, rated[option]) for i, option in enumerate(options)]
        counted = self._cache.automatic("".join(prompts[:1])), sum(map(tokens_in, prompts[1:]))
        total = Counted(input=counted[0].input + counted[1], cached=counted[0].cached, written=0)
        return {
            "id": "cmpl_mock",
            "object": "text_completion",
            "created": 0,
            "model": body["model"],
            "choices": choices,
            "usage": _old_usage(total, 0),
        }


def structured_answer(brain: Brain, user: str, schema: Body) -> Body:
    """Return the answer that fits the schema: a decomposition, or chances of numbered options.

    Raises:
        BadWire: If it is neither.
    """
    wanted = schema.get("properties", {})
    if "steps" in wanted:
        return brain.decompose(user)
    menu = dict(_NUMBERED.findall(user.rsplit("\nOptions:\n", 1)[-1]))
    if not menu or set(menu) != set(wanted):
        raise BadWire("the schema is neither a plan's nor that of numbered options")
    rated = brain.rate(user, list(menu.values()))
    return {number: round(100 * rated[option]) for number, option in menu.items()}


def _echo(index: int, lead: str, option: str, probability: float) -> Body:
    """Return an echoed prompt whose option has two tokens with the wanted mean log-probability."""
    middle = max(1, len(option) // 2)
    tokens = [lead, option[:middle], option[middle:]]
    mean = math.log(max(probability, 1e-12))
    logprobs = {
        "tokens": tokens,
        "token_logprobs": [None, mean, mean],
        "text_offset": [0, len(lead), len(lead) + middle],
        "top_logprobs": [],
    }
    return {"index": index, "text": lead + option, "finish_reason": "length", "logprobs": logprobs}


def _token(token: str, probability: float) -> Body:
    return {"token": token, "logprob": math.log(max(probability, 1e-12)), "bytes": list(token.encode())}


def _flatten(turns: Any) -> tuple[str, int]:
    """Return all text of a conversation, and the tokens of its pictures."""
    texts, pictures = [], 0
    for turn in turns:
        content = turn["content"]
        for part in content if isinstance(content, list) else [{"text": content}]:
            if part.get("type") in ("input_image", "image_url"):
                url = part["image_url"]
                pictures += tokens_of_png(url["url"] if isinstance(url, dict) else url)
            texts.append(str(part.get("text") or ""))
    return "\n".join(texts), pictures


def _user_text(turns: Any) -> str:
    """Return the text of the first user turn, which holds the prompt's dynamic part."""
    for turn in turns:
        if turn.get("role") == "user":
            return _from_instruction(_flatten([turn])[0])
    raise BadWire("there is no user turn")


def _from_instruction(text: str) -> str:
    found = _START.search(text)
    return text[found.start() :] if found else text


def _usage(counted: Counted, output: int) -> Body:
    return {
        "input_tokens": counted.input,
        "input_tokens_details": {"cached_tokens": counted.cached, "cache_write_tokens": counted.written},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": counted.input + output,
    }


def _old_usage(counted: Counted, output: int) -> Body:
    return {
        "prompt_tokens": counted.input,
        "completion_tokens": output,
        "total_tokens": counted.input + output,
        "prompt_tokens_details": {"cached_tokens": counted.cached},
    }
