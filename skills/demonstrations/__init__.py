"""Room skills: teachers that know the truth and show a policy what to do, as chunks, from any state."""

from .demonstrator import Demonstrator, Glance, Step, chunk_of
from .drawer import DrawerTeacher
from .pick import PickTeacher
from .place import PlaceTeacher
from .push import PushTeacher

__all__ = [
    "Demonstrator",
    "DrawerTeacher",
    "Glance",
    "PickTeacher",
    "PlaceTeacher",
    "PushTeacher",
    "Step",
    "chunk_of",
]
