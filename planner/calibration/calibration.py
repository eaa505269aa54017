"""Room planner: a fitted calibration as a file that belongs to one model, one method and one prompt."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .conformal import prediction_set
from .fit import Fit
from .temperature import with_temperature


class CalibrationError(ValueError):
    """A calibration that cannot be used; one sentence that says why and what to do."""


class HeldOut(BaseModel):
    """How the calibration did on situations that it had not seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    n: int = Field(ge=1)
    coverage: float = Field(ge=0, le=1)
    """Share of situations with an acceptable option in the set."""
    help_rate: float = Field(ge=0, le=1)
    mean_set_size: float = Field(ge=0, allow_inf_nan=False)
    accuracy: float = Field(ge=0, le=1)
    """Share of situations in which the likeliest option is acceptable."""


class Calibration(BaseModel):
    """When to act alone and when to ask, fitted for one scorer."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    model: str = Field(min_length=1)
    method: str = Field(min_length=1)
    """Which scorer gave the probabilities, e.g. "decisions", "letters", "verbal"."""
    prompt_hash: str
    """First 16 hex digits of the prompt's SHA-256; empty when there was no prompt."""
    coverage: float = Field(gt=0, lt=1)
    """Least probability that a set holds an acceptable option: the target."""
    qhat: float = Field(ge=0, le=1)
    temperature: float = Field(gt=0, allow_inf_nan=False)
    situations: int = Field(ge=1)
    """How many were used to fit."""
    held_out: HeldOut
    seed: int
    """Decided which situations were used to fit."""
    source: str = Field(min_length=1)
    """Name of the file of situations."""
    source_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    created: date

    def prediction_set(self, probabilities: Mapping[str, float]) -> tuple[str, ...]:
        """Return the plausible options, best first, at this temperature and threshold.

        Raises:
            ConformalError: If the probabilities are none.
        """
        return prediction_set(with_temperature(probabilities, self.temperature), self.qhat)

    def save(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            CalibrationError: If the file cannot be written.
        """
        try:
            path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise CalibrationError(f"calibration {path} cannot be written: {error.strerror}") from error


def calibration_of(
    fit: Fit, *, model: str, method: str, prompt_hash: str, source: Path, created: date
) -> Calibration:
    """Return a fit together with what it belongs to.

    Raises:
        CalibrationError: If the file of situations cannot be read.
    """
    try:
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
    except OSError as error:
        raise CalibrationError(f"situations file {source} cannot be read: {error.strerror}") from error
    return Calibration(
        model=model,
        method=method,
        prompt_hash=prompt_hash,
        coverage=fit.coverage,
        qhat=fit.qhat,
        temperature=fit.temperature,
        situations=fit.fitted_on,
        held_out=HeldOut(
            n=fit.held_out.n,
            coverage=fit.held_out.coverage.value,
            help_rate=fit.held_out.help_rate.value,
            mean_set_size=fit.held_out.mean_set_size,
            accuracy=fit.accuracy.value,
        ),
        seed=fit.seed,
        source=source.name,
        source_sha256=digest,
        created=created,
    )


def load_calibration(path: Path) -> Calibration:
    """Read a calibration.

    Raises:
        CalibrationError: If it is missing or does not have the format.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CalibrationError(f"calibration {path} cannot be read: {error.strerror}; {_AGAIN}") from error
    except UnicodeDecodeError as error:
        raise CalibrationError(f"calibration {path} is not UTF-8 text; {_AGAIN}") from error
    try:
        return Calibration.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = " ".join(str(part) for part in first["loc"])
        reason = f"{where}: {first['msg']}" if where else str(first["msg"])
        if first["type"] == "extra_forbidden":
            known = HeldOut.model_fields if len(first["loc"]) > 1 else Calibration.model_fields
            reason = f"unknown key {where!r}; keys: {', '.join(known)}"
        raise CalibrationError(f"calibration {path}: {reason}; {_AGAIN}") from error


def check_belongs(calibration: Calibration, *, model: str, method: str, prompt_hash: str) -> None:
    """Refuse a calibration that was fitted for other probabilities than those to come.

    Raises:
        CalibrationError: If model, method or prompt differ.
    """
    pairs = {
        "model": (calibration.model, model),
        "method": (calibration.method, method),
        "prompt": (calibration.prompt_hash or "none", prompt_hash or "none"),
    }
    differing = [f"{what} {then}, not {now}" for what, (then, now) in pairs.items() if then != now]
    if differing:
        raise CalibrationError(f"this calibration was fitted for {' and '.join(differing)}; {_AGAIN}")


_AGAIN = "run `saycando calibrate` again"
