"""Room skills: how a server's names, units and conventions map to ours; a table of the user's skills.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from robots import Array, Observation
from robots.transforms import inverse, rotation_vector, to_quaternion
from skills.policies.features import STATE_NAMES, state_vector, world_tool
from skills.policies.policy import COLUMNS, ActionKind, Frame

OPEN_M = 0.08
BASE_FROM = STATE_NAMES.index("base_x")
StatePart = Literal[
    "tool_position",
    "tool_rotation",
    "tool_quaternion",
    "joint_position",
    "gripper_width",
    "gripper_closed",
    "base",
    "saycando",
]


class CameraKey(BaseModel):
    """Where a picture goes in a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    size: tuple[int, int] | None = Field(default=None, description="height, width; None sends it as it is")
    layout: Literal["hwc", "chw"] = "hwc"


class Adapter(BaseModel):
    """What a server wants and what its actions mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cameras: dict[str, CameraKey]
    state_key: str = "observation/state"
    state: tuple[StatePart, ...] = ("saycando",)
    prompt_key: str = "prompt"
    action_key: str = "actions"
    unnorm_key: str | None = None
    """OpenVLA: the training set whose statistics scale the actions."""
    is_double: bool = False
    """OpenVLA: JSON inside JSON, for a server whose clients have no array hooks."""
    kind: ActionKind = ActionKind.TOOL_DELTA
    frame: Frame = Frame.TOOL
    scale: tuple[float, ...] = (1.0,)
    """Of the motion's columns, to metres and radians: one for all, or one each."""
    gripper: Literal["width_m", "open_one", "closed_one", "closed_positive"] = "width_m"
    """`open_one`: 1 is open, 0 closed; `closed_one` the other way; `closed_positive`: -1 open, 1 closed."""
    has_base: bool = False
    """Whether three more columns move the base."""
    rate_hz: float = Field(default=10.0, gt=0.0, le=1000.0)
    horizon: int = Field(default=50, ge=1)
    """Most steps of a reply that are used."""
    execute: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _fits(self) -> Adapter:
        columns = COLUMNS[self.kind]
        if len(self.scale) not in (1, columns):
            raise ValueError(f"scale needs 1 or {columns} values for {self.kind}, not {len(self.scale)}")
        return self

    @property
    def columns(self) -> int:
        """Return how many columns an action has: motion, gripper, and perhaps the base."""
        return COLUMNS[self.kind] + 1 + 3 * self.has_base

    def state_of(self, observation: Observation, T_world_start: Array) -> Array:
        """Return the state as the server wants it, float32, (n,)."""
        T = inverse(T_world_start) @ world_tool(observation)
        ours = state_vector(observation, T_world_start)
        parts = {
            "tool_position": T[:3, 3],
            "tool_rotation": rotation_vector(T),
            "tool_quaternion": to_quaternion(T),
            "joint_position": observation.q_arm,
            "gripper_width": [observation.gripper_width],
            "gripper_closed": [1.0 - min(1.0, observation.gripper_width / OPEN_M)],
            "base": ours[BASE_FROM : BASE_FROM + 3],
            "saycando": ours,
        }
        return np.concatenate([np.asarray(parts[name]) for name in self.state]).astype(np.float32)

    def widths_of(self, column: Array) -> Array:
        """Return the server's gripper column as distances between the pads, [m]."""
        if self.gripper == "width_m":
            return np.asarray(column)
        share = {"open_one": column, "closed_one": 1.0 - column, "closed_positive": (1.0 - column) / 2.0}
        return np.asarray(OPEN_M * np.clip(share[self.gripper], 0.0, 1.0))


SAYCANDO = Adapter(
    cameras={"head": CameraKey(key="observation/head"), "wrist": CameraKey(key="observation/wrist")},
    has_base=True,
)
"""Our own policies, served to others."""


def adapter_named(name: str) -> Adapter:
    """Return the adapter `saycando`, or `FILE:NAME`: the table [adapters.NAME] of a TOML file.

    Raises:
        ValueError: If there is none, or it cannot be used; the message says why.
    """
    if name == "saycando":
        return SAYCANDO
    path, colon, key = name.rpartition(":")
    if not colon:
        raise ValueError(f"there is no adapter {name!r}; give saycando or FILE:NAME")
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("adapters", {})
    except OSError as error:
        raise ValueError(f"adapter file {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"adapter file {path} is not TOML: {error}") from error
    if key not in tables:
        raise ValueError(f"{path} has no adapter {key!r}; adapters: {', '.join(tables) or 'none'}")
    try:
        return Adapter.model_validate(tables[key])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise ValueError(f"adapter {key} of {path}: {where}: {first['msg']}") from error
