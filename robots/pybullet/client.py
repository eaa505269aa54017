"""Room robots: one Bullet physics world, addressed explicitly so that several can live in one process."""

from __future__ import annotations

import importlib
import os
import sys
from functools import partial
from types import ModuleType
from typing import Any


def _import_quietly() -> ModuleType:
    """Import pybullet, which otherwise writes its build time to the process's standard error."""
    sys.stderr.flush()
    kept, sink = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        return importlib.import_module("pybullet")
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(sink)


pybullet = _import_quietly()

PHYSICS_STEP_S = 1.0 / 240.0


class BulletClient:
    """The functions of `pybullet`, bound to one physics server."""

    def __init__(self, *, gui: bool = False) -> None:
        """Connect to a new server; with `gui` it opens a window."""
        self.number = int(pybullet.connect(pybullet.GUI if gui else pybullet.DIRECT))
        if self.number < 0:
            raise RuntimeError("pybullet cannot start a physics server; without a display, drop gui")
        self.setPhysicsEngineParameter(
            fixedTimeStep=PHYSICS_STEP_S,
            numSolverIterations=120,
            deterministicOverlappingPairs=1,
            enableConeFriction=1,
        )
        self.setGravity(0.0, 0.0, -9.81)
        if gui:
            self.configureDebugVisualizer(pybullet.COV_ENABLE_GUI, 0)

    def __getattr__(self, name: str) -> Any:
        """Return the pybullet function bound to this server, or a constant."""
        value = getattr(pybullet, name)
        bound = partial(value, physicsClientId=self.number) if callable(value) else value
        self.__dict__[name] = bound
        return bound

    def close(self) -> None:
        """Disconnect; the world is gone afterwards."""
        pybullet.disconnect(physicsClientId=self.number)
