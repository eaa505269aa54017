"""Room skills: a policy of ours from an ONNX file, on onnxruntime; PyTorch is not needed.

The file says in its metadata what it expects and what its actions mean; nothing in it is unpickled.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from robots import Array, Observation

from .features import ACTION_NAMES, STATE_NAMES, start_frame, state_vector
from .policy import ActionChunk, ActionKind, FailureKind, Frame, PolicyAnswer, PolicyFailure
from .words import tokens

METADATA_KEY = "saycando"
GRIPPER = ACTION_NAMES.index("gripper_width")
WIDEST_M = 0.08


class PolicyFileError(ValueError):
    """A policy file that cannot be used; the message says why."""


class PolicyCard(BaseModel):
    """What a policy file says about itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    skills: tuple[str, ...]
    """Skills that it was trained for."""
    cameras: dict[str, tuple[int, int]]
    """Camera to the height and width of its picture, [pixel]."""
    rate_hz: float
    horizon: int
    execute: int
    """Steps of a chunk that are executed before the next look."""
    frame: Frame
    head: str
    states: tuple[str, ...] = STATE_NAMES
    actions: tuple[str, ...] = ACTION_NAMES
    has_success: bool = False
    temperature: tuple[float, float] = (1.0, 0.0)
    """Slope and offset that calibrate the success head's logit."""
    recipe: dict[str, str | int | float] = {}
    """Commit, seed, data and hash, for people."""


class OnnxPolicy:
    """Runs one file on one thread."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        """Open a file.

        Raises:
            PolicyFileError: If it does not exist, is no ONNX file, or is not one of ours.
        """
        import onnxruntime

        if not path.is_file():
            raise PolicyFileError(f"policy file {path} does not exist")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
            metadata = self._session.get_modelmeta().custom_metadata_map
            self.card = PolicyCard.model_validate_json(metadata[METADATA_KEY])
        except KeyError as error:
            raise PolicyFileError(f"policy file {path} has no {METADATA_KEY!r} metadata") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise PolicyFileError(f"policy file {path}: metadata {where}: {first['msg']}") from error
        except Exception as error:  # onnxruntime raises its own types, which all derive from Exception alone
            raise PolicyFileError(f"policy file {path} cannot be opened: {error}") from error
        self._path = path
        self._asks_for = [entry.name for entry in self._session.get_inputs()]
        """Exporters leave out what a network does not look at."""
        self._T_world_start = np.eye(4)
        self._sequence = -1
        self._noise = np.zeros((1, self.card.horizon, len(self.card.actions)), dtype=np.float32)

    @property
    def name(self) -> str:
        """Return "onnx:" and the file's stem."""
        return f"onnx:{self._path.stem}"

    @property
    def cameras(self) -> tuple[str, ...]:
        """Return the cameras that it looks through."""
        return tuple(self.card.cameras)

    def reset(self, observation: Observation) -> None:
        """Begin a run: the start frame is the base as it stands now."""
        self._T_world_start = start_frame(observation)
        self._sequence = -1

    def act(self, observation: Observation, instruction: str) -> PolicyAnswer:
        """Return the next chunk, or what is wrong with the pictures."""
        wrong = self._wrong_pictures(observation)
        if wrong:
            return PolicyFailure(kind=FailureKind.REFUSED, reason=wrong)
        self._sequence += 1
        began = time.perf_counter()
        pictures = {name: observation.frames[name].rgb for name in self.card.cameras}
        chunk, success = self.infer(pictures, state_vector(observation, self._T_world_start), instruction)
        return ActionChunk(
            kind=ActionKind.TOOL_DELTA,
            motion=chunk[:, :6],
            gripper_width=chunk[:, GRIPPER],
            base=chunk[:, 7:10],
            frame=self.card.frame,
            rate_hz=self.card.rate_hz,
            sequence=self._sequence,
            observed_at_s=observation.time_s,
            success=success,
            timings={"infer_ms": 1e3 * (time.perf_counter() - began)},
        )

    def close(self) -> None:
        """Keep the file open: nothing else is held between runs."""

    def infer(
        self, pictures: Mapping[str, NDArray[np.uint8]], state: Array, instruction: str
    ) -> tuple[Array, float | None]:
        """Return a chunk, (horizon, 10) as `ACTION_NAMES`, and the probability of success if estimated.

        Args:
            pictures: Camera to (height, width, 3), RGB, as the card says.
            state: As `STATE_NAMES`, (20,).
            instruction: The short sentence.
        """
        inputs: dict[str, Any] = {f"rgb_{name}": pictures[name][None] for name in self.card.cameras}
        inputs["state"] = np.asarray(state, dtype=np.float32)[None]
        inputs["tokens"] = tokens(instruction)[None]
        inputs["noise"] = self._noise
        outputs = self._session.run(None, {name: inputs[name] for name in self._asks_for})
        success = self._calibrated(float(outputs[1][0])) if self.card.has_success else None
        chunk = np.array(outputs[0][0], dtype=np.float64)
        # A number that was regressed may lie beside its range.
        chunk[:, GRIPPER] = np.clip(chunk[:, GRIPPER], 0.0, WIDEST_M)
        return chunk, success

    def _wrong_pictures(self, observation: Observation) -> str | None:
        for name, (height, width) in self.card.cameras.items():
            if name not in observation.frames:
                seen = ", ".join(observation.frames) or "none"
                return f"{self.name} needs a picture of camera {name}; pictures: {seen}"
            shape = observation.frames[name].rgb.shape
            if shape != (height, width, 3):
                return f"{self.name} needs {name} pictures of {(height, width, 3)}, not {shape}"
        return None

    def _calibrated(self, logit: float) -> float:
        slope, offset = self.card.temperature
        return float(1.0 / (1.0 + np.exp(-(slope * logit + offset))))


def card_text(card: PolicyCard) -> str:
    """Return the metadata entry that belongs into a policy file."""
    return json.dumps(card.model_dump(mode="json"), sort_keys=True)
