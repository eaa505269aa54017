"""Room planner: the benchmark: task files, the runner, disturbances, statistics and the table."""

from .task_file import RobotStart, TaskFile, TaskFileError, TaskSpec, load_task_file

__all__ = ["RobotStart", "TaskFile", "TaskFileError", "TaskSpec", "load_task_file"]
