"""Room planner: scorers: ways to get honest probabilities out of a model; a score says which made it."""

from .decisions import DecisionsScorer
from .echo import EchoScorer
from .fallback import FirstThatWorks
from .letters import LettersScorer
from .many import rate_many
from .question import Question, Rated, Scorer
from .verbal import VerbalScorer

__all__ = [
    "DecisionsScorer",
    "EchoScorer",
    "FirstThatWorks",
    "LettersScorer",
    "Question",
    "Rated",
    "Scorer",
    "VerbalScorer",
    "rate_many",
]
