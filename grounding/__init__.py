"""Room grounding: the scene, its facts and formulas, reference resolution, and affordance building blocks.

Never here: skill code, model calls.
"""

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
from .operator import Effect, Operator
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
    "Not",
    "Operator",
    "Or",
    "Perception",
    "Predicate",
    "Scene",
    "SceneItem",
    "Universe",
    "Variable",
    "holds",
    "parse_effects",
    "parse_formula",
    "parse_variables",
    "to_pddl",
]
