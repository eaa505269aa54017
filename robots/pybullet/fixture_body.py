"""Room robots: a piece of furniture in the physics world, with its joint and its button."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from robots.arrays import Array, frozen
from robots.geometry import Articulation, Button, Fixture, Region, Solid
from robots.transforms import pose

from .client import BulletClient
from .fixture_spec import ButtonSpec, FixtureSpec, JointSpec, RegionSpec
from .furniture import slab
from .hidden_faces import SIDES_FILE, SIDES_MESH, covered_boxes
from .urdf import inertial_xml, joint_xml, link_xml, load_urdf

LAMP_ON = (0.10, 0.95, 0.25, 1.0)
LAMP_OFF = (0.45, 0.08, 0.08, 1.0)
PRESSED, RELEASED = 0.6, 0.3
"""Fractions of a button's travel between which the toggle has hysteresis."""


class FixtureBody:
    """One fixture: body number, joint numbers, power."""

    def __init__(self, bullet: BulletClient, spec: FixtureSpec) -> None:
        """Build and place the furniture, closed and switched off."""
        self.spec = spec
        self._bullet = bullet
        self.T_world_fixture = frozen(pose(spec.at[0], spec.at[1], 0.0, yaw=spec.at[2]))
        self.body = load_urdf(
            bullet,
            fixture_urdf(spec),
            {SIDES_FILE: SIDES_MESH},
            useFixedBase=True,
            basePosition=[spec.at[0], spec.at[1], 0.0],
            baseOrientation=bullet.getQuaternionFromEuler([0, 0, spec.at[2]]),
            flags=bullet.URDF_USE_INERTIA_FROM_FILE,
        )
        self.joint_link = 0 if spec.joint else None
        self.button_link = (1 if spec.joint else 0) if spec.button else None
        self.is_on = False
        self._is_armed = True
        for link in range(-1, bullet.getNumJoints(self.body)):
            bullet.changeDynamics(self.body, link, lateralFriction=0.7, jointDamping=0.0, linearDamping=0.0)
        # A drawer that never rests would also keep awake what lies in it.
        bullet.changeDynamics(self.body, -1, activationState=bullet.ACTIVATION_STATE_ENABLE_SLEEPING)
        self._brake()
        self.show_power()

    def _brake(self) -> None:
        bullet, joint, button = self._bullet, self.spec.joint, self.spec.button
        if joint is not None:
            bullet.setJointMotorControl2(
                self.body, self.joint_link, bullet.VELOCITY_CONTROL, targetVelocity=0.0, force=joint.friction
            )
            bullet.changeDynamics(self.body, self.joint_link, lateralFriction=1.0)
        if button is not None:
            bullet.setJointMotorControl2(
                self.body,
                self.button_link,
                bullet.POSITION_CONTROL,
                targetPosition=0.0,
                positionGain=0.2,
                force=button.spring_force,
            )

    @property
    def position(self) -> float:
        """Return the joint position, [m] or [rad]; 0 without a joint."""
        if self.joint_link is None:
            return 0.0
        return float(self._bullet.getJointState(self.body, self.joint_link)[0])

    def set_position(self, position: float) -> None:
        """Put the joint somewhere else, at rest."""
        joint = self.spec.joint
        if joint is None or not 0.0 <= position <= joint.upper:
            upper = "no joint" if joint is None else f"a joint from 0 to {joint.upper}"
            raise ValueError(f"{self.spec.name} cannot be set to {position}; it has {upper}")
        self._bullet.resetJointState(self.body, self.joint_link, position, 0.0)

    def wake(self) -> None:
        """Let physics move its door, drawer or button again."""
        self._bullet.changeDynamics(self.body, -1, activationState=self._bullet.ACTIVATION_STATE_WAKE_UP)

    def update_button(self) -> bool:
        """Toggle the power on the rising edge of a press; return whether it toggled. Called every tick."""
        if self.button_link is None or self.spec.button is None:
            return False
        depth = float(self._bullet.getJointState(self.body, self.button_link)[0]) / self.spec.button.travel
        if self._is_armed and depth > PRESSED:
            self._is_armed = False
            self.set_power(not self.is_on)
            return True
        if depth < RELEASED:
            self._is_armed = True
        return False

    def set_power(self, is_on: bool) -> None:
        """Switch it on or off and show it."""
        self.is_on = is_on
        self.show_power()

    def show_power(self) -> None:
        """Colour the button as a lamp."""
        if self.button_link is not None:
            colour = LAMP_ON if self.is_on else LAMP_OFF
            self._bullet.changeVisualShape(self.body, self.button_link, rgbaColor=colour)

    @property
    def latch(self) -> tuple[bool, bool]:
        """Return (is on, is armed): what physics does not store."""
        return self.is_on, self._is_armed

    def restore_latch(self, latch: tuple[bool, bool]) -> None:
        """Put back what `latch` returned."""
        self.set_power(latch[0])
        self._is_armed = latch[1]

    def motion(self) -> Array:
        """Return the displacement of the moving part in the fixture frame, 4x4."""
        return joint_motion(self.spec.joint, self.position)

    def world_region(self, region: RegionSpec, *, moves: bool) -> Region:
        """Return a region of the specification in the world, at the current joint position."""
        T_fixture_region = pose(*region.bottom_centre)
        if moves:
            T_fixture_region = self.motion() @ T_fixture_region
        return Region(T_world_region=frozen(self.T_world_fixture @ T_fixture_region), size=region.size)

    def report(self, *, wiped_fraction: float) -> Fixture:
        """Return the fixture as the world reports it."""
        spec, motion = self.spec, self.motion()
        part = spec.joint.part if spec.joint else ""
        T_world_moved = self.T_world_fixture @ motion
        solids = tuple(
            replace(
                s,
                T_owner_solid=frozen(
                    (T_world_moved if s.part == part else self.T_world_fixture) @ s.T_owner_solid
                ),
            )
            for s in spec.solids
        )
        dock = self.T_world_fixture @ np.array([*spec.dock_xy, 0.0, 1.0])
        patch = spec.wipe_patch
        return Fixture(
            name=spec.name,
            kinds=spec.kinds,
            solids=solids,
            region=self.world_region(spec.region, moves=spec.region_moves),
            dock=(float(dock[0]), float(dock[1]), spec.at[2]),
            station=spec.station,
            articulation=self._articulation(T_world_moved),
            button=self._button(),
            wiped_fraction=wiped_fraction,
            wipe_patch=self.world_region(patch, moves=False) if patch else None,
        )

    def _articulation(self, T_world_moved: Array) -> Articulation | None:
        joint = self.spec.joint
        if joint is None:
            return None
        return Articulation(
            kind=joint.kind,
            T_world_joint=frozen(self.T_world_fixture @ joint.T_fixture_joint),
            position=self.position,
            upper=joint.upper,
            T_world_handle=frozen(T_world_moved @ joint.T_fixture_handle),
            handle_length=joint.handle_length,
            handle_radius=joint.handle_radius,
        )

    def _button(self) -> Button | None:
        button = self.spec.button
        if button is None:
            return None
        T_world_button = frozen(self.T_world_fixture @ button.T_fixture_button)
        return Button(T_world_button=T_world_button, travel=button.travel * PRESSED, is_on=self.is_on)


def joint_motion(joint: JointSpec | None, position: float) -> Array:
    """Return how the moving part is displaced in the fixture frame, 4x4."""
    if joint is None:
        return np.eye(4)
    moved = pose(position, 0, 0) if joint.kind == "prismatic" else pose(0, 0, 0, yaw=position)
    return joint.T_fixture_joint @ moved @ np.linalg.inv(joint.T_fixture_joint)


def fixture_urdf(spec: FixtureSpec) -> str:
    """Return the robot description of a fixture: body, door or drawer, button."""
    part = spec.joint.part if spec.joint else ""
    body = [s for s in spec.solids if s.part != part]
    heavy = inertial_xml(100.0, (0.5, 0.5, 0.8))
    texts = [link_xml("body", body, np.eye(4), inertial=heavy, covered=covered_boxes(body))]
    if spec.joint is not None:
        moving = [s for s in spec.solids if s.part == part]
        texts += _moving_part(spec.joint, moving)
    if spec.button is not None:
        texts += _button_part(spec.button)
    return f'<robot name="{spec.name}">{"".join(texts)}</robot>'


def _moving_part(joint: JointSpec, solids: list[Solid]) -> list[str]:
    inertial = inertial_xml(joint.mass, (0.4, 0.4, 0.4))
    kind, axis = (
        ("prismatic", (1.0, 0.0, 0.0)) if joint.kind == "prismatic" else ("revolute", (0.0, 0.0, 1.0))
    )
    T_fixture_joint = joint.T_fixture_joint
    return [
        link_xml(joint.part, solids, T_fixture_joint, inertial=inertial),
        joint_xml(
            f"{joint.part}_joint",
            kind,
            "body",
            joint.part,
            T_fixture_joint,
            axis=axis,
            limits=(0.0, joint.upper),
        ),
    ]


def _button_part(button: ButtonSpec) -> list[str]:
    half = button.radius
    cap: Solid = slab((-button.height, 0.0), (-half, half), (-half, half), LAMP_OFF, "button")
    inertial = inertial_xml(0.05, (0.03, 0.03, 0.03))
    # The link frame is the released face turned so that +x presses: joint position is the depth.
    return [
        link_xml("button", [cap], np.eye(4), inertial=inertial),
        joint_xml(
            "button_joint",
            "prismatic",
            "body",
            "button",
            button.T_fixture_button,
            axis=(-1.0, 0.0, 0.0),
            limits=(0.0, button.travel),
        ),
    ]
