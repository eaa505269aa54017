"""Room skills: demonstrations in memory, as tensors, with the chunks in the frame that the policy acts in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from robots import Array
from robots.transforms import from_rotation_vector
from skills.policies.words import tokens


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """One episode, start frame."""

    task: str
    states: Array
    """(t, 20), see `STATE_NAMES`."""
    chunks: Array
    """What the teacher would do from each frame on, (t, horizon, 10)."""
    targets: Array
    """The point to look at, (t, 3)."""
    pictures: dict[str, NDArray[np.uint8]]
    """Camera to (t, 96, 96, 3)."""
    pixels: dict[str, Array]
    """Camera to where the target is, u, v in 0..1 and whether it is in view, (t, 3)."""


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Frames of many episodes."""

    pictures: dict[str, Tensor]
    states: Tensor
    chunks: Tensor
    targets: Tensor
    pixels: dict[str, Tensor]
    tokens: Tensor
    episode: Tensor

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.states)

    def to(self, device: str) -> Samples:
        """Return them on a device."""
        return Samples(
            pictures={k: v.to(device) for k, v in self.pictures.items()},
            states=self.states.to(device),
            chunks=self.chunks.to(device),
            targets=self.targets.to(device),
            pixels={k: v.to(device) for k, v in self.pixels.items()},
            tokens=self.tokens.to(device),
            episode=self.episode.to(device),
        )


def samples_of(shown: Sequence[Demonstration], *, is_tool_frame: bool) -> Samples:
    """Return the frames of demonstrations."""
    lengths = [len(d.states) for d in shown]
    chunks = [in_tool_frame(d.states, d.chunks) if is_tool_frame else d.chunks for d in shown]
    names = shown[0].pictures
    return Samples(
        pictures={
            k: torch.from_numpy(np.concatenate([d.pictures[k] for d in shown]).transpose(0, 3, 1, 2).copy())
            for k in names
        },
        states=torch.from_numpy(np.concatenate([d.states for d in shown]).astype(np.float32)),
        chunks=torch.from_numpy(np.concatenate(chunks).astype(np.float32)),
        targets=torch.from_numpy(np.concatenate([d.targets for d in shown]).astype(np.float32)),
        pixels={
            k: torch.from_numpy(np.concatenate([d.pixels[k] for d in shown]).astype(np.float32))
            for k in names
        },
        tokens=torch.from_numpy(
            np.concatenate(
                [np.repeat(tokens(d.task)[None], n, 0) for d, n in zip(shown, lengths, strict=True)]
            )
        ),
        episode=torch.repeat_interleave(torch.arange(len(shown)), torch.tensor(lengths)),
    )


def in_tool_frame(states: Array, chunks: Array) -> Array:
    """Return chunks whose moves and turns are told in the tool's frame of the step before."""
    out = np.array(chunks)
    for state, chunk in zip(states, out, strict=True):
        x, y = state[3:6], state[6:9]
        R = np.column_stack([x, y, np.cross(x, y)])
        for step in chunk:
            move, turn = step[:3].copy(), step[3:6].copy()
            step[:3], step[3:6] = R.T @ move, R.T @ turn
            R = from_rotation_vector(turn)[:3, :3] @ R
    return out
