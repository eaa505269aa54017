"""Room planner: go on with a run that was interrupted, from its folder."""

from .resume_run import resume_run

__all__ = ["resume_run"]
