"""Bring your own LangChain chat model.

Any `BaseChatModel` plans, with or without structured output. This one answers from a script: first with an
object that is not there, and, told so in a sentence, with a plan that works.

    python examples/langchain_model.py

    told: In pick(pear_1), there is no 'pear_1' here; valid choices for item: apple_1.
    pick(apple_1) succeeded
    go_to(operator) succeeded
    hand_over(apple_1) succeeded
    the goal holds: True, requests: 2
"""

import json
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from planner.models import langchain_model
from planner.session import SessionOptions, open_session


def plan(fruit: str) -> str:
    steps = [("pick", [fruit]), ("go_to", ["operator"]), ("hand_over", [fruit])]
    return json.dumps(
        {
            "not_understood": None,
            "question": None,
            "options": [],
            "goal": "(exists (?x - fruit) (with_operator ?x))",
            "steps": [
                {"skill": skill, "arguments": arguments, "reason": "to bring a fruit", "alternatives": []}
                for skill, arguments in steps
            ],
        }
    )


class MyChat(BaseChatModel):
    """Your model: only `_generate` is needed."""

    answers: list[str]

    @property
    def _llm_type(self) -> str:
        return "my-chat"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        told = [str(m.content) for m in messages if str(m.content).startswith("Your last answer")]
        if told:
            print("told:", told[-1].split(". ")[1] + ".")
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self.answers.pop(0)))])


def main() -> None:
    model = langchain_model(MyChat(answers=[plan("pear_1"), plan("apple_1")]))
    options = SessionOptions(model=model, run_root=None)
    with open_session(objects={"apple_1": "table"}, robot_at="table", seed=0, options=options) as home:
        report = home.run("bring me a fruit")
    model.close()
    for step in report.steps:
        print(step.call, step.outcome.status)
    print(f"the goal holds: {report.succeeded}, requests: {report.usage.calls}")


if __name__ == "__main__":
    main()
