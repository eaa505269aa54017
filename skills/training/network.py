"""Room skills: the network: an encoder per camera, modulated by the instruction, a trunk, and an action head.

Sources: Perez et al., FiLM (2018); Levine et al., End-to-end training of deep visuomotor policies (2016) for
the spatial soft-argmax; Jang et al., BC-Z (2021) for language through FiLM. One of the soft-argmax maps is
taught where the named thing is in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from skills.policies.features import ACTION_NAMES, PICTURE_PX, STATE_NAMES
from skills.policies.words import BUCKETS

from .heads import Head, build_head

CELLS = PICTURE_PX // 4
"""Height and width of the maps: two convolutions halve the picture."""


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """The architecture."""

    head: str = "chunk"
    """One of "chunk", "tokens", "flow"."""
    cameras: tuple[str, ...] = ("head", "wrist")
    channels: tuple[int, ...] = (24, 48, 64)
    points: int = 24
    """Soft-argmax maps of a camera beside the pointing map."""
    width: int = 256
    language: int = 64
    states: int = len(STATE_NAMES)
    actions: int = len(ACTION_NAMES)
    horizon: int = 8


class Language(nn.Module):
    """Words from hashed pieces, pooled by attention."""

    def __init__(self, size: int) -> None:
        """Build it."""
        super().__init__()
        self.embed = nn.Embedding(BUCKETS, size, padding_idx=0)
        self.mix = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Linear(size, size))
        self.score = nn.Linear(size, 1)
        self.out = nn.Sequential(nn.Linear(size, size), nn.GELU())

    def forward(self, tokens: Tensor) -> Tensor:
        """Return (b, size) of tokens (b, words, pieces)."""
        is_word = (tokens[..., 0] != 0).float()  # (b, w)
        count = (tokens != 0).float().sum(-1, keepdim=True).clamp(min=1.0)
        words = self.embed(tokens).sum(2) / count
        words = words + self.mix(words)
        weight = torch.softmax(self.score(words).squeeze(-1) - 30.0 * (1.0 - is_word), dim=1)
        return self.out((weight.unsqueeze(-1) * words).sum(1))


class Camera(nn.Module):
    """Points in a picture: where the named thing is, and wherever else it helps to look."""

    def __init__(self, spec: NetworkSpec) -> None:
        """Build it."""
        super().__init__()
        sizes = (5, *spec.channels)  # rgb and where the pixel is
        self.layers = nn.ModuleList()
        self.films = nn.ModuleList()
        for k, (a, b) in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
            self.layers.append(
                nn.Conv2d(a, b, 5 if k == 0 else 3, stride=2 if k < 2 else 1, padding=2 if k == 0 else 1)
            )
            self.films.append(nn.Linear(spec.language, 2 * b))
        last = spec.channels[-1]
        self.deep = nn.Conv2d(last, last, 3, padding=1)
        self.deep_film = nn.Linear(spec.language, 2 * last)
        self.maps = nn.Conv2d(last, spec.points + 1, 1)
        self.pool = nn.Sequential(nn.Conv2d(last, 32, 3, stride=2, padding=1), nn.GELU())
        side = torch.linspace(0.0, 1.0, PICTURE_PX)
        v, u = torch.meshgrid(side, side, indexing="ij")
        self.register_buffer("where", torch.stack([u, v])[None] - 0.5, persistent=False)
        cell = (torch.arange(CELLS) + 0.5) / CELLS
        v, u = torch.meshgrid(cell, cell, indexing="ij")
        self.register_buffer("cells", torch.stack([u.reshape(-1), v.reshape(-1)], dim=1), persistent=False)

    def forward(self, rgb: Tensor, language: Tensor) -> tuple[Tensor, Tensor]:
        """Return features (b, f) and pointing logits (b, 576) of pictures (b, 3, 96, 96), 0 to 1."""
        x = torch.cat([rgb - 0.5, self.where.expand(len(rgb), -1, -1, -1)], dim=1)
        for layer, film in zip(self.layers, self.films, strict=True):
            x = _modulated(layer(x), film(language))
        x = x + _modulated(self.deep(x), self.deep_film(language))
        logits = self.maps(x).flatten(2)  # (b, points + 1, 576)
        share = torch.softmax(logits, dim=2)
        points = (share @ self.cells).flatten(1)  # (b, 2 (points + 1))
        sure = share[:, 0].max(dim=1, keepdim=True).values
        seen = (share[:, :1] @ x.flatten(2).transpose(1, 2)).squeeze(1)  # what is at the pointed place
        return torch.cat([points, sure, seen, self.pool(x).mean(dim=(2, 3))], dim=1), logits[:, 0]


def _modulated(x: Tensor, film: Tensor) -> Tensor:
    scale, shift = film.chunk(2, dim=1)
    return torch.nn.functional.gelu(x * (1.0 + scale[..., None, None]) + shift[..., None, None])


class PolicyNetwork(nn.Module):
    """Pictures, state and instruction in; what the head needs out."""

    def __init__(self, spec: NetworkSpec) -> None:
        """Build it."""
        super().__init__()
        self.spec = spec
        self.language = Language(spec.language)
        self.eyes = nn.ModuleDict({name: Camera(spec) for name in spec.cameras})
        features = 2 * (spec.points + 1) + 1 + spec.channels[-1] + 32
        inside = len(spec.cameras) * features + spec.states + spec.language
        self.trunk = nn.Sequential(
            nn.Linear(inside, spec.width), nn.LayerNorm(spec.width), nn.GELU(),
            nn.Linear(spec.width, spec.width), nn.GELU(),
        )  # fmt: skip
        self.where = nn.Linear(spec.width, 3)
        self.success = nn.Sequential(nn.Linear(inside, 64), nn.GELU(), nn.Linear(64, 1))
        self.head: Head = build_head(spec)
        self.register_buffer("state_mean", torch.zeros(spec.states))
        self.register_buffer("state_scale", torch.ones(spec.states))
        self.register_buffer("action_mean", torch.zeros(spec.actions))
        self.register_buffer("action_scale", torch.ones(spec.actions))

    def features(
        self, pictures: dict[str, Tensor], state: Tensor, tokens: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the trunk's input (b, n) and every camera's pointing logits."""
        language = self.language(tokens)
        parts, pointing = [(state - self.state_mean) / self.state_scale, language], {}
        for name, eye in self.eyes.items():
            seen, pointing[name] = eye(pictures[name], language)
            parts.append(seen)
        return torch.cat(parts, dim=1), pointing

    def forward(self, pictures: dict[str, Tensor], state: Tensor, tokens: Tensor, noise: Tensor) -> Tensor:
        """Return the chunk in SI units, (b, horizon, actions)."""
        inside, _ = self.features(pictures, state, tokens)
        return self.head.act(self.trunk(inside), noise) * self.action_scale + self.action_mean
