"""A referee we did not write: what the vendors accept and answer, by the types of their own SDKs.

Both vendors generate those types from their API descriptions. Rules that a type cannot carry, a range or a
forbidden word, are listed at the end, each as the vendor's documentation states it.
"""

from __future__ import annotations

import importlib
import math
import re
import threading
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from pydantic import TypeAdapter

Json = Any
"""What `json.loads` returns."""
Schema = Mapping[str, Json]

RESPONSES, DECISIONS, MESSAGES = "/v1/responses", "/v1/decisions", "/v1/messages"
CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"

ENDPOINTS: Mapping[str, tuple[str, str]] = {
    RESPONSES: (
        "openai.types.responses.response_create_params:ResponseCreateParamsNonStreaming",
        "openai.types.responses:Response",
    ),
    DECISIONS: ("openai.types.decision_create_params:DecisionCreateParams", "openai.types.decision:Decision"),
    CHAT: (
        "openai.types.chat.completion_create_params:CompletionCreateParamsNonStreaming",
        "openai.types.chat:ChatCompletion",
    ),
    COMPLETIONS: (
        "openai.types.completion_create_params:CompletionCreateParamsNonStreaming",
        "openai.types:Completion",
    ),
    MESSAGES: (
        "anthropic.types.message_create_params:MessageCreateParamsNonStreaming",
        "anthropic.types:Message",
    ),
}
"""Path -> type of a request and of its reply, as module:name in the installed SDKs."""

SENT_AS_HEADERS = ("user_profile_id", "workspace_id")
"""Parameters of `messages.create` that never travel in the body."""
DEFAULTED = {"detail", "strict"}
"""Required by the types, but documented with a default that servers fill in; LangChain omits them."""

_building = threading.RLock()


def first_error(path: str, body: Json, *, is_reply: bool = False) -> str | None:
    """Return the first thing that a vendor, or its client, would not understand; None if all is well.

    Args:
        path: A key of `ENDPOINTS`.
        body: The JSON that was sent.
        is_reply: Whether the vendor sent it; documentation rules concern requests only.
    """
    error = next(_validator(path, is_reply).iter_errors(body), None)
    if error is not None:
        error = _meant(error)
        found = f", not {error.instance!r:.100}" if error.validator == "const" else ""
        return f"{'/'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:300]}{found}"
    return None if is_reply else next(broken_rules(path, body), None)


def prepare() -> None:
    """Build every schema now (two seconds, once a process), so that no request waits for it."""
    for path in ENDPOINTS:
        for is_reply in (False, True):
            _validator(path, is_reply)


def _validator(path: str, is_reply: bool) -> Draft202012Validator:
    with _building:
        return _build(path, is_reply)


@cache
def _build(path: str, is_reply: bool) -> Draft202012Validator:
    module, _, name = ENDPOINTS[path][is_reply].partition(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydantic says which defaults JSON cannot carry
        schema = TypeAdapter(getattr(importlib.import_module(module), name)).json_schema()
    if not is_reply:
        schema["properties"] = {k: v for k, v in schema["properties"].items() if k not in SENT_AS_HEADERS}
    elif path == COMPLETIONS:
        _let_the_first_token_have_no_logprob(schema)
    _close(schema, forgiven=set() if is_reply else DEFAULTED)
    return Draft202012Validator(schema)


def _close(node: Json, *, forgiven: set[str]) -> None:
    """Forbid every key that a type does not declare, even where it allows extras, as all reply models do."""
    if isinstance(node, dict):
        if node.get("type") == "object" and node.get("properties"):
            node["additionalProperties"] = False
            node["required"] = [key for key in node.get("required", ()) if key not in forgiven]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            _close(child, forgiven=forgiven)


def _let_the_first_token_have_no_logprob(schema: Json) -> None:
    """Allow null where an echoed prompt begins: every server sends it, though the SDK's type says float."""
    logprobs = schema["$defs"]["Logprobs"]["properties"]
    for name in ("token_logprobs", "top_logprobs"):
        array = logprobs[name]["anyOf"][0]
        array["items"] = {"anyOf": [array["items"], {"type": "null"}]}


def _meant(error: ValidationError) -> ValidationError:
    """Follow an error into the union member that was meant: right in kind, then with the fewest faults."""
    while error.context:
        members: dict[Any, list[ValidationError]] = defaultdict(list)
        for fault in error.context:
            members[fault.relative_schema_path[0]].append(fault)
        faults = min(members.values(), key=lambda faults: (sum(map(_is_of_kind, faults)), len(faults)))
        error = max(faults, key=_is_of_kind)
    return error


def _is_of_kind(fault: ValidationError) -> bool:
    """Tell whether it says "this is another sort of thing": another JSON type, `type` or `role`."""
    place = list(fault.relative_path)
    if place:
        return place in (["type"], ["role"]) and fault.validator in ("const", "enum")
    is_about_keys = fault.validator in ("required", "additionalProperties")
    return fault.validator == "type" or (is_about_keys and bool({"'type'", "'role'"} & _quoted(fault)))


def _quoted(fault: ValidationError) -> set[str]:
    return set(re.findall("'[a-z]+'", fault.message))


# ---- From documentation ----

RANGES: Sequence[tuple[str, str, float, float]] = (
    (RESPONSES, "top_logprobs", 0, 20),
    (RESPONSES, "max_output_tokens", 16, math.inf),
    (RESPONSES, "temperature", 0, 2),
    (CHAT, "top_logprobs", 0, 20),
    (CHAT, "temperature", 0, 2),
    (COMPLETIONS, "logprobs", 0, 5),
    (MESSAGES, "max_tokens", 0, math.inf),
)
"""Path, field, least and greatest value."""

FORMATS = {
    RESPONSES: ("text", "format"),
    CHAT: ("response_format", "json_schema"),
    MESSAGES: ("output_config", "format"),
}
"""Path -> where the schema of the answer is."""

_COMPOSED = ("oneOf", "prefixItems", "not", "if", "then", "else", "dependentRequired", "dependentSchemas")
NOT_IN_OPENAI_SCHEMAS = {*_COMPOSED, "allOf"}
NOT_IN_ANTHROPIC_SCHEMAS = {
    *(*_COMPOSED, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "maxItems", "uniqueItems", "patternProperties", "propertyNames"),
}


def broken_rules(path: str, body: Mapping[str, Json]) -> Iterator[str]:
    """Yield the documented rules that a request of the right type breaks."""
    for where, field, least, most in RANGES:
        if where == path and body.get(field) is not None and not least <= body[field] <= most:
            yield f"{field}: {body[field]} is not in {least}..{most}"
    if path == CHAT and body.get("top_logprobs") is not None and not body.get("logprobs"):
        yield "top_logprobs: needs logprobs=true"
    if path == DECISIONS:
        yield from _about_questions(body["questions"])
    strict = list(_strict_schemas(path, body))
    for place, schema in strict:
        complaints = _anthropic_complaints(schema) if path == MESSAGES else _openai_complaints(schema)
        yield from (f"{place}{complaint}" for complaint in complaints)
    if path == MESSAGES:
        yield from _anthropic_budget([schema for _, schema in strict])


def _about_questions(questions: Sequence[Schema]) -> Iterator[str]:
    if not 1 <= len(questions) <= 400:
        yield f"questions: {len(questions)} is not in 1..400"
    for i, question in enumerate(questions):
        values = [(type(c["value"]), c["value"]) for c in question.get("choices", ())]
        if question["type"] == "choice" and not 2 <= len(values) <= 255:
            yield f"questions/{i}/choices: {len(values)} is not in 2..255"
        if len(set(values)) < len(values):
            yield f"questions/{i}/choices: values are not unique"


def _strict_schemas(path: str, body: Mapping[str, Json]) -> Iterator[tuple[str, Schema]]:
    """Yield the schemas that a vendor turns into a grammar, each with its place in the request."""
    if path not in FORMATS:
        return
    outer, inner = FORMATS[path]
    form = (body.get(outer) or {}).get(inner) or {}
    if form.get("schema") is not None and (path == MESSAGES or form.get("strict")):
        yield f"{outer}/{inner}/schema", form["schema"]
    for i, tool in enumerate(body.get("tools") or ()):
        tool = tool.get("function", tool)
        schema = tool.get("parameters", tool.get("input_schema"))
        if tool.get("strict") and schema is not None:
            yield f"tools/{i}", schema


def _nodes(node: Schema, place: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield a schema and every schema inside it, but no property that is merely named like a keyword."""
    yield place, node
    for word in ("properties", "$defs", "definitions"):
        for name, child in node.get(word, {}).items():
            yield from _nodes(child, f"{place}/{word}/{name}")
    for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for i, child in enumerate(node.get(word, ())):
            yield from _nodes(child, f"{place}/{word}/{i}")
    for word in ("items", "additionalProperties", "not"):
        if isinstance(node.get(word), Mapping):
            yield from _nodes(node[word], f"{place}/{word}")


def _is_object(node: Schema) -> bool:
    kind = node.get("type", ())
    return "properties" in node or kind == "object" or (not isinstance(kind, str) and "object" in kind)


def _complaints(schema: Schema, forbidden: set[str]) -> Iterator[str]:
    for place, node in _nodes(schema):
        yield from (f"{place}: {word} is not supported" for word in sorted(forbidden & node.keys()))
        if not node.keys() & {"type", "anyOf", "allOf", "$ref", "enum", "const"}:
            yield f"{place}: a schema needs a type"
        if _is_object(node) and node.get("additionalProperties") is not False:
            yield f"{place}: additionalProperties must be false"


def _openai_complaints(schema: Schema) -> Iterator[str]:
    """Source: the Structured Outputs guide, "Supported schemas"."""
    if schema.get("type") != "object" or "anyOf" in schema:
        yield ": the root must be an object, not a union"
    yield from _complaints(schema, NOT_IN_OPENAI_SCHEMAS)
    nodes = list(_nodes(schema))
    for place, node in nodes:
        if unlisted := set(node.get("properties", ())) ^ set(node.get("required", ())):
            yield f"{place}: required must name exactly the properties; see {sorted(unlisted)}"
        words = [value for value in node.get("enum", ()) if isinstance(value, str)]
        if len(words) > 250 and sum(map(len, words)) > 15_000:
            yield f"{place}: an enum of over 250 strings may hold 15000 characters"
    if sum(len(node.get("enum", ())) for _, node in nodes) > 1000:
        yield ": over 1000 enum values"
    if sum(len(node.get("properties", ())) for _, node in nodes) > 5000:
        yield ": over 5000 properties"


def _anthropic_complaints(schema: Schema) -> Iterator[str]:
    """Source: the structured outputs guide, "JSON Schema limitations"."""
    yield from _complaints(schema, NOT_IN_ANTHROPIC_SCHEMAS)
    for place, node in _nodes(schema):
        if node.get("minItems", 0) not in (0, 1):
            yield f"{place}: minItems may only be 0 or 1"
        if "$ref" in node and node["$ref"] in _reachable(schema, node["$ref"]):
            yield f"{place}: {node['$ref']} contains itself"


def _anthropic_budget(schemas: Sequence[Schema]) -> Iterator[str]:
    """Source: the same guide, "Schema complexity limits"; they hold for all schemas of a request together."""
    nodes = [node for schema in schemas for _, node in _nodes(schema)]
    optional = sum(len(set(n.get("properties", ())) - set(n.get("required", ()))) for n in nodes)
    unions = sum("anyOf" in n or isinstance(n.get("type"), list) for n in nodes)
    if optional > 24:
        yield f"schemas: {optional} optional properties, at most 24"
    if unions > 16:
        yield f"schemas: {unions} unions, at most 16"


def _reachable(schema: Schema, start: str) -> set[str]:
    """Return the references met inside the definition `start` and inside those it refers to."""
    definitions = {f"#/{w}/{n}": d for w in ("$defs", "definitions") for n, d in schema.get(w, {}).items()}
    found: set[str] = set()
    fresh = {start}
    while fresh:
        inside = (node for name in fresh for _, node in _nodes(definitions.get(name, {})))
        fresh = {node["$ref"] for node in inside if "$ref" in node} - found
        found |= fresh
    return found
