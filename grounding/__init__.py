"""Room grounding: the scene, its facts and formulas, reference resolution, and affordance building blocks.

Never here: skill code, model calls.
"""

from .check import check_formula, nearest
from .facts import measured_facts, places_at, remembered_facts
from .formula import (
    FALSE,
    TRUE,
    And,
    Atom,
    Equal,
    Exactly,
    Exists,
    Fact,
    Facts,
    ForAll,
    Formula,
    Imply,
    Not,
    Or,
    Universe,
    Variable,
    holds,
    to_pddl,
)
from .formula_parser import FormulaError, parse_effects, parse_formula, parse_variables
from .memory import Memory, place_of, remember
from .operator import Effect, Operator
from .oracle import OraclePerception
from .perception import Perception
from .predicates import PREDICATE_BY_NAME, PREDICATES, Predicate
from .scene import DIRECTIONS, Scene, SceneItem

__all__ = [
    "DIRECTIONS",
    "FALSE",
    "PREDICATES",
    "PREDICATE_BY_NAME",
    "TRUE",
    "And",
    "Atom",
    "Effect",
    "Equal",
    "Exactly",
    "Exists",
    "Fact",
    "Facts",
    "ForAll",
    "Formula",
    "FormulaError",
    "Imply",
    "Memory",
    "Not",
    "Operator",
    "Or",
    "OraclePerception",
    "Perception",
    "Predicate",
    "Scene",
    "SceneItem",
    "Universe",
    "Variable",
    "check_formula",
    "holds",
    "measured_facts",
    "nearest",
    "parse_effects",
    "parse_formula",
    "parse_variables",
    "place_of",
    "places_at",
    "remember",
    "remembered_facts",
    "to_pddl",
]
