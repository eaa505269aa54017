"""Room planner: answers on disk, one JSON file per question, keyed by prompt, model and settings."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from pathlib import Path

from .exchange import Body, Request


class CacheError(ValueError):
    """A folder in which no answers can be kept; one sentence."""


class DiskCache:
    """A folder of answers; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which is made if it is not there.

        Raises:
            CacheError: If nothing can be written there.
        """
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise CacheError(f"answers cannot be kept in {folder}: {error.strerror}") from error

    def get(self, request: Request) -> Body | None:
        """Return the answer to exactly this request, or None; a damaged file counts as none."""
        try:
            body = json.loads(self._file(request).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return body if isinstance(body, dict) else None

    def put(self, request: Request, body: Body) -> None:
        """Keep an answer; one that cannot be kept is warned of, and not lost to the run."""
        file = self._file(request)
        partial = file.with_suffix(f".{os.getpid()}.partial")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
            partial.replace(file)
        except OSError as error:
            warnings.warn(f"an answer is not kept in {self._folder}: {error.strerror}", stacklevel=2)

    def _file(self, request: Request) -> Path:
        return self._folder / request.key[:2] / f"{request.key}.json"
