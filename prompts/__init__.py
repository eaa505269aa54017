"""Room prompts: one Markdown file per call site and the typed record that renders it. No logic."""

from .rendering import Prompt, PromptError, Rendered
from .sites import DecomposePrompt, ProposeRulePrompt, ScorePrompt, SituationPrompt

__all__ = [
    "DecomposePrompt",
    "Prompt",
    "PromptError",
    "ProposeRulePrompt",
    "Rendered",
    "ScorePrompt",
    "SituationPrompt",
]
