"""Room planner: say what was not understood, and offer the nearest things that can be done."""

from __future__ import annotations

import re

from .sight import Sight

_MOST_SHOWN = 5


def advise(problem: str, instruction: str, sight: Sight) -> str:
    """Return one sentence: the problem, and what the robot could do instead with what it sees.

    Args:
        problem: What was not understood or is missing, a clause without a full stop.
        instruction: The person's words; things that share a word or a look with them are offered first.
        sight: The scene.
    """
    from rapidfuzz import fuzz

    words = re.findall(r"[a-z]+", instruction.lower())

    def likeness(item: str) -> float:
        name = re.sub(r"_\d+$", "", item).replace("_", " ")
        return max((fuzz.ratio(word, part) for word in words for part in name.split()), default=0.0)

    items = sorted(sight.category, key=lambda item: (-likeness(item), item))[:_MOST_SHOWN]
    places = [
        p
        for kind in ("surface", "bin", "fridge")
        for p in sight.fixtures_of(kind)
        if "stove" not in sight.fixture_kinds[p]
    ]
    offers: list[str] = []
    if items:
        offers.append(f"bring you, move or throw away {_listed([_spoken(i) for i in items])}")
    if places:
        offers.append(f"go to {_listed([_spoken(p) for p in places])}")
    offer = f"; I can {', or '.join(offers)}" if offers else ""
    return f"{problem[:1].upper()}{problem[1:]}{offer}."


def _spoken(name: str) -> str:
    stem, _, number = name.rpartition("_")
    spoken = (stem if number.isdigit() else name).replace("_", " ")
    return f"the {spoken}"


def _listed(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} or {unique[-1]}"
