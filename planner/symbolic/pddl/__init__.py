"""Room planner: PDDL files in and out.

Own reader: the parsers on PyPI reject much that occurs (upper case keywords, problems without requirements,
`either`, actions without a precondition) or crash on it; theirs checks in the tests what we write.
"""

from .domain import Domain, read_domain
from .errors import PddlError
from .plan_file import read_plan, write_plan
from .problem import Problem, read_problem
from .writer import write_domain, write_problem

__all__ = [
    "Domain",
    "PddlError",
    "Problem",
    "read_domain",
    "read_plan",
    "read_problem",
    "write_domain",
    "write_plan",
    "write_problem",
]
