"""Room planner: what clients over a vendor's SDK share: model, credentials, an SDK made when needed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, ClassVar

from planner.remote.profiles import Profile
from planner.remote.told import Access

LONGEST_READ_S = 600.0
"""Longest wait for one read of a socket, [s]; the gateway's deadline, which bounds all, is shorter."""


class SdkClient(ABC):
    """Base of a `Client`: a subclass makes requests, reads replies, sends, and says how its SDK is made."""

    provider: ClassVar[str]

    def __init__(self, model: str, access: Access, profile: Profile) -> None:
        """Take the model's name, how to reach it, and what is known about it; nothing is sent."""
        self.model = model
        self.profile = profile
        self._access = access

    @property
    def name(self) -> str:
        """Return `provider:MODEL`."""
        return f"{self.provider}:{self.model}"

    @property
    def takes_pictures(self) -> bool:
        """Return whether the model sees."""
        return self.profile.pictures

    async def close(self) -> None:
        """End the SDK's connections."""
        if "sdk" in vars(self):
            await vars(self).pop("sdk").close()

    @cached_property
    def sdk(self) -> Any:
        """Return the SDK's asynchronous client, without retries of its own; made when first used."""
        return self._make_sdk(
            api_key=self._access.api_key or "none",
            base_url=self._access.base_url,
            max_retries=0,
            timeout=LONGEST_READ_S,
        )

    @abstractmethod
    def _make_sdk(self, **settings: Any) -> Any:
        """Return the vendor's client; imports the SDK."""
