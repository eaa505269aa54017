"""Room skills: how an instruction becomes numbers: hashed words and letter trigrams; no word is unknown.

Source: Bojanowski et al., Enriching word vectors with subword information (2017).
"""

from __future__ import annotations

import re
import zlib

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1024
"""Embeddings; bucket 0 is "nothing here"."""
MOST_WORDS = 16
PIECES = 8
"""Of one word: itself, and its trigrams as far as there is room."""


def tokens(instruction: str) -> NDArray[np.int64]:
    """Return the buckets of the instruction's pieces, shape (MOST_WORDS, PIECES); unused ones are 0."""
    found = np.zeros((MOST_WORDS, PIECES), dtype=np.int64)
    for row, word in zip(found, re.findall(r"[a-z0-9]+", instruction.lower()), strict=False):
        marked = f"<{word}>"
        pieces = [marked, *(marked[k : k + 3] for k in range(len(marked) - 2))][:PIECES]
        row[: len(pieces)] = [1 + zlib.crc32(piece.encode()) % (BUCKETS - 1) for piece in pieces]
    return found
