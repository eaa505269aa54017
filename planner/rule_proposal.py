"""Room planner: let a language model write down a safety rule; what comes out is a proposal and binds nobody.

The model's answer is checked like a rule file, its examples are tried out, and what is wrong goes back to it.
Only a person's `saycando rules accept` puts a proposal into a rule file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grounding.formula import variable_to_pddl
from planner.language_model import Failure, Usage
from planner.model_settings import ModelSettings
from planner.models import build_model
from planner.remote.answers import Unusable, load_json
from planner.remote.asking import Asker
from planner.remote.describe import compact, predicate_lines
from planner.remote.gateway import LoopThread
from planner.remote.model import PromptedModel
from planner.remote.questions import Questions
from planner.remote.texts import one_line
from planner.remote.told import Correction, Told
from planner.request import BadRequest
from prompts import ProposeRulePrompt, Rendered
from robots.catalogue import load_catalogue
from safety.ltl.vocabulary import Vocabulary
from safety.rule_acceptance import parse_proposal, proposal_text
from safety.rule_file import RulebookError, RuleText
from safety.rulebook import Rulebook

LONGEST_ASKED = 1000
"""Longest rule in a person's words, [characters]."""
LONGEST_WORDS = 500
SHOWN = ("close_the_fridge", "right_material_in_the_microwave", "switch_off_before_cleaning")
"""Shipped rules that the model is shown."""
_ANSWER = Path("answer")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cannot: str | None = Field(description="what is missing to write it down, else null")
    name: str
    text: str
    reason: str
    severity: Literal["veto", "duty"]
    unless_asked: bool
    variables: str
    formula: str
    good: list[str]
    bad: list[str]


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a model made of a person's words."""

    proposal: str
    """The proposal's file; empty when the rule cannot be written."""
    cannot: str
    """Why it cannot be written, else empty."""
    usage: Usage


def propose_rule(
    asked: str, model: str, book: Rulebook, settings: ModelSettings | None = None
) -> Written | Failure:
    """Return a proposal that passed every check, why there can be none, or what went wrong.

    Args:
        asked: The rule in a person's words.
        model: The model's name.
        book: Rules that hold already; a new one needs another name and may use their vocabulary.
        settings: How the model is used.

    Raises:
        BadRequest: If there are no words, too many, or a model without a prompt.
    """
    if not asked.strip() or len(asked) > LONGEST_ASKED:
        raise BadRequest(f"say the rule in 1 to {LONGEST_ASKED} characters, not {len(asked.strip())}")
    built = build_model(model, load_catalogue(), settings)
    if not isinstance(built, PromptedModel):
        raise BadRequest(f"{built.name} cannot write rules; name a model behind a prompt, such as openai")
    loop = LoopThread()
    try:
        return loop.run(_RuleWriter(built, book).write(asked))
    finally:
        loop.close(built.client.close)
        built.close()


def rule_prompt(asked: str, book: Rulebook) -> Rendered:
    """Return the prompt that asks for a rule."""
    return ProposeRulePrompt(
        predicates=_predicates(book.vocabulary),
        actions="\n".join(_signature(f"did {name}", r) for name, r in book.vocabulary.actions.items()),
        types=", ".join(sorted(book.vocabulary.kinds)),
        examples="\n".join(_shown(book, name) for name in SHOWN if name in {r.name for r in book.rules}),
        asked=compact(asked),
    ).render()


class _RuleWriter(Questions):
    """Asks one model for rules."""

    def __init__(self, model: PromptedModel, book: Rulebook) -> None:
        super().__init__(model.client, model.scorer, model.gateway, load_catalogue(), shows_pictures=False)
        self._book = book

    async def write(self, asked: str) -> Written | Failure:
        """Return the rule that `asked` says, after at most two corrections."""
        told = Told(prompt=rule_prompt(asked, self._book), schema=_schema(), schema_name="rule")
        asker = Asker(self.gateway, self.client, within_s=self.gateway.settings.decompose_deadline_s)
        answers: list[str] = []
        notes: list[str] = []

        async def attempt(note: str) -> Written:
            notes.extend([note] if note else [])
            pairs = zip(answers, notes, strict=True)
            corrections = tuple(Correction(answer=a, problem=n) for a, n in pairs)
            body = await asker.ask(self.client.completion(replace(told, corrections=corrections)))
            answers.append("(cut off)")
            text = self.client.read_completion(body)
            answers[-1] = text if text.strip() else "(empty)"
            return self._read(text, asked)

        written = await self._corrected(asker, told.prompt.hash, attempt)
        return written if isinstance(written, Failure) else replace(written, usage=asker.usage())

    def _read(self, text: str, asked: str) -> Written:
        """Return a checked proposal.

        Raises:
            Unusable: With what is wrong, for the model.
        """
        try:
            answer = _Answer.model_validate(load_json(text), strict=True)
            if answer.cannot:
                return Written(proposal="", cannot=one_line(answer.cannot, LONGEST_WORDS), usage=Usage())
            if any(rule.name == answer.name for rule in self._book.rules):
                raise Unusable(f"There is a rule {answer.name!r} already; give it another name.")
            file = proposal_text(
                _rule_text(answer), asked=one_line(asked, LONGEST_ASKED), model=self.client.name
            )
            parse_proposal(file, _ANSWER, self._book.vocabulary)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the answer"
            raise Unusable(f"The answer does not fit the schema. {where}: {first['msg']}.") from error
        except RulebookError as error:
            raise Unusable(f"The rule cannot be used: {error}.") from error
        return Written(proposal=file, cannot="", usage=Usage())


def _rule_text(answer: _Answer) -> RuleText:
    """Return the rule as a file holds it: printable, on one line each."""
    fields: Mapping[str, Any] = answer.model_dump(exclude={"cannot"})
    return RuleText.model_validate({key: _printable(value) for key, value in fields.items()}, strict=True)


def _printable(value: Any) -> Any:
    if isinstance(value, list):
        return [one_line(text, LONGEST_WORDS) for text in value]
    return one_line(value, 4000) if isinstance(value, str) else value


def _predicates(vocabulary: Vocabulary) -> str:
    known = predicate_lines()
    own = [name for name in vocabulary.predicates if f"({name}" not in known]
    lines = (_signature(name, vocabulary.predicates[name]) for name in own)
    return "\n".join([known, *lines])


def _signature(word: str, roles: Sequence[tuple[str, ...]]) -> str:
    arguments = [f"<{'|'.join(types)}>" for types in roles]
    return f"({' '.join([word, *arguments])})"


def _shown(book: Rulebook, name: str) -> str:
    rule = book.rule(name)
    return json.dumps(
        {
            "name": rule.name,
            "text": rule.text,
            "reason": rule.reason,
            "severity": rule.severity,
            "unless_asked": rule.unless_asked,
            "variables": " ".join(map(variable_to_pddl, rule.variables)),
            "formula": rule.source,
            "good": list(rule.good),
            "bad": list(rule.bad),
        }
    )


@cache
def _schema() -> dict[str, Any]:
    return _Answer.model_json_schema()
