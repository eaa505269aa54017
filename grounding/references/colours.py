"""Room grounding: colour words, and which of them people would use for an object."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from robots import Array, Item

COLOURS: Mapping[str, tuple[tuple[float, float, float], ...]] = MappingProxyType(
    {
        "red": ((0.85, 0.08, 0.10), (0.65, 0.08, 0.08)),
        "orange": ((0.98, 0.55, 0.05), (0.85, 0.40, 0.10)),
        "yellow": ((0.97, 0.88, 0.20), (0.95, 0.78, 0.15)),
        "green": ((0.12, 0.58, 0.20), (0.60, 0.85, 0.25), (0.20, 0.75, 0.55)),
        "blue": ((0.08, 0.22, 0.65), (0.30, 0.58, 0.80), (0.15, 0.30, 0.60), (0.20, 0.30, 0.75)),
        "light blue": ((0.65, 0.85, 0.95), (0.30, 0.60, 0.85)),
        "purple": ((0.45, 0.18, 0.55), (0.60, 0.30, 0.70)),
        "pink": ((0.95, 0.50, 0.52), (0.95, 0.70, 0.80)),
        "brown": ((0.45, 0.25, 0.12), (0.72, 0.53, 0.30), (0.30, 0.15, 0.08)),
        "white": ((0.95, 0.95, 0.95), (0.88, 0.88, 0.86)),
        "grey": ((0.55, 0.55, 0.58), (0.72, 0.72, 0.75)),
        "black": ((0.10, 0.10, 0.12),),
    }
)
"""sRGB examples of each word, 0 to 1."""

ALMOST = 1.35
"""A word also fits when its example is at most this much farther than the nearest example."""
CLOSE = 12.0
"""CIE76 distance within which a word always fits."""


def colours_of(item: Item) -> frozenset[str]:
    """Return the colour words that fit the item's largest solid."""
    return colour_words(tuple(item.solids[0].rgba[:3]))


@lru_cache(maxsize=1024)
def colour_words(rgb: tuple[float, ...]) -> frozenset[str]:
    """Return the colour words that fit an sRGB colour, 0 to 1."""
    distance = {word: min(_difference(rgb, example) for example in COLOURS[word]) for word in COLOURS}
    nearest = min(distance.values())
    return frozenset(w for w, d in distance.items() if d <= nearest * ALMOST or d <= CLOSE)


def _difference(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return the CIE76 colour difference of two sRGB colours."""
    return float(np.linalg.norm(_lab(a) - _lab(b)))


def _lab(rgb: tuple[float, ...]) -> Array:
    """Return CIE L*a*b* under D65. Source: IEC 61966-2-1 for sRGB, CIE 15:2004 for L*a*b*."""
    c = np.asarray(rgb, dtype=np.float64)
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    M = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = M @ linear / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])
