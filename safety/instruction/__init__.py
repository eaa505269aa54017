"""Room safety: the instruction gate: hazards of what is asked for, by a lexicon of things and rules as data.

Text becomes acts (`sentence`, `steps`, `calls`), acts become events in a small simulated state (`simulate`),
events are matched against the rules (`rules`). What things are stands in `data/*.yaml`.

Never here: the planner's prompts, a model's reasoning, anything about a particular benchmark.
"""

from .gate import HazardGate
from .judge import HazardJudge, Judgement, Vote, hazard_judge, judge
from .lexicon import Lexicon, LexiconError, load_lexicon
from .rules import HazardRule, RuleError, load_rules

__all__ = [
    "HazardGate",
    "HazardJudge",
    "HazardRule",
    "Judgement",
    "Lexicon",
    "LexiconError",
    "RuleError",
    "Vote",
    "hazard_judge",
    "judge",
    "load_lexicon",
    "load_rules",
]
