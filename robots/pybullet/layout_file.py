"""Room robots: a home described in a YAML file, for people who want another scene.

    name: my_kitchen
    fixtures:
    - {type: counter, name: bar, at: [0.5, 1.5, 90], width: 1.6}
    - {type: drawer, name: cutlery, at: [-0.8, 1.5, 90], floor: 0.43}

`at` is x, y in metres and the heading, in degrees, of a robot that faces the front. The other keys are the
parameters of the builder in `furniture` and `cabinets` that `type` names.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from .cabinets import drawer, fridge, microwave
from .fixture_spec import FixtureSpec
from .furniture import counter, open_bin, person, sink, stove, table
from .layout import Layout

BUILDERS: Mapping[str, Callable[..., FixtureSpec]] = {
    "bin": open_bin,
    "counter": counter,
    "drawer": drawer,
    "fridge": fridge,
    "microwave": microwave,
    "person": person,
    "sink": sink,
    "stove": stove,
    "table": table,
}


class LayoutError(ValueError):
    """A layout file that cannot be used; the message says where and why."""


def load_layout(path: Path) -> Layout:
    """Read a home from a YAML file.

    Raises:
        LayoutError: If the file is missing, is not YAML, or describes impossible furniture.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LayoutError(f"layout file {path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise LayoutError(f"layout file {path} is not YAML: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("fixtures"), list) or not data["fixtures"]:
        raise LayoutError(f"layout file {path} needs a list 'fixtures' at its top")
    fixtures = tuple(_fixture(entry, f"{path} fixture {i}") for i, entry in enumerate(data["fixtures"], 1))
    names = [spec.name for spec in fixtures]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LayoutError(f"layout file {path} uses the name {twice[0]!r} more than once")
    return Layout(name=str(data.get("name", path.stem)), fixtures=fixtures, floor=_floor(fixtures))


def _fixture(entry: object, where: str) -> FixtureSpec:
    if not isinstance(entry, dict):
        raise LayoutError(f"{where} is not a mapping")
    builder = BUILDERS.get(str(entry.get("type")))
    if builder is None:
        raise LayoutError(f"{where} has type {entry.get('type')!r}; valid types: {', '.join(BUILDERS)}")
    numbers = entry.get("at")
    if not isinstance(numbers, list) or len(numbers) != 3 or not all(_is_number(v) for v in numbers):
        raise LayoutError(f"{where} needs at: [x, y, heading in degrees]")
    at = (float(numbers[0]), float(numbers[1]), math.radians(float(numbers[2])))
    options = {key: value for key, value in entry.items() if key not in ("type", "name", "at")}
    valid = [p.name for p in inspect.signature(builder).parameters.values() if p.kind is p.KEYWORD_ONLY]
    for key, value in options.items():
        if key not in valid:
            raise LayoutError(f"{where} has unknown key {key!r}; valid keys: {', '.join(valid)}")
        if key not in ("hinge", "station") and not (_is_number(value) and 0 <= value <= 5):
            raise LayoutError(f"{where}: {key} must be a number from 0 to 5, not {value!r}")
    if options.get("hinge", "left") not in ("left", "right"):
        raise LayoutError(f"{where}: hinge must be left or right, not {options['hinge']!r}")
    name = entry.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        raise LayoutError(f"{where} needs a name of letters, digits and underscores")
    try:
        return builder(name, at, **options)
    except TypeError as error:
        raise LayoutError(f"{where}: {error}") from error


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _floor(fixtures: tuple[FixtureSpec, ...]) -> tuple[float, float, float, float]:
    xs, ys = [s.at[0] for s in fixtures], [s.at[1] for s in fixtures]
    room = 1.8  # deeper than any furniture, and than the robot in front of it
    return min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room
