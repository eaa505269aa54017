"""Room safety: the words that rules may use, and the check that a rule uses no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grounding import FormulaError, Variable
from grounding.check import nearest
from grounding.formula_parser import Node, variables_of

from .syntax import DID, SIZES, WORDS

DEEPEST = 60
"""Rules nested deeper, [parentheses], are refused."""
MOST_VARIABLES = 5
"""Nor are more variables allowed around one fact: a rule is written out for every binding of them."""


class Misread(FormulaError):
    """A word that does not fit; the message says what would."""

    def __init__(self, word: str, problem: str) -> None:
        """Take the word, so that its line can be found."""
        super().__init__(problem)
        self.word = word


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Predicates, actions, types and names that exist."""

    predicates: Mapping[str, Sequence[tuple[str, ...]]]
    """Predicate -> accepted types per argument."""
    actions: Mapping[str, Sequence[tuple[str, ...]]]
    """Skill, or somebody else's action -> types per argument, which rules need not keep to."""
    kinds: Mapping[str, frozenset[str]]
    """Type -> every type that a thing of it may have; "object" among them means any."""
    objects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names that a rule may speak of by themselves, with their types."""
    types_of_name: Callable[[str], frozenset[str]] = lambda name: frozenset()
    """What a name says by itself; nothing when it is unknown."""

    def joined(self, other: Vocabulary) -> Vocabulary:
        """Return the words of both."""
        return Vocabulary(
            predicates={**self.predicates, **other.predicates},
            actions={**self.actions, **other.actions},
            kinds={**self.kinds, **other.kinds},
            objects={**self.objects, **other.objects},
            types_of_name=self.types_of_name,
        )

    def check_variables(self, variables: Sequence[Variable]) -> None:
        """Refuse a variable of a type that does not exist.

        Raises:
            Misread: With the nearest types.
        """
        for variable in variables:
            for kind in variable.types:
                self.check_type(kind)

    def check_type(self, kind: str) -> None:
        """Refuse a type that does not exist.

        Raises:
            Misread: With the nearest types.
        """
        if kind not in self.kinds:
            raise Misread(kind, f"there is no type '{kind}'; nearest: {_listed(kind, self.kinds)}")

    def check(self, node: Node, bound: Mapping[str, Variable], depth: int = 0) -> None:
        """Refuse a rule with a word, predicate, type, name or variable that does not exist.

        Args:
            node: The rule.
            bound: Variables that are declared around it.
            depth: Parentheses around it.

        Raises:
            FormulaError: One sentence with the nearest valid choices.
        """
        if depth > DEEPEST:
            raise FormulaError(f"the formula nests more than {DEEPEST} parentheses")
        if isinstance(node, str) or not node or not isinstance(node[0], str):
            raise FormulaError(f"expected a formula in parentheses, found {_shown(node)}")
        head, rest = node[0], node[1:]
        size = SIZES.get(head)
        if size is not None and len(rest) != size:
            raise Misread(head, f"'{head}' takes {size} parts, found {len(rest)}")
        if head in ("exists", "forall"):
            self.check(rest[1], self._bind(bound, rest[0]), depth + 1)
        elif head == "exactly":
            _check_count(rest)
            self.check(rest[2], self._bind(bound, rest[1]), depth + 1)
        elif head == "=":
            for term in rest:
                self._types(term, bound)
        elif head in WORDS:
            for part in rest:
                self.check(part, bound, depth + 1)
        elif head == DID:
            self._check_action(rest, bound)
        else:
            self._check_atom(head, rest, bound)

    def _bind(self, bound: Mapping[str, Variable], node: Node) -> dict[str, Variable]:
        declared = variables_of(node)
        self.check_variables(declared)
        inner = {**bound, **{v.name: v for v in declared}}
        if len(inner) > MOST_VARIABLES:
            raise FormulaError(
                f"at most {MOST_VARIABLES} variables may stand around a fact, not {len(inner)}"
            )
        return inner

    def _check_atom(self, head: str, terms: Sequence[Node], bound: Mapping[str, Variable]) -> None:
        if head not in self.predicates:
            choices = _listed(head, (*self.predicates, *WORDS, DID))
            raise Misread(head, f"there is no predicate '{head}'; nearest: {choices}")
        roles = self.predicates[head]
        if len(terms) != len(roles):
            raise Misread(head, f"'{head}' takes {len(roles)} arguments, found {len(terms)}")
        for term, accepted in zip(terms, roles, strict=True):
            have = self._types(term, bound)
            if not ("object" in accepted or "object" in have or have & set(accepted)):
                wanted = " or ".join(accepted)
                raise Misread(head, f"'{term}' in '{head}' can never be {wanted}")

    def _check_action(self, terms: Sequence[Node], bound: Mapping[str, Variable]) -> None:
        if not terms or not isinstance(terms[0], str) or terms[0].startswith("?"):
            raise Misread(DID, "'did' is written (did SKILL ?x ...)")
        skill = terms[0]
        if skill not in self.actions:
            raise Misread(skill, f"there is no action '{skill}'; nearest: {_listed(skill, self.actions)}")
        if len(terms) - 1 != len(self.actions[skill]):
            wanted = len(self.actions[skill])
            raise Misread(skill, f"the action '{skill}' takes {wanted} arguments, found {len(terms) - 1}")
        for term in terms[1:]:
            self._types(term, bound)

    def _types(self, term: Node, bound: Mapping[str, Variable]) -> frozenset[str]:
        """Return every type that the term may have."""
        if not isinstance(term, str):
            raise FormulaError(f"expected a name, found {_shown(term)}")
        if term.startswith("?"):
            if term not in bound:
                declared = ", ".join(sorted(bound)) or "none"
                raise Misread(term, f"the variable '{term}' is not declared; declared: {declared}")
            return frozenset().union(*(self.kinds[kind] for kind in bound[term].types))
        types = self.objects.get(term) or self.types_of_name(term)
        if not types:
            raise Misread(term, f"there is no object '{term}'; nearest: {_listed(term, self.objects)}")
        return types


def _check_count(rest: Sequence[Node]) -> None:
    count, variables = rest[0], rest[1]
    is_one = not isinstance(variables, str) and len(variables_of(variables)) == 1
    if not isinstance(count, str) or not count.isdecimal() or not is_one:
        raise Misread("exactly", "'exactly' is written (exactly N (?x - type) formula)")


def _shown(node: Node) -> str:
    if isinstance(node, str):
        return repr(node)
    return "()" if not node else f"({_shown(node[0]).strip(chr(39))} ...)"


def _listed(wanted: str, choices: Iterable[str]) -> str:
    return ", ".join(nearest(wanted, choices)) or "none"
