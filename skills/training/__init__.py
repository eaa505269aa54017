"""Room skills: train policies with PyTorch (extra `train`) and write them as ONNX; nothing here runs on a robot."""
