"""One distribution over options, spoken over every wire: answers for the loopback vendor."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from planner.remote.scorers.echo import LEAD
from tests.fakes.vendor import Answer, Reply
from tests.fakes.vendor_replies import (
    choice_answer,
    openai_chat,
    openai_completion,
    openai_decision,
    predicate_answer,
)
from tests.fakes.vendor_schemas import CHAT, Json
from tests.fakes.wired_model import Wire

Distribution = Mapping[str, float]
Spell = Callable[[str, int], str]
"""From a letter and its place on the menu to the token that means it."""

_MENU = re.compile(r"^(o\d+|[A-Z])(?:\)|:) (.*)$", re.MULTILINE)
_FACT = "This is true in the scene: "


def by_decisions(p: Distribution, facts: Mapping[str, float] = MappingProxyType({})) -> Answer:
    """Answer a choice; facts that are asked about and not named are believed."""

    def answer(path: str, body: Json) -> Reply:
        choice, *checks = body["questions"]
        offered = [option["value"] for option in choice["choices"]]
        asked = [(q["name"], q["instructions"].removeprefix(_FACT)) for q in checks]
        held = [predicate_answer(name, facts.get(fact, 0.9)) for name, fact in asked]
        return Reply(json=openai_decision([choice_answer(choice["name"], share(p, offered)), *held]))

    return answer


def by_letters(p: Distribution, spell: Spell = lambda letter, place: letter) -> Answer:
    """Answer with a letter whose log-probabilities are the distribution's."""

    def answer(path: str, body: Json) -> Reply:
        menu = menu_of(body)
        shares = share(p, list(menu.values()))
        tops = [(spell(letter, place), math.log(shares[menu[letter]])) for place, letter in enumerate(menu)]
        return Reply(json=openai_chat("A", top_logprobs=sorted(tops, key=lambda top: -top[1])))

    return answer


def by_echo(p: Distribution, *, offset: int = 0) -> Answer:
    """Echo every prompt; the mean log-probability of an option's tokens is its logarithm.

    Args:
        p: The distribution.
        offset: Added to every text offset, as some tokenizers' servers do.
    """

    def answer(path: str, body: Json) -> Reply:
        reply = openai_completion(*(_echoed(prompt, p) for prompt in body["prompt"]))
        for choice in reply["choices"]:
            choice["logprobs"]["text_offset"] = [o + offset for o in choice["logprobs"]["text_offset"]]
        return Reply(json=reply)

    return answer


def by_words(p: Distribution, wire: Wire) -> Answer:
    """Answer with whole numbers of a hundred."""

    def answer(path: str, body: Json) -> Reply:
        menu = menu_of(body)
        shares = share(p, list(menu.values()))
        return wire.says(json.dumps({name: round(100 * shares[option]) for name, option in menu.items()}))

    return answer


def by_echo_or_letters(echo: Answer, letters: Answer) -> Answer:
    """Answer as a server that has both endpoints."""
    return lambda path, body: (letters if path == CHAT else echo)(path, body)


def share(p: Distribution, offered: Sequence[str]) -> dict[str, float]:
    """Return the distribution given that it is one of those offered."""
    total = sum(p[option] for option in offered)
    return {option: p[option] / total for option in offered}


def menu_of(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the newest menu in a request: letter, or number such as "o3", to option."""
    turns = body.get("input") or body["messages"]
    content = turns[-1]["content"]
    text = content if isinstance(content, str) else "".join(part["text"] for part in content)
    return dict(_MENU.findall(text.rpartition("\nOptions:\n")[2]))


def _echoed(prompt: str, p: Distribution) -> list[tuple[str, float | None]]:
    lead, _, option = prompt.rpartition(LEAD)
    pieces = [option[i : i + 3] for i in range(0, len(option), 3)]
    # Uneven, so that only their mean is right.
    wobble = [0.5 if i % 2 else -0.5 for i in range(len(pieces) - len(pieces) % 2)] + [0.0] * (
        len(pieces) % 2
    )
    told = zip(pieces, wobble, strict=True)
    return [(lead + LEAD, None), *((piece, math.log(p[option]) + extra) for piece, extra in told)]
