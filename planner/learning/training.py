"""Room planner: from data sets to a policy file; PyTorch is imported here and nowhere at run time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from skills.datasets import Episode, read_dataset
from skills.policies.features import ACTION_NAMES, PICTURE_PX
from skills.policies.onnx_policy import PolicyCard
from skills.policies.policy import Frame
from skills.training import HEADS

from .collect import HORIZON, RATE_HZ
from .errors import LearningError

if TYPE_CHECKING:
    from skills.training.samples import Demonstration

EXECUTE = 3
"""Steps of a chunk that our policies execute before they look again."""


def train_policy(
    data: Sequence[Path],
    out: Path,
    *,
    head: str,
    steps: int,
    batch: int,
    seed: int,
    start: Path | None,
    report: Callable[[str], None],
) -> Path:
    """Train on data sets, write the policy as ONNX and its weights as safetensors beside it; return the file.

    Raises:
        LearningError: If the head does not exist, PyTorch is missing, the checkpoint is another's, or a data
            set does not say which skill it shows.
        DatasetError: If a folder is no data set.
    """
    if head not in HEADS:
        raise LearningError(f"head {head!r} does not exist; heads: {', '.join(HEADS)}")
    if find_spec("torch") is None:
        raise LearningError("training needs PyTorch: pip install 'saycando[train]'")
    from safetensors.torch import load_file, save_file

    from skills.training.checkpoint import CheckpointError
    from skills.training.export import export
    from skills.training.network import NetworkSpec
    from skills.training.samples import samples_of
    from skills.training.train import TrainingSpec, train

    shown, skills = [], set()
    for folder in data:
        about, episodes = read_dataset(folder)
        if not about.skill:
            raise LearningError(f"{folder} does not say which skill it shows; `saycando collect` writes it")
        skills.add(about.skill)
        shown += [demonstration(episode) for episode in episodes]
    samples = samples_of(shown, is_tool_frame=True)
    report(f"{len(shown)} demonstrations, {len(samples)} frames")
    spec = TrainingSpec(steps=steps, batch=batch, seed=seed)
    kept = out.with_suffix(".safetensors")
    weights = load_file(start) if start is not None else None
    try:
        network = train(
            samples, NetworkSpec(head=head), spec, out.with_suffix(""), report=report, weights=weights
        )
    except CheckpointError as error:
        raise LearningError(str(error)) from error
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, kept)
    card = PolicyCard(
        skills=tuple(sorted(skills)),
        cameras=dict.fromkeys(network.spec.cameras, (PICTURE_PX, PICTURE_PX)),
        rate_hz=RATE_HZ,
        horizon=HORIZON,
        execute=EXECUTE,
        frame=Frame.TOOL,
        head=head,
        recipe={
            "data": ", ".join(folder.name for folder in data),
            "demonstrations": len(shown),
            "steps": steps,
            "batch": batch,
            "seed": seed,
            "weights_sha256": hashlib.sha256(kept.read_bytes()).hexdigest(),
        },
    )
    export(network, card, out)
    return out


def demonstration(episode: Episode) -> Demonstration:
    """Return an episode of a data set as the training takes it."""
    from skills.training.samples import Demonstration

    return Demonstration(
        task=episode.task,
        states=episode.state,
        chunks=np.asarray(episode.extras["chunk"]).reshape(len(episode.state), -1, len(ACTION_NAMES)),
        targets=episode.extras["target"],
        pictures=dict(episode.pictures),
        pixels={name: episode.extras[f"pixel_{name}"] for name in episode.pictures},
    )
