"""Room planner: answers on disk, one JSON file per question, keyed by prompt, model and settings."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .exchange import Body, Request


class DiskCache:
    """A folder of answers; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`; it is made when the first answer is kept."""
        self._folder = folder

    def get(self, request: Request) -> Body | None:
        """Return the answer to exactly this request, or None; a damaged file counts as none."""
        try:
            body = json.loads(self._file(request).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return body if isinstance(body, dict) else None

    def put(self, request: Request, body: Body) -> None:
        """Keep an answer."""
        file = self._file(request)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
        partial.replace(file)

    def _file(self, request: Request) -> Path:
        return self._folder / request.key[:2] / f"{request.key}.json"
