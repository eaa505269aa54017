"""Room skills: where a training stands, as safetensors: weights, and the optimiser's two moments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn


class CheckpointError(ValueError):
    """A checkpoint that belongs to another training, or cannot be read."""


class Checkpoint:
    """One file, replaced whole."""

    def __init__(self, folder: Path, spec: Mapping[str, Any]) -> None:
        """Keep the training of this spec in a folder, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "checkpoint.safetensors"
        self._spec = json.dumps(spec, sort_keys=True)

    def save(self, step: int, model: nn.Module, optimiser: torch.optim.Optimizer) -> None:
        """Write where the training stands after a step."""
        tensors = {f"model.{name}": value.contiguous() for name, value in model.state_dict().items()}
        for number, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{number}.{name}": value.contiguous() for name, value in state.items()}
        partial = self._file.with_suffix(".partial")
        save_file(tensors, partial, metadata={"step": str(step), "spec": self._spec})
        partial.replace(self._file)

    def load(self, model: nn.Module, optimiser: torch.optim.Optimizer) -> int:
        """Put back what was saved and return its step; 0 when nothing was.

        Raises:
            CheckpointError: If it is of another training, or damaged.
        """
        if not self._file.exists():
            return 0
        try:
            with safe_open(self._file, framework="pt") as file:
                metadata = file.metadata()
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
        except Exception as error:  # safetensors raises a type of its own, which derives from Exception alone
            raise CheckpointError(f"{self._file} cannot be read: {error}") from error
        if metadata.get("spec") != self._spec:
            raise CheckpointError(f"{self._file} is of another training; give another folder or delete it")
        model.load_state_dict({n[6:]: t for n, t in tensors.items() if n.startswith("model.")})
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith("optimiser."):
                _, number, key = name.split(".", 2)
                state.setdefault(int(number), {})[key] = tensor
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
        return int(metadata["step"])
