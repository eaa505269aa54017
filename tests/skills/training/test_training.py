"""Training learns, goes on, exports what it computes, and every head does; needs the extra `train`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from robots import Observation
from robots.transforms import from_rotation_vector
from tests.fakes.pictures import noisy, seen_with

torch = pytest.importorskip("torch", reason="needs the extra train")

from dataclasses import replace  # noqa: E402  # after the check for torch

from skills.policies import ActionChunk, Frame  # noqa: E402  # the same
from skills.policies.features import start_frame, state_vector  # noqa: E402  # the same
from skills.policies.onnx_policy import OnnxPolicy, PolicyCard  # noqa: E402  # the same
from skills.policies.words import tokens  # noqa: E402  # the same
from skills.training import HEADS  # noqa: E402  # the same
from skills.training.checkpoint import CheckpointError  # noqa: E402  # the same
from skills.training.export import export  # noqa: E402  # the same
from skills.training.network import NetworkSpec, PolicyNetwork  # noqa: E402  # the same
from skills.training.samples import Demonstration, in_tool_frame, samples_of  # noqa: E402  # the same
from skills.training.train import TrainingSpec, train  # noqa: E402  # the same


def _shown(count: int) -> list[Demonstration]:
    """A bright square to the left or right; the action goes there."""
    shown = []
    for k in range(count):
        rng = np.random.default_rng(k)
        frames = 6
        u = rng.uniform(0.2, 0.8, size=frames)
        pictures = np.zeros((frames, 96, 96, 3), dtype=np.uint8)
        for picture, at in zip(pictures, u, strict=True):
            column = int(96 * at)
            picture[40:56, column - 8 : column + 8] = (255, 40, 0)
        states = np.zeros((frames, 20))
        states[:, 3], states[:, 7] = 1.0, 1.0
        chunks = np.zeros((frames, 8, 10))
        chunks[:, :, :] = (u - 0.5)[:, None, None]
        pixels = np.stack([u, np.full(frames, 0.5), np.ones(frames)], axis=1)
        shown.append(
            Demonstration(
                task="go to the red square",
                states=states,
                chunks=chunks,
                targets=np.stack([u, u, u], axis=1),
                pictures={"wrist": pictures},
                pixels={"wrist": pixels},
            )
        )
    return shown


SMALL = {"cameras": ("wrist",), "channels": (8, 12, 16), "points": 4, "width": 48, "language": 16}


@pytest.mark.parametrize("head", HEADS)
def test_every_head_learns_to_go_where_it_looks(head: str, tmp_path: Path) -> None:
    samples = samples_of(_shown(30), is_tool_frame=False)
    steps = 500 if head == "tokens" else 240  # sixty-five bins take longer than a number
    spec = TrainingSpec(steps=steps, batch=32, log_every=steps // 2, rate=4e-3, held_out=0.1)
    told: list[str] = []
    network = train(samples, NetworkSpec(head=head, **SMALL), spec, tmp_path, report=told.append)
    new = samples_of(_shown(40)[30:], is_tool_frame=False)
    with torch.no_grad():
        pictures = {"wrist": new.pictures["wrist"].float() / 255}
        acted = network(pictures, new.states, new.tokens, torch.zeros_like(new.chunks))
    wanted = new.chunks[:, 0, 0].numpy()
    assert np.corrcoef(acted[:, 0, 0].numpy(), wanted)[0, 1] > 0.8
    assert len(told) == 2
    assert (tmp_path / "curve.jsonl").read_text().count("\n") == 2


def test_the_onnx_file_computes_what_the_network_computes(tmp_path: Path) -> None:
    torch.manual_seed(0)
    for head in HEADS:
        network = PolicyNetwork(NetworkSpec(head=head, **SMALL)).eval()
        card = PolicyCard(
            skills=("pick",),
            cameras={"wrist": (96, 96)},
            rate_hz=10.0,
            horizon=8,
            execute=3,
            frame=Frame.TOOL,
            head=head,
        )
        export(network, card, tmp_path / f"{head}.onnx")
        policy = OnnxPolicy(tmp_path / f"{head}.onnx")
        seen = _seen()
        policy.reset(seen)
        answer = policy.act(seen, "pick up the apple")
        assert isinstance(answer, ActionChunk)
        state = torch.from_numpy(state_vector(seen, start_frame(seen)).astype(np.float32))[None]
        rgb = torch.from_numpy(seen.frames["wrist"].rgb.copy()).permute(2, 0, 1)[None].float() / 255
        with torch.no_grad():
            words = torch.from_numpy(tokens("pick up the apple"))[None]
            acted = network({"wrist": rgb}, state, words, torch.zeros(1, 8, 10))[0].numpy()
        assert answer.motion == pytest.approx(acted[:, :6], abs=1e-4)


def test_chunks_in_the_tools_frame_lead_to_the_same_poses() -> None:
    rng = np.random.default_rng(0)
    R = from_rotation_vector(rng.normal(size=3))[:3, :3]
    state = np.zeros(20)
    state[3:6], state[6:9] = R[:, 0], R[:, 1]
    chunk = np.concatenate([rng.normal(size=(8, 3)), 0.3 * rng.normal(size=(8, 3)), np.zeros((8, 4))], axis=1)
    told = in_tool_frame(state[None], chunk[None])[0]
    p_start, p_tool, R_start, R_tool = np.zeros(3), np.zeros(3), R.copy(), R.copy()
    for start, tool in zip(chunk, told, strict=True):
        p_start, p_tool = p_start + start[:3], p_tool + R_tool @ tool[:3]
        R_start = from_rotation_vector(start[3:6])[:3, :3] @ R_start
        R_tool = R_tool @ from_rotation_vector(tool[3:6])[:3, :3]
        assert p_tool == pytest.approx(p_start, abs=1e-9)
        assert R_tool == pytest.approx(R_start, abs=1e-9)


def _seen() -> Observation:
    return seen_with(wrist=noisy(1))


def test_an_interrupted_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    samples = samples_of(_shown(12), is_tool_frame=False)
    spec = TrainingSpec(steps=12, batch=8, log_every=4, save_every=4)
    network = NetworkSpec(head="flow", **SMALL)
    whole = train(samples, network, spec, tmp_path / "whole", report=lambda line: None)

    def interrupt(line: str) -> None:
        if '"step": 8' in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(samples, network, spec, tmp_path / "parts", report=interrupt)
    told: list[str] = []
    again = train(samples, network, spec, tmp_path / "parts", report=told.append)
    assert len(told) == 1, "only the last four steps were left"
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    with pytest.raises(CheckpointError, match="another training"):
        train(samples, network, replace(spec, seed=1), tmp_path / "parts", report=told.append)
