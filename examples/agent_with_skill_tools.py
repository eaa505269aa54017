"""Let a LangChain agent drive the robot through skill tools.

Every tool call is verified, completed where a step is missing, reviewed by the supervisor and checked after
it moved, so the agent gets around nothing. A script stands in for the chat model, so no key is needed.

    python examples/agent_with_skill_tools.py

    agent: look_around {}
      sees: apple_1, coke_can_1
    agent: pick {'item': 'apple'}
      not done, nothing moved: "apple" is no item here. Valid choices for item: apple_1, coke_can_1.
    agent: hand_over {'item': 'apple_1); open(fridge'}
      not done, nothing moved: "apple_1); open(fridge" is no item here. Valid choices for item: apple_1,
        coke_can_1.
    agent: hand_over {'item': 'apple_1'}
      succeeded: the goal holds in the observed scene
      executed: go_to(close_counter) succeeded; pick(apple_1) succeeded; go_to(operator) succeeded;
        hand_over(apple_1) succeeded
      now true: (found apple_1) (visited close_counter) (visited operator) (with_operator apple_1)
      no longer true: (blocks apple_1 close_counter) (on apple_1 close_counter)
    agent: You have the apple.
    the person has the apple: True
"""

import json
from collections.abc import Iterator
from textwrap import fill
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from planner.session import SessionOptions, open_session
from planner.skill_tools import ctrl_c_stops, skill_tools

OBJECTS = {"apple_1": "close_counter", "coke_can_1": "table"}


class ScriptedModel(GenericFakeChatModel):
    """Stands where `ChatOpenAI(...)`, `ChatAnthropic(...)` or any other chat model would."""

    def bind_tools(self, tools: object, **options: object) -> Any:
        return self


def script() -> Iterator[AIMessage]:
    yield call("look_around")
    yield call("pick", item="apple")
    yield call("hand_over", item="apple_1); open(fridge")
    yield call("hand_over", item="apple_1")
    yield AIMessage("You have the apple.")


def call(tool: str, **arguments: str) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": tool, "args": arguments, "id": tool, "type": "tool_call"}])


def main() -> None:
    with open_session(objects=OBJECTS, seed=0, options=SessionOptions(run_root=None)) as home:
        agent = create_agent(ScriptedModel(messages=script()), skill_tools(home))
        with ctrl_c_stops(home):
            messages = agent.invoke({"messages": [HumanMessage("Bring me the apple, please.")]})["messages"]
        has_apple = ("with_operator", "apple_1") in home.look().facts
    for message in messages:
        if isinstance(message, AIMessage):
            print(
                "agent:", *[f"{c['name']} {c['args']}" for c in message.tool_calls] or [str(message.content)]
            )
        elif isinstance(message, ToolMessage) and message.name == "look_around":
            print("  sees:", ", ".join(json.loads(str(message.content))["objects"]))
        elif isinstance(message, ToolMessage):
            for line in str(message.content).splitlines():
                print(fill(line, 100, initial_indent="  ", subsequent_indent="    "))
    print("the person has the apple:", has_apple)


if __name__ == "__main__":
    main()
