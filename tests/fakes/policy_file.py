"""A policy file made by hand: it always wants to go down a little, and is sure of itself by what it sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from skills.policies import Frame
from skills.policies.onnx_policy import METADATA_KEY, PolicyCard, card_text
from skills.policies.words import MOST_WORDS, PIECES


def write_policy(file: Path, *, skills: tuple[str, ...], card: str | None = None) -> Path:
    """Write an ONNX file with our inputs: chunk = constant + noise; success logit = mean brightness / 255."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    step = np.array([0, 0, -0.01, 0, 0, 0, 0.2, 0, 0, 0], dtype=np.float32)
    constant = numpy_helper.from_array(np.tile(step, (1, 8, 1)), "constant")
    nodes = [
        helper.make_node("Add", ["constant", "noise"], ["chunk"]),
        helper.make_node("Cast", ["rgb_wrist"], ["bright"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["bright"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Div", ["mean", "full"], ["success_logit"]),
    ]
    full = numpy_helper.from_array(np.array([255.0], dtype=np.float32), "full")
    inputs = [
        helper.make_tensor_value_info("state", TensorProto.FLOAT, [1, 20]),
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, MOST_WORDS, PIECES]),
        helper.make_tensor_value_info("noise", TensorProto.FLOAT, [1, 8, 10]),
        helper.make_tensor_value_info("rgb_wrist", TensorProto.UINT8, [1, 96, 96, 3]),
    ]
    outputs = [
        helper.make_tensor_value_info("chunk", TensorProto.FLOAT, [1, 8, 10]),
        helper.make_tensor_value_info("success_logit", TensorProto.FLOAT, [1]),
    ]
    graph = helper.make_graph(nodes, "by_hand", inputs, outputs, [constant, full])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=9)
    entry = model.metadata_props.add()
    told = PolicyCard(
        skills=skills,
        cameras={"wrist": (96, 96)},
        rate_hz=10.0,
        horizon=8,
        execute=3,
        frame=Frame.TOOL,
        head="chunk",
        has_success=True,
        temperature=(2.0, -1.0),
    )
    entry.key, entry.value = METADATA_KEY, card_text(told) if card is None else card
    onnx.save(model, str(file))
    return file
