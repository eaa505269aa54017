"""A session on a home of facts, and its tools used as an agent uses them."""

from dataclasses import replace

from langchain_core.messages import ToolMessage
from langchain_core.tools import StructuredTool

from grounding import Scene
from planner.executive import Executive, Report
from planner.given_steps import GivenSteps, read_call
from planner.skill_tools import skill_tools
from safety import Supervisor
from tests.fakes.symbolic_home import SymbolicHome


class SymbolicSession:
    """What `Session` does, around a home of facts."""

    def __init__(self, home: SymbolicHome, supervisor: Supervisor | None = None) -> None:
        self.parts = home.parts(GivenSteps(()))
        if supervisor is not None:
            self.parts = replace(self.parts, supervisor=supervisor)

    def do(self, *calls: str) -> Report:
        model = GivenSteps(tuple(read_call(call) for call in calls))
        return Executive(replace(self.parts, model=model)).run("; ".join(calls))

    def look(self) -> Scene:
        return self.parts.perception.perceive(self.parts.robot.observe())


def tools_of(home: SymbolicHome, supervisor: Supervisor | None = None) -> dict[str, StructuredTool]:
    return {tool.name: tool for tool in skill_tools(SymbolicSession(home, supervisor))}


def use(tool: StructuredTool, arguments: object) -> ToolMessage:
    """Call a tool as an agent does."""
    answer = tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})
    assert isinstance(answer, ToolMessage)
    return answer


def runs(home: SymbolicHome) -> list[str]:
    return [str(call) for call, _, _ in home.runs]
