"""Room planner: whether a step is possible, judged by the text of its contract and by no code of the planner.

The contract is printed as PDDL, and that text is read and evaluated here once more: a mistake in
`grounding.formula`, which supervisor and executive share, would not be shared by who judges them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import TypeAlias

from grounding import Fact, Facts, Scene, to_pddl
from skills import HOUSEHOLD_CONTRACTS, SkillCall

Node: TypeAlias = "str | list[Node]"
Types: TypeAlias = Mapping[str, frozenset[str]]
Binding: TypeAlias = Mapping[str, str]


def objection(call: SkillCall, scene: Scene) -> str | None:
    """Return why a call must not be begun in a scene; None when it is possible."""
    contract = next((c for c in HOUSEHOLD_CONTRACTS if c.name == call.skill), None)
    if contract is None:
        return f"there is no skill {call.skill!r}"
    if len(call.arguments) != len(contract.parameters):
        return f"{call} has {len(call.arguments)} arguments and not {len(contract.parameters)}"
    types = {name: kinds | {"object"} for name, kinds in scene.universe.types.items()}
    for name, parameter in zip(call.arguments, contract.parameters, strict=True):
        if not types.get(name, frozenset()) & set(parameter.types):
            return f"{name!r} in {call} is no {' or '.join(parameter.types)}"
    binding = {p.name: name for p, name in zip(contract.parameters, call.arguments, strict=True)}
    text = _text(contract.name)
    return None if is_true(read(text), scene.facts, types, binding) else f"{call} needs {text}"


def is_true(node: Node, facts: Facts, types: Types, binding: Binding) -> bool:
    """Return whether a formula, read from its text, is true of facts.

    Raises:
        ValueError: If it has a form that PDDL and we do not have.
    """
    if isinstance(node, str) or (node and not isinstance(node[0], str)):
        raise ValueError(f"{node} is no formula")
    head, *rest = node or ["and"]
    match head, rest:
        case "and", parts:
            return not any(not is_true(part, facts, types, binding) for part in parts)
        case "or", parts:
            return any(is_true(part, facts, types, binding) for part in parts)
        case "not", [body]:
            return not is_true(body, facts, types, binding)
        case "imply", [given, body]:
            return is_true(body, facts, types, binding) or not is_true(given, facts, types, binding)
        case "=", [str(left), str(right)]:
            return binding.get(left, left) == binding.get(right, right)
        case ("exists" | "forall") as word, [list(variables), body]:
            found = [is_true(body, facts, types, {**binding, **more}) for more in _names(variables, types)]
            return True in found if word == "exists" else False not in found
        case "exactly", [str(count), list(variables), body]:
            bindings = _names(variables, types)
            return sum(is_true(body, facts, types, {**binding, **more}) for more in bindings) == int(count)
        case str(predicate), terms:
            return _fact(predicate, terms, binding) in facts
    raise ValueError(f"{node} is no formula")


@cache
def read(text: str) -> Node:
    """Return nested lists of words from an s-expression.

    Raises:
        ValueError: If its brackets do not match.
    """
    stack: list[list[Node]] = [[]]
    for word in re.findall(r"[()]|[^\s()]+", text):
        if word == "(":
            stack.append([])
        elif word == ")" and len(stack) > 1:
            done = stack.pop()
            stack[-1].append(done)
        elif word != ")":
            stack[-1].append(word)
        else:
            raise ValueError(f"too many brackets are closed in {text}")
    if len(stack) != 1 or len(stack[0]) != 1:
        raise ValueError(f"{text} is not one formula")
    return stack[0][0]


@cache
def _text(skill: str) -> str:
    return to_pddl(next(c.operator.precondition for c in HOUSEHOLD_CONTRACTS if c.name == skill))


def _fact(predicate: str, terms: list[Node], binding: Binding) -> Fact:
    words = [term for term in terms if isinstance(term, str)]
    if len(words) != len(terms):
        raise ValueError(f"{predicate} is said of {terms}")
    return (predicate, *(binding.get(word, word) for word in words))


def _names(variables: list[Node], types: Types) -> Iterator[dict[str, str]]:
    """Yield what `?x - type ?y - (either a b)` may stand for, all together."""
    words, ranges = list(variables), list[tuple[str, list[str]]]()
    while words:
        name, dash, kind, *words = words
        if not isinstance(name, str) or dash != "-":
            raise ValueError(f"{variables} are no variables")
        kinds = {kind} if isinstance(kind, str) else {k for k in kind[1:] if isinstance(k, str)}
        ranges.append((name, [thing for thing, has in types.items() if has & kinds]))
    for chosen in product(*(names for _, names in ranges)):
        yield dict(zip((name for name, _ in ranges), chosen, strict=True))
