"""Room skills: clients for policy servers; each wire's package is imported when it is first used."""

from .adapter import Adapter
from .remote_policy import RemotePolicy

__all__ = ["Adapter", "RemotePolicy"]
