"""Room skills: demonstrations on disk, in the format that LeRobot reads."""

from .dataset import DatasetError, DatasetSpec, Episode, refuse_existing
from .reading import read_dataset
from .writing import write_dataset

__all__ = ["DatasetError", "DatasetSpec", "Episode", "read_dataset", "refuse_existing", "write_dataset"]
