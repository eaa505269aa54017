"""Room skills: train policies with PyTorch (extra `train`), write them as ONNX; no robot runs this."""

HEADS = ("chunk", "tokens", "flow")
"""Action heads by name; named here, where nothing needs PyTorch."""

__all__ = ["HEADS"]
