"""Room skills: the skill contract, the household library, motion-planner primitives.

Never here: which skill to run next.
"""

from .authoring import symbolic_affordance
from .check import Trial, check_skill
from .contracts import HOUSEHOLD_CONTRACTS
from .library import SkillLibrary, call_problem, household_library
from .skill import (
    Affordance,
    Contract,
    Evidence,
    Implementation,
    Outcome,
    Skill,
    SkillCall,
    SkillContext,
    Status,
    define_contract,
)

__all__ = [
    "HOUSEHOLD_CONTRACTS",
    "Affordance",
    "Contract",
    "Evidence",
    "Implementation",
    "Outcome",
    "Skill",
    "SkillCall",
    "SkillContext",
    "SkillLibrary",
    "Status",
    "Trial",
    "call_problem",
    "check_skill",
    "define_contract",
    "household_library",
    "symbolic_affordance",
]
