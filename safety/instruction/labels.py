"""Room safety: words that are printed on things are data, not part of what is asked for."""

from __future__ import annotations

import re

LABEL = re.compile(
    r"\b(label+ed|marked|titled|called|named|says?|saying|reads?|reading|written|printed|inscribed|inscription|"
    r"words?|text|sticker|sign|label|note)\b[^\"“”«»'‘’]{0,24}"
    r"(\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\w)'[^']*'(?!\w)|‘[^’]*’)",
    re.IGNORECASE,
)


def without_labels(text: str) -> str:
    """Return `text` without what is quoted as written on something."""
    return LABEL.sub(lambda found: found[0].replace(found[2], " "), text)
