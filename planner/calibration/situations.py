"""Room planner: labelled situations: what was asked in which scene, the options, and which are acceptable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from planner.language_model import NONE_OF_THESE

MIN_OPTIONS, MAX_OPTIONS = 2, 254
"""With `NONE_OF_THESE` at most 255 choices: as many as one question to a scorer takes."""


class SituationError(ValueError):
    """Situations that cannot be used; one sentence that says where, why and what is valid."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One instruction in one scene, with the options to choose from and those that would be right.

    Raises:
        SituationError: If the options or the acceptable ones break a rule below.
    """

    id: str
    scene: str
    """What the robot sees, in words."""
    instruction: str
    options: tuple[str, ...]
    """2 to 254 different actions, without `NONE_OF_THESE`."""
    acceptable: tuple[str, ...]
    """The options that are right, at least one; exactly (`NONE_OF_THESE`,) when none of them is."""

    def __post_init__(self) -> None:
        """Check what pydantic cannot say in one sentence."""
        for name in ("id", "scene", "instruction"):
            if not getattr(self, name).strip():
                raise SituationError(f"{name} is empty; valid is a text that says something")
        if not MIN_OPTIONS <= len(self.options) <= MAX_OPTIONS:
            raise SituationError(
                f"options holds {len(self.options)} texts; valid are {MIN_OPTIONS} to {MAX_OPTIONS}"
            )
        if not all(option.strip() for option in self.options):
            raise SituationError("options holds an empty text; every option must say what to do")
        if twice := _repeated(self.options):
            raise SituationError(f"options holds {twice!r} twice; every option must be different")
        if NONE_OF_THESE in self.options:
            raise SituationError(f"options holds {NONE_OF_THESE!r}, which is always added; leave it out")
        self._check_acceptable()

    def _check_acceptable(self) -> None:
        if self.acceptable == (NONE_OF_THESE,):
            return
        valid = f"valid are some of the options ({_shown(self.options)}), or {NONE_OF_THESE!r} alone"
        if not self.acceptable:
            raise SituationError(f"acceptable is empty; {valid}")
        if twice := _repeated(self.acceptable):
            raise SituationError(f"acceptable holds {twice!r} twice; {valid}")
        if unknown := [a for a in self.acceptable if a not in self.options]:
            raise SituationError(f"acceptable holds {unknown[0]!r}; {valid}")


def load_situations(path: Path) -> tuple[Situation, ...]:
    """Read situations from JSON Lines; empty lines are skipped, a missing id becomes `<file>-<line>`.

    Raises:
        SituationError: If the file is missing or empty, or a line does not have the format.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SituationError(f"situations file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SituationError(f"situations file {path} is not UTF-8 text") from error
    line_of: dict[str, int] = {}
    situations: list[Situation] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            situation = _situation(line, default_id=f"{path.stem}-{number}")
            if situation.id in line_of:
                raise SituationError(
                    f"id {situation.id!r} is already used on line {line_of[situation.id]}; ids must be unique"
                )
        except SituationError as error:
            raise SituationError(f"situations file {path} line {number}: {error}") from error
        line_of[situation.id] = number
        situations.append(situation)
    if not situations:
        raise SituationError(
            f"situations file {path} is empty; valid is one JSON object a line with the keys {_KEYS}"
        )
    return tuple(situations)


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    scene: str
    instruction: str
    options: list[str]
    acceptable: list[str]
    id: str | None = None


_KEYS = "scene, instruction, options, acceptable and (optional) id"


def _situation(line: str, *, default_id: str) -> Situation:
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        raise SituationError(_sentence(error)) from error
    return Situation(
        id=default_id if read.id is None else read.id,
        scene=read.scene,
        instruction=read.instruction,
        options=tuple(read.options),
        acceptable=tuple(read.acceptable),
    )


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    if not first["loc"]:
        return f"{first['msg']}; valid is a JSON object with the keys {_KEYS}"
    key = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return f"unknown key {key!r}; keys: {_KEYS}"
    if first["type"] == "missing":
        return f"key {key!r} is missing; keys: {_KEYS}"
    return f"{key} must be {'a list of texts' if key in ('options', 'acceptable') else 'a text'}"


def _repeated(texts: tuple[str, ...]) -> str | None:
    return next((text for i, text in enumerate(texts) if text in texts[:i]), None)


def _shown(options: tuple[str, ...]) -> str:
    return ", ".join(options[:6]) + (f", … ({len(options)} in all)" if len(options) > 6 else "")
