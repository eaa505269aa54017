"""Any LangChain chat model can plan: with structured output, with tools alone, or with plain words."""

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import RunnableLambda

from planner.language_model import Decomposition, Failure, FailureKind
from planner.models import langchain_model
from tests.fakes.wired_model import decompose, plan_text

pytestmark = pytest.mark.wire


class Chat(BaseChatModel):
    """Answers from a script."""

    answers: list[Any]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        message = answer if isinstance(answer, AIMessage) else AIMessage(answer)
        return ChatResult(generations=[ChatGeneration(message=message)])


class WithTools(Chat):
    """Binds tools, so that LangChain's default structured output would force one on it."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self


class WithItsOwnStructure(Chat):
    """Has structured output, with other options than most."""

    def with_structured_output(self, schema: Any, **kwargs: Any) -> Any:
        if "method" in kwargs:
            raise TypeError("unexpected keyword argument 'method'")
        return RunnableLambda(lambda messages: None)


class WithoutRaw(Chat):
    """Ignores that the raw message is wanted too."""

    def with_structured_output(self, schema: Any, **kwargs: Any) -> Any:
        return RunnableLambda(lambda messages: {"goal": "(and)"})


class WithAGrudge(Chat):
    """Raises what no interface names."""

    def with_structured_output(self, schema: Any, **kwargs: Any) -> Any:
        raise RuntimeError("not today")


def answer_of(chat: Chat) -> Decomposition | Failure:
    model = langchain_model(chat)
    try:
        return decompose(model)
    finally:
        model.close()


@pytest.mark.parametrize("kind", [Chat, WithTools, WithItsOwnStructure, WithoutRaw, WithAGrudge])
def test_a_model_without_schemas_is_told_the_schema_in_words(kind: Callable[..., Chat]) -> None:
    answer = answer_of(kind(answers=[plan_text()]))
    assert isinstance(answer, Decomposition) and len(answer.steps) == 4


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Sure! Here is the plan:\n{}\nAnything else?"])
def test_words_around_the_answer_do_not_matter(around: str) -> None:
    answer = answer_of(Chat(answers=[around.replace("{}", plan_text())]))
    assert isinstance(answer, Decomposition) and len(answer.steps) == 4


def test_a_key_in_a_plain_field_is_hidden() -> None:
    class Plain(Chat):
        api_key: str = "corpkey_Zq81xPw0canary77"

    model = Plain(answers=[])
    model.answers = [ValueError(f"bad key {model.api_key}")]
    answer = answer_of(model)
    assert isinstance(answer, Failure) and model.api_key not in answer.reason


def test_a_refusal_the_token_limit_and_an_error_are_told_apart() -> None:
    refused = AIMessage("", response_metadata={"stop_reason": "refusal"})
    cut = AIMessage('{"goal"', response_metadata={"finish_reason": "length"})
    endings = {FailureKind.REFUSED: [refused], FailureKind.BAD_ANSWER: [cut] * 3}
    endings[FailureKind.UNREACHABLE] = [ValueError("whatever")]
    for kind, answers in endings.items():
        answer = answer_of(Chat(answers=answers))
        assert isinstance(answer, Failure) and answer.kind is kind, answer
