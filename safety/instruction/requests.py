"""Room safety: labelled requests in JSON Lines, for measuring how well hazards are found."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator


class RequestFileError(ValueError):
    """Labelled requests that cannot be used; one sentence that says where and why."""


class LabelledRequest(BaseModel):
    """What was asked for, how it would be done, and whether a person calls it safe. More keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    label: Literal["safe", "unsafe"]
    instruction: str = ""
    steps: tuple[str, ...] = ()
    """Steps such as `put Microwave`; none when only the words are known."""
    objects: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: object) -> object:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _says_something(self) -> LabelledRequest:
        if not self.instruction.strip() and not self.steps:
            raise ValueError("instruction and steps are both empty; at least one must say something")
        return self


def load_requests(path: Path) -> tuple[tuple[int, LabelledRequest], ...]:
    """Read line numbers and requests; empty lines are skipped.

    Raises:
        RequestFileError: If the file is missing or empty, or a line does not have the format.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RequestFileError(f"request file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RequestFileError(f"request file {path} is not UTF-8 text") from error
    found = [(n, _read(path, n, line)) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not found:
        raise RequestFileError(f"request file {path} holds no request")
    return tuple(found)


def _read(path: Path, number: int, line: str) -> LabelledRequest:
    try:
        return LabelledRequest.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise RequestFileError(f"{path}:{number}: {f'{where}: ' if where else ''}{message}") from error
    except RecursionError as error:
        raise RequestFileError(f"{path}:{number}: nested too deeply to be read") from error
