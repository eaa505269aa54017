"""Room planner: read one of our own prompts back: the task and a scene without geometry.

The inverse of `planner.remote.prompting`; a test holds them against each other.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from grounding import Scene, SceneItem, parse_formula
from planner.language_model import Task
from planner.remote.describe import facts_in
from planner.remote.prompting import ANSWER_HEADING, GOAL_HEADING, SURPRISE_HEADING
from robots import Fixture, Item, Observation, Region
from robots.catalogue import Catalogue
from robots.transforms import pose
from skills import SkillCall

_CALL = re.compile(r"(\w+)\(([^()]*)\)")
_SECTIONS = (
    "# Instruction of the person",
    GOAL_HEADING,
    ANSWER_HEADING,
    "# Done so far",
    "# Scene",
    SURPRISE_HEADING,
)


class UnreadablePrompt(ValueError):
    """Text that is not one of our prompts."""


@dataclass(frozen=True, kw_only=True)
class ReadPrompt:
    """What a prompt says."""

    task: Task
    scene: Scene | None
    """None when the scene is a sentence."""
    sentence: str = ""


def read_prompt(text: str, catalogue: Catalogue) -> ReadPrompt:
    """Read the dynamic part of a prompt.

    Raises:
        UnreadablePrompt: If it is not one of ours.
    """
    parts = _sections(text)
    try:
        task = Task(
            instruction=json.loads(parts["# Instruction of the person"]),
            goal=parse_formula(parts[GOAL_HEADING]) if GOAL_HEADING in parts else None,
            done=read_calls(parts["# Done so far"]),
            surprise=_json_or_none(parts.get(SURPRISE_HEADING)),
            answer=_json_or_none(parts.get(ANSWER_HEADING)),
        )
        scene = parts["# Scene"]
        if scene.startswith('"'):
            return ReadPrompt(task=task, scene=None, sentence=json.loads(scene))
        return ReadPrompt(task=task, scene=_scene(scene, catalogue))
    except (KeyError, ValueError, TypeError) as error:
        raise UnreadablePrompt(f"this is not a prompt of saycando: {error}") from error


def read_calls(text: str) -> tuple[SkillCall, ...]:
    """Return every `name(a, b)` in a text."""
    return tuple(
        SkillCall(name, tuple(a.strip() for a in inside.split(",") if a.strip()))
        for name, inside in _CALL.findall(text)
    )


def _sections(text: str) -> dict[str, str]:
    """Return the first line, or lines, under each heading; quoted data cannot hold a heading of its own."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line in _SECTIONS and line not in found:
            current = found.setdefault(line, [])
        elif not line.strip():
            current = []
        else:
            current.append(line)
    return {heading: "\n".join(lines) for heading, lines in found.items()}


def _json_or_none(text: str | None) -> str | None:
    return None if text is None else str(json.loads(text))


def _scene(text: str, catalogue: Catalogue) -> Scene:
    lines = dict(line.split(": ", 1) for line in text.splitlines())
    facts = frozenset(facts_in(lines["always true"])) | frozenset(facts_in(lines["state"]))
    objects: dict[str, Any] = json.loads(lines["objects"])
    places: dict[str, Any] = json.loads(lines["places"])
    return Scene(
        time_s=0.0,
        items={name: _item(name, about, catalogue) for name, about in objects.items()},
        fixtures={name: _fixture(name, about) for name, about in places.items()},
        observation=_at_rest(),
        facts=facts,
    )


def _item(name: str, about: dict[str, Any], catalogue: Catalogue) -> SceneItem:
    category = catalogue.category_of(name)
    if category is None:
        raise UnreadablePrompt(f"{name} is no object of the catalogue")
    x, y, z = about.get("at", (0.0, 0.0, 0.0))
    item = Item(
        name=name,
        category=category,
        T_world_item=pose(x, y, z),
        solids=(),
        size=catalogue.categories[category].size,
        text=about.get("words seen on it", ""),
    )
    types = frozenset(about["is"]) | {"item"}
    return SceneItem(item=item, confidence=about.get("confidence", 1.0), seen_at_s=0.0, types=types)


def _fixture(name: str, about: dict[str, Any]) -> Fixture:
    x, y, z = about.get("at", (0.0, 0.0, 0.0))
    region = Region(T_world_region=pose(x, y, z), size=(0.6, 0.6, 0.3))
    kinds = frozenset(about["is"]) | {"place"}
    return Fixture(name=name, kinds=kinds, solids=(), region=region, dock=(x, y, 0.0), station=name)


def _at_rest() -> Observation:
    return Observation(
        time_s=0.0,
        q_arm=np.zeros(7),
        dq_arm=np.zeros(7),
        base=np.zeros(3),
        base_velocity=np.zeros(3),
        gripper_width=0.0,
        gripper_force=0.0,
    )
