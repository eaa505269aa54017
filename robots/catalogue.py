"""Room robots: the object catalogue, one data file read and checked once.

A category says what a thing looks like (for simulator and perception) and what it is (for formulas and
language). `load_catalogue(extra=...)` adds a user's own categories to the shipped ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

CATALOGUE_FILE = Path(__file__).with_name("catalogue.yaml")

ShapeName = Literal["box", "cylinder", "bottle", "sphere", "bowl", "plate", "mug"]


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the message says where and why."""


class Category(BaseModel):
    """One kind of object."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: ShapeName
    size: tuple[float, float, float] = Field(description="bounding box when it stands, [m]")
    mass: float = Field(gt=0, le=10, description="[kg]")
    colour: tuple[float, float, float]
    attributes: frozenset[str] = frozenset()
    synonyms: tuple[str, ...] = ()


class Catalogue(BaseModel):
    """All known categories by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: Mapping[str, Category]

    @cached_property
    def attributes(self) -> frozenset[str]:
        """Return every attribute that some category has."""
        return frozenset().union(*(c.attributes for c in self.categories.values()))

    def category_of(self, item: str) -> str | None:
        """Return the category of an item called `<category>_<n>`, or None."""
        stem, _, number = item.rpartition("_")
        return stem if number.isdigit() and stem in self.categories else None

    def types_of(self, category: str) -> frozenset[str]:
        """Return the type names of an item of this category: itself, its attributes and "item"."""
        return self.categories[category].attributes | {category, "item"}


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """Read the shipped catalogue, and a user's additions from `extra`.

    Raises:
        CatalogueError: If a file is missing, is not YAML, or describes an impossible category.
    """
    merged: dict[str, object] = {}
    for path in (CATALOGUE_FILE, extra):
        if path is not None:
            merged.update(_read(path))
    try:
        return Catalogue.model_validate({"categories": merged})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"catalogue entry {where}: {first['msg']}") from error


def _read(path: Path) -> dict[str, object]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"catalogue file {path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise CatalogueError(f"catalogue file {path} is not YAML: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("categories"), dict):
        raise CatalogueError(f"catalogue file {path} needs a mapping 'categories' at its top")
    return dict(data["categories"])
