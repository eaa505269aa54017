"""Room skills: three interchangeable action heads over the same features.

`chunk` regresses the whole chunk (BC-Z, ACT), `tokens` classifies every number of it into bins (RT-1, RT-2,
OpenVLA), `flow` learns a velocity field from noise to chunks (GR00T N1, pi0, SmolVLA).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from . import HEADS

if TYPE_CHECKING:
    from .network import NetworkSpec

BINS = 65
REACH = 3.0
"""Actions are divided by their standard deviation; bins span plus and minus so many."""
FLOW_STEPS = 6


class Head(nn.Module, ABC):
    """What makes actions of features; actions are normalised, (b, horizon, actions)."""

    @abstractmethod
    def loss(self, features: Tensor, actions: Tensor) -> Tensor:
        """Return a loss per sample, (b,)."""

    @abstractmethod
    def act(self, features: Tensor, noise: Tensor) -> Tensor:
        """Return actions; `noise` is (b, horizon, actions), used by heads that sample."""


class ChunkHead(Head):
    """L1 regression."""

    def __init__(self, spec: NetworkSpec) -> None:
        """Build it."""
        super().__init__()
        self.shape = (spec.horizon, spec.actions)
        self.layers = nn.Sequential(
            nn.Linear(spec.width, spec.width), nn.GELU(), nn.Linear(spec.width, spec.horizon * spec.actions)
        )

    def loss(self, features: Tensor, actions: Tensor) -> Tensor:
        """Return the mean absolute error."""
        return (self.layers(features).view(-1, *self.shape) - actions).abs().mean(dim=(1, 2))

    def act(self, features: Tensor, noise: Tensor) -> Tensor:
        """Return the regressed chunk."""
        return self.layers(features).view(-1, *self.shape) + 0.0 * noise


class TokensHead(Head):
    """Classification of every number into bins."""

    def __init__(self, spec: NetworkSpec) -> None:
        """Build it."""
        super().__init__()
        self.shape = (spec.horizon, spec.actions)
        self.spread = nn.Linear(spec.width, spec.horizon * spec.actions * 12)
        self.bins = nn.Parameter(torch.randn(spec.actions, 12, BINS) * 0.1)
        self.register_buffer("values", torch.linspace(-REACH, REACH, BINS), persistent=False)

    def _logits(self, features: Tensor) -> Tensor:
        x = torch.nn.functional.gelu(self.spread(features)).view(-1, *self.shape, 12)
        return torch.einsum("bhak,akn->bhan", x, self.bins)

    def loss(self, features: Tensor, actions: Tensor) -> Tensor:
        """Return the cross-entropy against the nearest bin."""
        width = 2 * REACH / (BINS - 1)
        wanted = ((actions.clamp(-REACH, REACH) + REACH) / width).round().long()
        logits = self._logits(features)
        entropy = torch.nn.functional.cross_entropy(logits.flatten(0, 2), wanted.flatten(), reduction="none")
        return entropy.view(len(features), -1).mean(dim=1)

    def act(self, features: Tensor, noise: Tensor) -> Tensor:
        """Return the likeliest bin of each number."""
        return self.values[self._logits(features).argmax(dim=-1)] + 0.0 * noise


class FlowHead(Head):
    """Rectified flow. Source: Lipman et al., Flow matching for generative modeling (2023)."""

    def __init__(self, spec: NetworkSpec) -> None:
        """Build it."""
        super().__init__()
        self.shape = (spec.horizon, spec.actions)
        size = spec.horizon * spec.actions
        self.layers = nn.Sequential(
            nn.Linear(spec.width + size + 16, spec.width), nn.GELU(),
            nn.Linear(spec.width, spec.width), nn.GELU(), nn.Linear(spec.width, size),
        )  # fmt: skip
        self.register_buffer("rates", 2.0 ** torch.arange(8) * 0.5, persistent=False)

    def _velocity(self, features: Tensor, x: Tensor, t: Tensor) -> Tensor:
        phase = t[:, None] * self.rates
        time = torch.cat([torch.sin(phase), torch.cos(phase)], dim=1)
        return self.layers(torch.cat([features, x.flatten(1), time], dim=1)).view(-1, *self.shape)

    def loss(self, features: Tensor, actions: Tensor) -> Tensor:
        """Return the squared error of the velocity at a random time."""
        t = torch.rand(len(actions), device=actions.device)
        noise = torch.randn_like(actions)
        x = (1.0 - t)[:, None, None] * noise + t[:, None, None] * actions
        return (self._velocity(features, x, t) - (actions - noise)).square().mean(dim=(1, 2))

    def act(self, features: Tensor, noise: Tensor) -> Tensor:
        """Return where the flow carries the noise in a few Euler steps."""
        x = noise
        for k in range(FLOW_STEPS):
            t = torch.full_like(features[:, 0], k / FLOW_STEPS)
            x = x + self._velocity(features, x, t) / FLOW_STEPS
        return x


def build_head(spec: NetworkSpec) -> Head:
    """Return the head that the architecture names."""
    if spec.head not in HEADS:
        raise ValueError(f"head {spec.head!r} does not exist; heads: {', '.join(HEADS)}")
    return (ChunkHead, TokensHead, FlowHead)[HEADS.index(spec.head)](spec)
