"""Room planner: the benchmark's file format, read and checked before anything moves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator


class TaskFileError(ValueError):
    """A task file that cannot be used; one sentence that says where and why."""


class RobotStart(BaseModel):
    """Where the robot stands at the start, and what it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: str = "operator"
    holding: str | None = None


class TaskSpec(BaseModel):
    """One instruction with its exact start and its exact goal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    family: str = "task"
    instruction: str = Field(min_length=1, max_length=4000)
    robot: RobotStart = RobotStart()
    objects: Mapping[str, str] = Field(
        default_factory=dict, description="<category>_<n>: place or receptacle"
    )
    open: tuple[str, ...] = Field(default=(), description="doors and drawers that are open at the start")
    powered_on: tuple[str, ...] = Field(default=(), description="appliances and taps that start on")
    goal: str = Field(min_length=1, description="formula over household predicates")

    @field_validator("objects", mode="before")
    @classmethod
    def _nothing_is_no_objects(cls, objects: object) -> object:
        return {} if objects is None else objects


class TaskFile(BaseModel):
    """A scene and the tasks to do in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scene: str = "saycan_kitchen"
    tasks: tuple[TaskSpec, ...] = Field(min_length=1)

    @field_validator("tasks")
    @classmethod
    def _ids_are_unique(cls, tasks: tuple[TaskSpec, ...]) -> tuple[TaskSpec, ...]:
        ids = [task.id for task in tasks]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"task ids must be unique; used twice: {', '.join(twice)}")
        return tasks

    def task(self, task_id: str) -> TaskSpec:
        """Return the task called `task_id`.

        Raises:
            TaskFileError: If there is none.
        """
        for task in self.tasks:
            if task.id == task_id:
                return task
        ids = [task.id for task in self.tasks]
        shown = ", ".join(ids[:8]) + (f", … ({len(ids)} in all)" if len(ids) > 8 else "")
        raise TaskFileError(f"there is no task {task_id!r}; tasks: {shown}")


def load_task_file(path: Path) -> TaskFile:
    """Read a task file.

    Raises:
        TaskFileError: If it is missing, is not YAML, or does not have the format.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TaskFileError(f"task file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TaskFileError(f"task file {path} is not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f" line {mark.line + 1}" if mark else ""
        raise TaskFileError(f"task file {path}{line} is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise TaskFileError(f"task file {path} is not YAML: {error}") from error
    if not isinstance(data, dict):
        raise TaskFileError(f"task file {path} needs the keys 'scene' and 'tasks' at its top")
    try:
        return TaskFile.model_validate(data)
    except ValidationError as error:
        raise TaskFileError(f"task file {path}: {_sentence(error, data)}") from error


def _sentence(error: ValidationError, data: Mapping[str, object]) -> str:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    tasks = data.get("tasks")
    if len(where) > 1 and where[0] == "tasks" and isinstance(tasks, list) and where[1].isdigit():
        task = tasks[int(where[1])]
        name = task.get("id", where[1]) if isinstance(task, dict) else where[1]
        where = [f"task {name}", *where[2:]]
    reason = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] in ("too_short", "string_too_short"):
        reason = "must not be empty"
    elif first["type"] == "extra_forbidden":
        known = TaskSpec.model_fields if where[0].startswith("task ") else TaskFile.model_fields
        reason = f"unknown key; keys: {', '.join(known)}"
    return f"{' '.join(where)}: {reason}"
