"""Room skills: train policies with PyTorch (extra `train`), write them as ONNX; no robot runs this."""
