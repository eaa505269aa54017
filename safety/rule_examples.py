"""Room safety: whether a rule's own examples bear it out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .ltl import Rule
from .ltl.vocabulary import Vocabulary
from .rule_errors import TraceError
from .trace import check_facts, read_example, universe_of, unread_words
from .watching import watch


def example_problems(rules: Sequence[Rule], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return a sentence for every example that is missing, unreadable or on the wrong side of its rule."""
    return tuple(problem for rule in rules for problem in _problems(rule, vocabulary))


def _problems(rule: Rule, vocabulary: Vocabulary) -> list[str]:
    found = []
    where = f"{rule.file}:{rule.line}: rule {rule.name}"
    for kind, lines in (("good", rule.good), ("bad", rule.bad)):
        if not lines:
            found.append(f"{where}: there is no {kind} example")
            continue
        try:
            trace = read_example(lines)
            check_facts(trace, vocabulary, Path(rule.file))
        except TraceError as error:
            found.append(f"{where}: {kind} example: {error}")
            continue
        unread = unread_words(trace, vocabulary)
        if unread:
            found.append(f"{where}: {kind} example: nobody knows {', '.join(unread)}")
        is_broken = bool(watch([rule], trace, universe_of(trace, vocabulary)))
        if is_broken != (kind == "bad"):
            found.append(f"{where}: the {kind} example {'breaks' if is_broken else 'keeps'} it")
    return found
