"""Room planner: a mock cloud: the offline model in the vendors' wire formats, for trying without a key."""

from .server import WIRES, MockCloud, WireName

__all__ = ["WIRES", "MockCloud", "WireName"]
