"""Room skills: write a trained network as one ONNX file that says what it expects."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from skills.policies.features import PICTURE_PX
from skills.policies.onnx_policy import METADATA_KEY, PolicyCard, card_text
from skills.policies.words import MOST_WORDS, PIECES

from .network import PolicyNetwork

OPSET = 18


class _Exported(nn.Module):
    """The network with pictures as a camera gives them, uint8 (1, h, w, 3)."""

    def __init__(self, network: PolicyNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, state: Tensor, tokens: Tensor, noise: Tensor, *rgb: Tensor) -> tuple[Tensor, Tensor]:
        pictures = {
            name: picture.permute(0, 3, 1, 2).float() / 255.0
            for name, picture in zip(self.network.spec.cameras, rgb, strict=True)
        }
        inside, _ = self.network.features(pictures, state, tokens)
        actions = self.network.head.act(self.network.trunk(inside), noise)
        chunk = actions * self.network.action_scale + self.network.action_mean
        return chunk, self.network.success(inside)[:, 0]


def export(network: PolicyNetwork, card: PolicyCard, file: Path) -> None:
    """Write a network as ONNX with its card in the metadata."""
    import onnx

    spec = network.spec
    inputs = (
        torch.zeros(1, spec.states),
        torch.ones(1, MOST_WORDS, PIECES, dtype=torch.int64),
        torch.zeros(1, spec.horizon, spec.actions),
        *(torch.zeros(1, PICTURE_PX, PICTURE_PX, 3, dtype=torch.uint8) for _ in spec.cameras),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Exported(network.cpu().eval()), inputs, str(file), opset_version=OPSET, dynamo=False,
            input_names=["state", "tokens", "noise", *(f"rgb_{name}" for name in spec.cameras)],
            output_names=["chunk", "success_logit"],
        )  # fmt: skip
    model = onnx.load(str(file))
    entry = model.metadata_props.add()
    entry.key, entry.value = METADATA_KEY, card_text(card)
    onnx.save(model, str(file))
