"""Room robots: the PyBullet household; `open_kitchen` is the way in."""

from .cameras import CameraModel, looking_at, render
from .kitchen import PybulletKitchen, SavedWorld
from .layout import Layout, saycan_kitchen
from .layout_file import LayoutError, load_layout
from .opening import check_setup, open_kitchen
from .panda_robot import PybulletRobot

__all__ = [
    "CameraModel",
    "Layout",
    "LayoutError",
    "PybulletKitchen",
    "PybulletRobot",
    "SavedWorld",
    "check_setup",
    "load_layout",
    "looking_at",
    "open_kitchen",
    "render",
    "saycan_kitchen",
]
