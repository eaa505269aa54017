"""Room robots: embodiments, their worlds, and the protocol that hides which one it is.

Never here: language, goals, rules. Embodiments live in subpackages and are imported explicitly
(`from robots.pybullet import PybulletRobot`), so that importing `robots` needs no simulator.
"""

from .arrays import Array, DepthImage, Image, frozen
from .geometry import Articulation, Box, Button, Cylinder, Fixture, Item, Region, Shape, Solid, Sphere
from .proxy import RobotProxy
from .robot import (
    CameraFrame,
    Chunk,
    Command,
    CommandReport,
    JointLimits,
    Observation,
    Robot,
    RobotLimits,
    TrackedPerson,
    Violation,
)
from .world import World, WorldState

__all__ = [
    "Array",
    "Articulation",
    "Box",
    "Button",
    "CameraFrame",
    "Chunk",
    "Command",
    "CommandReport",
    "Cylinder",
    "DepthImage",
    "Fixture",
    "Image",
    "Item",
    "JointLimits",
    "Observation",
    "Region",
    "Robot",
    "RobotLimits",
    "RobotProxy",
    "Shape",
    "Solid",
    "Sphere",
    "TrackedPerson",
    "Violation",
    "World",
    "WorldState",
    "frozen",
]
