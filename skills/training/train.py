"""Room skills: the training loop: resumable, with a held-out loss and a curve, on a GPU when there is one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from .checkpoint import Checkpoint
from .curve import Curve
from .network import CELLS, NetworkSpec, PolicyNetwork
from .samples import Samples

BLOB_CELLS = 0.8
"""Standard deviation of the blob that the pointing map is taught, in cells."""
POINTING = 0.08
"""Weight of the loss that points at the named thing."""
WARM = 0.08
WHERE = 2.0
"""Weight of the loss that tells where it is in the start frame."""


@dataclass(frozen=True, kw_only=True)
class TrainingSpec:
    """How long and how fast."""

    steps: int = 9000
    batch: int = 128
    rate: float = 1.2e-3
    weight_decay: float = 1e-4
    held_out: float = 0.05
    seed: int = 0
    log_every: int = 100
    save_every: int = 500


def train(
    samples: Samples,
    network: NetworkSpec,
    spec: TrainingSpec,
    folder: Path,
    *,
    report: Callable[[str], None] = print,
    weights: dict[str, Tensor] | None = None,
) -> PolicyNetwork:
    """Return the trained network; one that was interrupted goes on where its folder's checkpoint was written.

    Args:
        samples: Frames to learn from; a share of the episodes is held out.
        network: The architecture.
        spec: How long.
        folder: Where checkpoint.safetensors and curve.jsonl are kept.
        report: Told how it goes.
        weights: Where to start from; default is from scratch.

    Raises:
        CheckpointError: If the folder's checkpoint is of another training.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(spec.seed)
    model = PolicyNetwork(network)
    if weights is not None:
        model.load_state_dict(weights)
    else:
        _normalise(model, samples)
    model.to(device)
    samples = samples.to(device)
    every = round(1 / spec.held_out) if spec.held_out else 0
    held = samples.episode % every == 0 if every else samples.episode < 0
    learn, check = torch.nonzero(~held).squeeze(1), torch.nonzero(held).squeeze(1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=spec.rate, weight_decay=spec.weight_decay)
    checkpoint = Checkpoint(folder, {"network": asdict(network), "training": asdict(spec)})
    curve = Curve(folder, report, spec.log_every)
    for step in range(checkpoint.load(model, optimiser) + 1, spec.steps + 1):
        torch.manual_seed(spec.seed * 1_000_003 + step)  # a step is the same after an interruption
        for group in optimiser.param_groups:
            group["lr"] = spec.rate * warmed_and_cooled(step / spec.steps)
        chosen = learn[torch.randint(len(learn), (spec.batch,)).to(device)]
        parts = losses(model, samples, chosen, augment=True)
        optimiser.zero_grad(set_to_none=True)
        (parts[0] + POINTING * parts[1] + WHERE * parts[2]).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        is_last = step == spec.steps
        if is_last or step % spec.save_every == 0:
            checkpoint.save(step, model, optimiser)
        measures = len(check) and (is_last or step % (5 * spec.log_every) == 0)
        curve.note(step, parts, evaluate(model, samples, check) if measures else None, is_last=is_last)
    model.cpu().eval()
    return model


def warmed_and_cooled(share: float) -> float:
    """Return the learning rate as a share of its peak: up over the first steps, then down a cosine."""
    if share < WARM:
        return 0.04 + 0.96 * share / WARM
    return 0.5 * (1.0 + math.cos(math.pi * (share - WARM) / (1.0 - WARM))) + 1e-4


def losses(
    model: PolicyNetwork, samples: Samples, chosen: Tensor, *, augment: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the losses of action, pointing and place."""
    pictures = {k: v[chosen].float() / 255.0 for k, v in samples.pictures.items()}
    if augment:
        pictures = {k: _relit(v) for k, v in pictures.items()}
    inside, pointing = model.features(pictures, samples.states[chosen], samples.tokens[chosen])
    trunk = model.trunk(inside)
    actions = (samples.chunks[chosen] - model.action_mean) / model.action_scale
    pointed = torch.stack([_pointing(pointing[k], samples.pixels[k][chosen]) for k in pointing]).sum(0)
    place = (model.where(trunk) - samples.targets[chosen]).abs().mean()
    return model.head.loss(trunk, actions).mean(), pointed.mean(), place


def _pointing(logits: Tensor, pixels: Tensor) -> Tensor:
    """Return the cross-entropy of the pointing map against a small blob, (b,); 0 where nothing is in view."""
    cell = (torch.arange(CELLS, device=logits.device) + 0.5) / CELLS
    du = (cell[None] - pixels[:, :1]) * CELLS / BLOB_CELLS
    dv = (cell[None] - pixels[:, 1:2]) * CELLS / BLOB_CELLS
    blob = torch.exp(-0.5 * (dv[:, :, None] ** 2 + du[:, None, :] ** 2)).flatten(1)
    blob = blob / blob.sum(1, keepdim=True).clamp(min=1e-9)
    return -(blob * torch.log_softmax(logits, dim=1)).sum(1) * pixels[:, 2]


def _relit(pictures: Tensor) -> Tensor:
    """Return pictures under a slightly other light: gain and offset per picture and colour."""
    shape = (len(pictures), 3, 1, 1)
    gain = 1.0 + 0.08 * torch.randn(shape, device=pictures.device)
    return (pictures * gain + 0.03 * torch.randn(shape, device=pictures.device)).clamp(0.0, 1.0)


def evaluate(model: PolicyNetwork, samples: Samples, chosen: Tensor) -> float:
    """Return the mean absolute error of the chunks, in units of their standard deviations."""
    model.eval()
    total = 0.0
    with torch.no_grad():
        for part in chosen.split(512):
            pictures = {k: v[part].float() / 255.0 for k, v in samples.pictures.items()}
            noise = torch.zeros_like(samples.chunks[part])
            acted = model(pictures, samples.states[part], samples.tokens[part], noise)
            error = (acted - samples.chunks[part]).abs() / model.action_scale
            total += float(error.mean()) * len(part)
    model.train()
    return total / len(chosen)


def _normalise(model: PolicyNetwork, samples: Samples) -> None:
    model.state_mean.copy_(samples.states.mean(0))
    model.state_scale.copy_(samples.states.std(0).clamp(min=0.02))
    flat = samples.chunks.flatten(0, 1)
    model.action_mean.copy_(flat.mean(0))
    model.action_scale.copy_(flat.std(0).clamp(min=1e-3))
