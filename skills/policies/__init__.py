"""Room skills: learned policies as implementations of library skills, and policy servers in their place."""

from .policy import (
    ActionChunk,
    ActionKind,
    FailureKind,
    Frame,
    Policy,
    PolicyAnswer,
    PolicyFailure,
)

__all__ = [
    "ActionChunk",
    "ActionKind",
    "FailureKind",
    "Frame",
    "Policy",
    "PolicyAnswer",
    "PolicyFailure",
]
