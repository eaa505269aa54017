"""Room robots: what a scene looks like before the first command (data only, needs no simulator)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SCENES = ("saycan_kitchen",)
"""Names of the scenes that ship with the project."""


class ImpossibleStart(ValueError):
    """A start that cannot be built.

    Args:
        reason: What is wrong, one clause without a full stop.
        choices: What would be valid; may be empty.
    """

    def __init__(self, reason: str, *, choices: tuple[str, ...] = ()) -> None:
        """Write the sentence from the facts."""
        listed = f"; valid choices: {', '.join(choices)}" if choices else ""
        super().__init__(f"impossible start: {reason}{listed}")
        self.reason = reason
        self.choices = choices


@dataclass(frozen=True, kw_only=True)
class SceneSetup:
    """The start of an episode, in names; a seed decides the exact poses."""

    items: Mapping[str, str] = field(default_factory=dict)
    """Item name `<category>_<n>` to the fixture, or the item with a cavity, where it starts."""
    robot_at: str = "close_counter"
    """Fixture or station at whose dock the robot starts."""
    holding: str | None = None
    """Item that the robot holds at the start; it needs no place in `items`."""
    opened: frozenset[str] = frozenset()
    """Doors and drawers that start open."""
    powered_on: frozenset[str] = frozenset()
    """Switchable fixtures that start switched on."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Item name to the words that are printed on it."""
    scene: str = "saycan_kitchen"
    """One of `SCENES`."""
