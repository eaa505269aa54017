"""Room planner: every row of the fault suite, in the order of the table."""

from __future__ import annotations

from collections.abc import Sequence

from grounding import nearest
from planner.request import BadRequest

from .chunk_rows import CHUNK_ROWS
from .crash_rows import CRASH_ROWS
from .home_rows import ACTOR_ROWS, CAMERA_ROWS, SENSOR_ROWS, THING_ROWS
from .model_rows import MODEL_ROWS
from .pair_rows import PAIR_ROWS
from .process_rows import PROCESS_ROWS
from .record_rows import RECORD_ROWS
from .request_rows import REQUEST_ROWS
from .rule_rows import RULE_ROWS
from .trial import Row
from .wire_rows import WIRE_ROWS

ROWS: tuple[Row, ...] = (
    *SENSOR_ROWS,
    *CAMERA_ROWS,
    *THING_ROWS,
    *ACTOR_ROWS,
    *WIRE_ROWS,
    *MODEL_ROWS,
    *REQUEST_ROWS,
    *RULE_ROWS,
    *CHUNK_ROWS,
    *PAIR_ROWS,
    *CRASH_ROWS,
    *RECORD_ROWS,
    *PROCESS_ROWS,
)


def row_named(name: str) -> Row:
    """Return a row.

    Raises:
        BadRequest: If there is none; with the nearest names.
    """
    found = next((row for row in ROWS if row.name == name), None)
    if found is None:
        names = [row.name for row in ROWS]
        raise BadRequest(f"there is no fault {name!r}; nearest: {', '.join(nearest(name, names))}")
    return found


def rows_named(names: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows with these names in the order of the table; all of them for none.

    Raises:
        BadRequest: If a name is unknown.
    """
    chosen = {row_named(name).name for name in names}
    return tuple(row for row in ROWS if row.name in chosen or not names)
