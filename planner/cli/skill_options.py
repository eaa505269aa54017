"""Room planner: the options that say which implementation a skill has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SkillOption = Annotated[
    list[str] | None,
    typer.Option("--skill", help="SKILL=URI[,URI]: primitive or onnx:PATH, in order; repeat for more."),
]
SkillsFile = Annotated[
    Path | None, typer.Option("--skills", help="A skills.toml with a table [skills]: SKILL = [URI, ...].")
]


def chosen_skills(texts: list[str] | None, file: Path | None) -> dict[str, tuple[str, ...]]:
    """Return skill to implementations, checked against the household's library.

    Raises:
        SkillChoiceError: If a text, the file, or what it names cannot be used.
    """
    if not texts and file is None:
        return {}
    from skills.library import household_library
    from skills.policies.uri import read_choices, with_implementations

    choices = read_choices(texts or (), file)
    with_implementations(household_library(), choices)
    return choices
