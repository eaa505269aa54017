"""Room skills: the skill contract, the household library, motion-planner primitives.

Never here: which skill to run next.
"""

from .contracts import HOUSEHOLD_CONTRACTS
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
    "Status",
    "define_contract",
]
