"""Room planner: how a run began: all that is needed to do it again, in one file of the run folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from planner.calibration import Calibration
from planner.executive import Bounds, JournalBroken, Strategy
from planner.journal import read_events
from planner.model_settings import ModelSettings
from planner.request import BadRequest
from planner.session_options import SessionOptions
from robots.setup import SceneSetup

FILE = "start.json"


class RunStart(BaseModel):
    """Home, words, model and seed of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instruction: str
    scene: str
    objects: Mapping[str, str]
    robot_at: str
    holding: str | None
    opened: tuple[str, ...]
    powered_on: tuple[str, ...]
    texts: Mapping[str, str]
    seed: int
    strategy: str
    model: str
    perception: str
    supervision: str = "full"
    skills: Mapping[str, tuple[str, ...]] = {}
    """Implementations that were chosen; files by their absolute paths."""
    settings: ModelSettings
    calibration: Calibration | None = None
    bounds: Bounds = Bounds()
    has_person: bool = False
    """Whether somebody was there to answer questions."""
    number: int = 1
    """Which run of its session it was; only the first began in the home described here."""
    own_parts: tuple[str, ...] = ()
    """What a program put in place of ours, and a file cannot hold."""

    def save(self, folder: Path) -> None:
        """Write it into a run folder.

        Raises:
            JournalBroken: If it cannot be written.
        """
        try:
            (folder / FILE).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise JournalBroken(folder / FILE, error.strerror) from error


def start_of(
    setup: SceneSetup,
    seed: int,
    options: SessionOptions,
    strategy: Strategy,
    calibration: Calibration | None,
) -> RunStart:
    """Return how runs of a session begin, without their instruction."""
    from skills.policies.uri import absolute

    own = {
        "catalogue": options.catalogue,
        "layout": options.layout,
        "library": options.library,
        "supervisor": options.supervisor,
        "gate": options.gate,
        "model": None if isinstance(options.model, str) else options.model,
    }
    return RunStart(
        instruction="",
        scene=setup.scene,
        objects=setup.items,
        robot_at=setup.robot_at,
        holding=setup.holding,
        opened=tuple(sorted(setup.opened)),
        powered_on=tuple(sorted(setup.powered_on)),
        texts=setup.texts,
        seed=seed,
        strategy=strategy.value,
        model="",
        perception=options.perception,
        supervision=options.supervision,
        skills={name: tuple(absolute(uri, Path()) for uri in uris) for name, uris in options.skills.items()},
        settings=options.model_settings,
        calibration=calibration,
        bounds=options.bounds,
        has_person=options.person is not None,
        own_parts=tuple(name for name, part in own.items() if part is not None),
    )


def read_start(folder: Path, purpose: str) -> RunStart:
    """Read how the run of a folder began.

    Args:
        folder: Its run folder.
        purpose: What it is read for, as a participle: "replayed".

    Raises:
        BadRequest: If the folder is no run folder, or the run needs parts that no file can hold.
    """
    try:
        start = RunStart.model_validate_json((folder / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRequest(f"{folder} cannot be {purpose}: {FILE} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadRequest(f"{folder} cannot be {purpose}: {FILE}, {where}: {first['msg']}") from error
    if start.own_parts:
        raise BadRequest(
            f"{folder} cannot be {purpose} from the command line: its program brought its own "
            f"{', '.join(start.own_parts)}"
        )
    return start


def load_start(folder: Path) -> RunStart:
    """Read how the run of a folder began, to do it again.

    Raises:
        BadRequest: If the folder is no run folder, or the run cannot be done again.
    """
    start = read_start(folder, "replayed")
    if start.number > 1:
        raise BadRequest(
            f"{folder} cannot be replayed: it was run {start.number} of its session, and the home in which "
            "it began was left by the runs before it"
        )
    if any(kind == "RunResumed" for kind, _ in read_events(folder)):
        raise BadRequest(
            f"{folder} cannot be replayed: it was interrupted and resumed, and what it did after that began "
            "where it was interrupted, which its start does not tell"
        )
    return start
