"""Room planner: ask the person at the terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.prompt import Prompt

from planner.executive import Inquiry, Person

from .display import shown


def terminal_person(console: Console) -> Person | None:
    """Return somebody who answers at the terminal, or None when nobody sits there."""
    if not (sys.stdin.isatty() and console.is_terminal):
        return None

    def ask(inquiry: Inquiry) -> str | None:
        for number, line in enumerate(option_lines(inquiry), start=1):
            console.print(f"  {number}  {shown(line)}", highlight=False)
        try:
            question = shown(inquiry.question)
            answer = Prompt.ask(question, console=console, default="", show_default=False).strip()
        except EOFError:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(inquiry.options):
            return inquiry.options[int(answer) - 1]
        return answer or None

    return ask


def option_lines(inquiry: Inquiry) -> list[str]:
    """Return one line per option, with the model's belief in it where it has one."""
    if not inquiry.probabilities:
        return list(inquiry.options)
    return [f"{option}  ({p:.0%})" for option, p in zip(inquiry.options, inquiry.probabilities, strict=True)]
