"""Room skills: a policy behind a wire: what it is sent, and what is made of its reply."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from robots import Array, Observation
from skills.policies.features import start_frame
from skills.policies.policy import COLUMNS, ActionChunk, FailureKind, PolicyAnswer, PolicyFailure

from .adapter import Adapter, CameraKey

DEADLINE_S = 2.0


class Client(Protocol):
    """One wire."""

    @property
    def address(self) -> str:
        """Return where the server is."""
        ...

    def infer(self, request: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any] | PolicyFailure:
        """Return the reply, or why there is none."""
        ...

    def close(self) -> None:
        """Throw the connection away."""
        ...


class RemotePolicy:
    """Implements `Policy` over a client and an adapter."""

    def __init__(self, client: Client, adapter: Adapter, *, deadline_s: float = DEADLINE_S) -> None:
        """Take a wire; nothing is sent yet."""
        self._client, self.adapter, self._deadline_s = client, adapter, deadline_s
        self._T_world_start = np.eye(4)
        self._sequence = -1

    @property
    def name(self) -> str:
        """Return the server's address."""
        return self._client.address

    @property
    def cameras(self) -> tuple[str, ...]:
        """Return the cameras whose pictures are sent."""
        return tuple(self.adapter.cameras)

    def reset(self, observation: Observation) -> None:
        """Begin a run: the start frame is the base as it stands now; no server is told, none forgets."""
        self._T_world_start = start_frame(observation)
        self._sequence = -1

    def act(self, observation: Observation, instruction: str) -> PolicyAnswer:
        """Return the server's chunk in our units, or why it gave none that can be used."""
        began = time.perf_counter()
        request = self.request(observation, instruction)
        if isinstance(request, PolicyFailure):
            return request
        reply = self._client.infer(request, deadline_s=self._deadline_s)
        self._sequence += 1
        if isinstance(reply, PolicyFailure):
            return reply
        return self._chunk(reply, observation, {"request_ms": 1e3 * (time.perf_counter() - began)})

    def close(self) -> None:
        """Throw the connection away."""
        self._client.close()

    def request(self, observation: Observation, instruction: str) -> dict[str, Any] | PolicyFailure:
        """Return what the server is sent."""
        request: dict[str, Any] = {}
        for name, camera in self.adapter.cameras.items():
            if name not in observation.frames:
                reason = f"{self.name} wants a picture of camera {name}, which is not there"
                return PolicyFailure(kind=FailureKind.REFUSED, reason=reason)
            request[camera.key] = shaped(observation.frames[name].rgb, camera)
        request[self.adapter.state_key] = self.adapter.state_of(observation, self._T_world_start)
        request[self.adapter.prompt_key] = instruction
        return request

    def _chunk(
        self, reply: Mapping[str, Any], observation: Observation, timings: Mapping[str, float]
    ) -> PolicyAnswer:
        key = self.adapter.action_key
        if key not in reply:
            return self._malformed(f"no {key!r}; it has {', '.join(map(str, reply)) or 'nothing'}")
        try:
            actions = np.asarray(reply[key], dtype=np.float64)
        except (TypeError, ValueError):
            return self._malformed(f"{key!r} holds no numbers")
        if actions.ndim != 2 or actions.shape[1] != self.adapter.columns or not len(actions):
            return self._malformed(f"{key!r} has shape {actions.shape}; expected (T, {self.adapter.columns})")
        if not np.isfinite(actions).all():
            return self._malformed(f"{key!r} holds values that are no finite numbers")
        actions, count = actions[: self.adapter.horizon], COLUMNS[self.adapter.kind]
        return ActionChunk(
            kind=self.adapter.kind,
            motion=actions[:, :count] * np.array(self.adapter.scale),
            gripper_width=self.adapter.widths_of(actions[:, count]),
            base=actions[:, count + 1 :] if self.adapter.has_base else None,
            frame=self.adapter.frame,
            rate_hz=self.adapter.rate_hz,
            sequence=self._sequence,
            observed_at_s=observation.time_s,
            timings=timings,
        )

    def _malformed(self, what: str) -> PolicyFailure:
        self._client.close()
        return PolicyFailure(kind=FailureKind.MALFORMED, reason=f"the reply of {self.name} has {what}")


def shaped(rgb: NDArray[np.uint8], camera: CameraKey) -> Array | NDArray[np.uint8]:
    """Return a picture as a server wants it: scaled to fit, the rest black, HWC or CHW, uint8."""
    picture = rgb
    if camera.size is not None and rgb.shape[:2] != camera.size:
        import cv2

        height, width = camera.size
        share = min(height / rgb.shape[0], width / rgb.shape[1])
        inner = (max(1, round(rgb.shape[0] * share)), max(1, round(rgb.shape[1] * share)))
        picture = np.zeros((height, width, 3), dtype=np.uint8)
        top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
        scaled = cv2.resize(rgb, inner[::-1], interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR)
        picture[top : top + inner[0], left : left + inner[1]] = scaled
    return np.ascontiguousarray(picture.transpose(2, 0, 1) if camera.layout == "chw" else picture)
