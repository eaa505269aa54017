"""Room skills: teachers that know the truth and show a policy what to do, as chunks, from any state."""

from .demonstrator import Demonstrator, Glance, Step, chunk_of
from .pick import PickTeacher
from .push import PushTeacher

__all__ = ["Demonstrator", "Glance", "PickTeacher", "PushTeacher", "Step", "chunk_of"]
