"""Room planner: a reading position in one sentence, with the lexicon at hand."""

from __future__ import annotations

from dataclasses import dataclass

from .lexicon import Lexicon, Sense
from .text import Words


@dataclass(kw_only=True)
class Cursor:
    """Reads words from left to right; whoever fails to read on sets `at` back."""

    words: Words
    lexicon: Lexicon
    at: int = 0

    @property
    def is_at_end(self) -> bool:
        """Return whether every word was read."""
        return self.at >= len(self.words)

    def peek(self, ahead: int = 0) -> str:
        """Return the word `ahead` of the position, "" past the end."""
        index = self.at + ahead
        return self.words[index] if 0 <= index < len(self.words) else ""

    def sees(self, *phrases: str) -> bool:
        """Return whether one of the phrases comes next."""
        return any(self._length(phrase) for phrase in phrases)

    def accept(self, *phrases: str) -> str:
        """Read the longest of the phrases that comes next; return it, or ""."""
        best = max((p for p in phrases if self._length(p)), key=self._length, default="")
        self.at += self._length(best)
        return best

    def match(self, part: str) -> tuple[int, Sense] | None:
        """Return length and sense of the longest phrase of a part of speech here, without reading it."""
        return self.lexicon.match(part, self.words, self.at)

    def length(self, part: str) -> int:
        """Return how many words a phrase of this part of speech takes here, 0 if there is none."""
        found = self.match(part)
        return found[0] if found else 0

    def take(self, part: str) -> Sense | None:
        """Read a phrase of a part of speech, or return None."""
        found = self.match(part)
        if found is None:
            return None
        self.at += found[0]
        return found[1]

    def text(self, start: int, end: int | None = None) -> str:
        """Return the words from `start` to `end` (default: here) as text."""
        return " ".join(self.words[start : self.at if end is None else end]).replace(" ,", ",")

    def _length(self, phrase: str) -> int:
        parts = tuple(phrase.split())
        return len(parts) if parts and self.words[self.at : self.at + len(parts)] == parts else 0
