"""Room planner: the offline language model: household English to goals and steps, with no key."""

from .model import OfflineModel

__all__ = ["OfflineModel"]
