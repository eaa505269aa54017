"""Room safety: linear temporal logic over finite traces: rules, their states, and the monitor."""

from .automaton import Automaton, State
from .monitor import Monitor
from .rule import Break, Rule

__all__ = ["Automaton", "Break", "Monitor", "Rule", "State"]
