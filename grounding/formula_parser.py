"""Room grounding: read formulas and effects from PDDL text, with positions in the error messages."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from .formula import (
    And,
    Atom,
    Equal,
    Exactly,
    Exists,
    ForAll,
    Formula,
    Imply,
    Not,
    Or,
    Variable,
)
from .operator import Effect

_GRAMMAR = r"""
start: expression
expression: "(" (WORD | expression)* ")"
WORD: /[^\s()]+/
%ignore /\s+/
%ignore /;[^\n]*/
"""

Node: TypeAlias = "str | list[Node]"


class FormulaError(ValueError):
    """Text that is not a formula; the message says where and what was expected."""


def read_expression(text: str) -> Node:
    """Read words in parentheses as nested lists, lower case: what every language here is written in.

    Raises:
        FormulaError: If the parentheses do not match.
    """
    return _read(text)


def parse_formula(text: str) -> Formula:
    """Read one formula.

    Raises:
        FormulaError: If the text is not a well-formed formula.
    """
    return _formula(_read(text))


def parse_effects(text: str) -> tuple[Effect, ...]:
    """Read a PDDL effect: atoms, `not`, `and`, `forall`, `when`.

    Raises:
        FormulaError: If the text is not a well-formed effect.
    """
    return _effects(_read(text), Effect(Atom("")))


def parse_variables(text: str) -> tuple[Variable, ...]:
    """Read a typed list without its parentheses: `?item - item ?place - place`."""
    return _variables(_read(f"({text})")) if text.strip() else ()


def formula_of(node: Node) -> Formula:
    """Read one formula from words and lists that are already lower case.

    Raises:
        FormulaError: If it is not a well-formed formula.
    """
    return _formula(node)


def effects_of(node: Node) -> tuple[Effect, ...]:
    """Read a PDDL effect from words and lists that are already lower case.

    Raises:
        FormulaError: If it is not a well-formed effect.
    """
    return _effects(node, Effect(Atom("")))


def variables_of(node: Node) -> tuple[Variable, ...]:
    """Read a typed list of variables from words and lists that are already lower case.

    Raises:
        FormulaError: If it is not a well-formed list.
    """
    return _variables(node)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")


def _read(text: str) -> Node:
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise FormulaError(
            f"not a formula at line {error.line}, column {error.column}: {text.strip()[:80]!r}"
        ) from error
    node = tree.children[0]
    assert isinstance(node, Tree)
    return _node(node)


def _node(tree: Tree[Token]) -> list[Node]:
    return [str(c).lower() if isinstance(c, Token) else _node(c) for c in tree.children]


def _variables(node: Node) -> tuple[Variable, ...]:
    if isinstance(node, str):
        raise FormulaError(f"expected a list of variables like (?x - item), found {node!r}")
    found: list[Variable] = []
    pending: list[str] = []
    rest = list(node)
    while rest:
        word = rest.pop(0)
        if word == "-":
            if not rest:
                raise FormulaError("a type is missing after '-'")
            kind = rest.pop(0)
            types = (kind,) if isinstance(kind, str) else tuple(str(k) for k in kind[1:])
            found += [Variable(name, types) for name in pending]
            pending = []
        elif isinstance(word, str) and word.startswith("?"):
            pending.append(word)
        else:
            raise FormulaError(f"expected a variable like ?x, found {word!r}")
    return (*found, *(Variable(name) for name in pending))


def _formula(node: Node) -> Formula:
    if isinstance(node, str):
        raise FormulaError(f"expected a formula in parentheses, found {node!r}")
    if not node:
        return And()
    head, *rest = node
    if not isinstance(head, str):
        raise FormulaError("a formula starts with a word")
    sizes = {"not": 1, "imply": 2, "exists": 2, "forall": 2, "exactly": 3, "=": 2}
    if head in sizes and len(rest) != sizes[head]:
        raise FormulaError(f"'{head}' takes {sizes[head]} parts, found {len(rest)}")
    if head in ("and", "or"):
        parts = tuple(_formula(n) for n in rest)
        return And(parts) if head == "and" else Or(parts)
    match head:
        case "not":
            return Not(_formula(rest[0]))
        case "imply":
            return Imply(_formula(rest[0]), _formula(rest[1]))
        case "exists" | "forall":
            quantifier = Exists if head == "exists" else ForAll
            return quantifier(_variables(rest[0]), _formula(rest[1]))
        case "exactly":
            return _exactly(rest)
        case "=":
            left, right = (_word(n) for n in rest)
            return Equal(left, right)
    return Atom(head, tuple(_word(n) for n in rest))


def _exactly(rest: list[Node]) -> Exactly:
    count = _word(rest[0])
    variables = _variables(rest[1])
    if not count.isdecimal() or len(variables) != 1:
        raise FormulaError("'exactly' is written (exactly n (?x - type) formula)")
    return Exactly(int(count), variables[0], _formula(rest[2]))


def _word(node: Node) -> str:
    if isinstance(node, str):
        return node
    raise FormulaError("expected a name, found a formula")


def _effects(node: Node, context: Effect) -> tuple[Effect, ...]:
    if isinstance(node, str):
        raise FormulaError(f"expected an effect in parentheses, found {node!r}")
    if not node:
        return ()
    head, *rest = node
    sizes = {"not": 1, "forall": 2, "when": 2}
    if isinstance(head, str) and len(rest) != sizes.get(head, len(rest)):
        raise FormulaError(f"'{head}' takes {sizes[head]} parts, found {len(rest)}")
    match head:
        case "and":
            return tuple(effect for n in rest for effect in _effects(n, context))
        case "not":
            atom = _formula(rest[0])
            if not isinstance(atom, Atom):
                raise FormulaError("an effect may only negate an atom")
            return (Effect(atom, False, context.variables, context.condition),)
        case "forall":
            more = (*context.variables, *_variables(rest[0]))
            return _effects(rest[1], Effect(context.atom, True, more, context.condition))
        case "when":
            condition = And((context.condition, _formula(rest[0])))
            return _effects(rest[1], Effect(context.atom, True, context.variables, condition))
    atom = _formula(node)
    if not isinstance(atom, Atom):
        raise FormulaError(f"'{head}' is not an effect; effects are atoms, and, not, forall, when")
    return (Effect(atom, True, context.variables, context.condition),)
