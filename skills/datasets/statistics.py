"""Room skills: the statistics that a LeRobotDataset keeps of every column, per episode and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from robots import Array

QUANTILES: Mapping[str, float] = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}


def statistics_of(values: Array) -> dict[str, list[float]]:
    """Return min, max, mean, std, count and quantiles of columns, (n, k); each a list of k, count of one."""
    found = {
        "min": values.min(axis=0),
        "max": values.max(axis=0),
        "mean": values.mean(axis=0),
        "std": values.std(axis=0),
        **{name: np.quantile(values, q, axis=0) for name, q in QUANTILES.items()},
    }
    return {name: [float(v) for v in value] for name, value in found.items()} | {"count": [len(values)]}


def combined(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the statistics of all episodes from those of each; quantiles are weighted means.

    Source: Chan et al., Updating formulae and a pairwise algorithm for computing sample variances (1979).
    """
    names = dict.fromkeys(key.split("/")[1] for key in rows[0] if key.startswith("stats/"))
    return {name: _combined([_of(row, name) for row in rows]) for name in names}


def _of(row: Mapping[str, Any], name: str) -> dict[str, Array]:
    prefix = f"stats/{name}/"
    return {key[len(prefix) :]: np.asarray(value) for key, value in row.items() if key.startswith(prefix)}


def _combined(parts: Sequence[Mapping[str, Array]]) -> dict[str, Any]:
    counts = np.array([int(part["count"][0]) for part in parts])
    weight = counts / counts.sum()

    def mean(values: Sequence[Array]) -> Array:
        return np.asarray(sum(w * v for w, v in zip(weight, values, strict=True)))

    middle = mean([part["mean"] for part in parts])
    variance = mean([part["std"] ** 2 + (part["mean"] - middle) ** 2 for part in parts])
    found = {
        "min": np.min([part["min"] for part in parts], axis=0),
        "max": np.max([part["max"] for part in parts], axis=0),
        "mean": middle,
        "std": np.sqrt(variance),
        **{name: mean([part[name] for part in parts]) for name in QUANTILES},
    }
    return {name: value.tolist() for name, value in found.items()} | {"count": [int(counts.sum())]}
