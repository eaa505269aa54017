"""Room planner: what a person or a program may ask for, checked before anything is built."""

from __future__ import annotations

from collections.abc import Sequence

from planner.executive import Strategy

SUPERVISIONS = ("full", "contracts")
"""full: gate, rules and guard; contracts: only what a skill's contract says, to measure the others' cost."""
PERCEPTIONS = ("oracle",)
MAX_INSTRUCTION = 4000
"""Longest instruction, [characters]: more than anybody says in one breath."""


class BadRequest(ValueError):
    """Input that cannot be used; one sentence with the valid choices."""


def check_instruction(instruction: str) -> None:
    """Refuse an instruction that nobody could have said.

    Raises:
        BadRequest: If it is empty or too long.
    """
    if not any(c.isalnum() for c in instruction):
        raise BadRequest("the instruction is empty; say what to do, for example: bring me an apple")
    if len(instruction) > MAX_INSTRUCTION:
        raise BadRequest(
            f"the instruction has {len(instruction)} characters; at most {MAX_INSTRUCTION} are read"
        )


def check_choice(what: str, given: str, choices: Sequence[str]) -> None:
    """Refuse a name that is none of `choices`.

    Raises:
        BadRequest: If it is unknown.
    """
    if given not in choices:
        raise BadRequest(f"there is no {what} {given!r}; valid choices: {', '.join(choices)}")


def check_strategy(name: str) -> Strategy:
    """Return the strategy called `name`.

    Raises:
        BadRequest: If it is unknown.
    """
    check_choice("strategy", name, [s.value for s in Strategy])
    return Strategy(name)
