"""Room planner: facts in words: household predicates as people say them, any other as it is written.

Each wording has what must be, what must not be, and the facts that tell what is instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from grounding import PREDICATE_BY_NAME, Fact, Facts


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How to say that a fact is wanted or unwanted; `{0}` is its first argument."""

    wanted: str
    unwanted: str


_WORDINGS = {
    "on": Wording(wanted="{0} must be on {1}", unwanted="{0} must not be on {1}"),
    "in": Wording(wanted="{0} must be in {1}", unwanted="{0} must not be in {1}"),
    "holding": Wording(wanted="the gripper must hold {0}", unwanted="the gripper must not hold {0}"),
    "gripper_empty": Wording(wanted="the gripper must be empty", unwanted="the gripper must hold something"),
    "with_operator": Wording(wanted="the person must have {0}", unwanted="the person must not have {0}"),
    "robot_at": Wording(wanted="the robot must be at {0}", unwanted="the robot must not be at {0}"),
    "visited": Wording(
        wanted="the robot must have been at {0}", unwanted="the robot must not have been at {0}"
    ),
    "found": Wording(wanted="{0} must have been found", unwanted="{0} must not have been found"),
    "open": Wording(wanted="{0} must be open", unwanted="{0} must be closed"),
    "turned_on": Wording(wanted="{0} must be switched on", unwanted="{0} must be switched off"),
    "wiped": Wording(wanted="{0} must be wiped", unwanted="{0} must not be wiped"),
    "filled": Wording(wanted="{0} must have something in it", unwanted="{0} must be empty"),
    "poured": Wording(
        wanted="{0} must have been poured into {1}", unwanted="{0} must not be poured into {1}"
    ),
    "blocks": Wording(wanted="{0} must stand on {1}", unwanted="{0} must be out of the way on {1}"),
    "pushed": Wording(wanted="{0} must have been pushed {1}", unwanted="{0} must not be pushed {1}"),
}


def say_wanted(fact: Fact, facts: Facts) -> str:
    """Return what must be, and what is instead."""
    wording = _wording(fact)
    said = wording.wanted.format(*fact[1:]) if wording else f"({' '.join(fact)}) must be true"
    instead = _instead(fact, facts) if wording else ""
    return f"{said}, but {instead}" if instead else said


def say_unwanted(fact: Fact) -> str:
    """Return what must not be."""
    wording = _wording(fact)
    return wording.unwanted.format(*fact[1:]) if wording else f"({' '.join(fact)}) must be false"


def _wording(fact: Fact) -> Wording | None:
    predicate = PREDICATE_BY_NAME.get(fact[0])
    is_ours = predicate is not None and len(predicate.arguments) == len(fact) - 1
    return _WORDINGS.get(fact[0]) if is_ours else None


def _instead(fact: Fact, facts: Facts) -> str:
    match fact[0]:
        case "gripper_empty" | "holding":
            held = sorted(f[1] for f in facts if f[0] == "holding")
            if held:
                return f"it holds {held[0]}"
            return "it is empty" if fact[0] == "holding" else ""
        case "robot_at":
            places = sorted(f[1] for f in facts if f[0] == "robot_at")
            return f"it is at {' and '.join(places)}" if places else ""
        case "on" | "in" | "with_operator":
            return _where_is(fact[1], facts)
        case "open":
            return "it is closed"
    return ""


def _where_is(item: str, facts: Facts) -> str:
    for fact in sorted(facts):
        if fact[1:2] == (item,):
            match fact[0]:
                case "on" | "in":
                    return f"it is {fact[0]} {fact[2]}"
                case "holding":
                    return "the gripper holds it"
                case "with_operator":
                    return "the person has it"
    return ""
