"""Room planner: ask the person at the terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.prompt import Prompt

from planner.executive import Person


def terminal_person(console: Console) -> Person | None:
    """Return somebody who answers at the terminal, or None when nobody sits there."""
    if not (sys.stdin.isatty() and console.is_terminal):
        return None

    def ask(question: str, options: tuple[str, ...]) -> str | None:
        shown = f" [{', '.join(options)}]" if options else ""
        answer = Prompt.ask(f"{question}{shown}", console=console, default="").strip()
        return answer or None

    return ask
