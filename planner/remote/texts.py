"""Room planner: words of servers and models made fit for people, terminals and prompts: one line, bounded."""

from __future__ import annotations

from textwrap import shorten


def one_line(text: str, longest: int) -> str:
    """Return `text` on one line without control characters, cut between words, [characters]."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return shorten(printable, width=longest, placeholder=" …")
