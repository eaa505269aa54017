"""Skills as LangChain tools when something breaks, several calls come at once, or a person interrupts."""

import signal
from functools import partial
from threading import Event, Thread
from types import MethodType
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from grounding import Scene
from planner.executive import Parts, Report
from planner.skill_tools import ctrl_c_stops, skill_tools
from safety import BasicSupervisor
from tests.fakes.symbolic_home import SymbolicHome
from tests.fakes.tool_home import SymbolicSession, runs, tools_of, use


@pytest.fixture
def home() -> SymbolicHome:
    return SymbolicHome({"apple_1": "table", "orange_1": "table", "coke_can_1": "close_counter"})


class Broken(SymbolicSession):
    """Its camera or its driver raises."""

    broken = ""

    def do(self, *calls: str) -> Report:
        if self.broken == "driver":
            raise OSError("no answer from\nthe arm")
        return super().do(*calls)

    def look(self) -> Scene:
        if self.broken == "camera":
            raise TimeoutError
        return super().look()


def test_a_broken_camera_is_told_and_nothing_is_done_unseen(home: SymbolicHome) -> None:
    session = Broken(home)
    look, pick = (t for t in skill_tools(session) if t.name in ("look_around", "pick"))
    session.broken = "camera"
    told = "ended with TimeoutError: no reason given."
    assert str(use(look, {}).content).startswith(f"broken: look_around {told}")
    assert str(use(pick, {"item": "apple_1"}).content).startswith(f'broken: pick("apple_1") {told}')
    assert "not done, nothing moved" in str(use(pick, {}).content)
    assert home.runs == []
    session.broken = ""
    assert use(pick, {"item": "apple_1"}).status == "success"


def test_after_a_run_that_broke_nothing_moves_but_looking_goes_on(home: SymbolicHome) -> None:
    session = Broken(home)
    tools = {tool.name: tool for tool in skill_tools(session)}
    session.broken = "driver"
    first = use(tools["pick"], {"item": "apple_1"})
    assert first.status == "error"
    assert 'pick("apple_1") ended with OSError: no answer from the arm.' in str(first.content)
    session.broken = ""
    second = use(tools["go_to"], {"place": "table"})
    assert str(second.content).startswith("not done, nothing moved: a person must look first.")
    assert home.runs == [] and use(tools["look_around"], {}).status == "success"


def test_ctrl_c_passes_through_a_tool_and_leaves_the_robot_at_rest(home: SymbolicHome) -> None:
    home.script["pick"].append("interrupt")
    tools = tools_of(home)
    with pytest.raises(KeyboardInterrupt):
        use(tools["pick"], {"item": "apple_1"})
    assert home.stops == 1
    assert use(tools["pick"], {"item": "apple_1"}).status == "success"


class Slow(SymbolicSession):
    """Waits in `do` until it may go on."""

    def __init__(self, home: SymbolicHome) -> None:
        super().__init__(home)
        self.began, self.may_go_on = Event(), Event()

    def do(self, *calls: str) -> Report:
        self.began.set()
        assert self.may_go_on.wait(10.0)
        return super().do(*calls)


def test_calls_at_the_same_time_are_turned_away_and_not_queued(home: SymbolicHome) -> None:
    session = Slow(home)
    tools = {tool.name: tool for tool in skill_tools(session)}
    first = Thread(target=use, args=(tools["go_to"], {"place": "table"}))
    first.start()
    assert session.began.wait(10.0)
    late = [use(tools["pick"], {"item": "apple_1"}), use(tools["pick"], {}), use(tools["look_around"], {})]
    session.may_go_on.set()
    first.join()
    assert all("busy: the robot is still doing an earlier call" in str(answer.content) for answer in late)
    assert runs(home) == ["go_to(table)"]
    assert use(tools["pick"], {"item": "apple_1"}).status == "success"


def test_a_tool_has_no_attribute_that_leads_to_the_robot(home: SymbolicHome) -> None:
    session = SymbolicSession(home)
    mine = (SymbolicSession, Parts, SymbolicHome, type(home.robot), BasicSupervisor, MethodType, partial)
    for tool in skill_tools(session):
        assert tool.func is not None and tool.coroutine is None
        assert tool.metadata is None and tool.extras is None and tool.callbacks is None
        assert not isinstance(tool.func, mine)
        assert not any(isinstance(value, mine) for value in (*vars(tool).values(), *vars(tool.func).values()))


class ScriptedAgent(GenericFakeChatModel):
    """A chat model that says what the test wrote, whatever tools it is given."""

    def bind_tools(self, tools: object, **kwargs: object) -> Any:
        return self


def says(*calls: tuple[str, dict[str, object]], content: str = "") -> AIMessage:
    asked = [{"name": name, "args": args, "id": str(i)} for i, (name, args) in enumerate(calls)]
    return AIMessage(content=content, tool_calls=asked)


def test_an_agent_survives_bad_calls_and_finishes_the_chore(home: SymbolicHome) -> None:
    script = [
        says(("look_around", {})),
        says(("pick", {"item": "apple_1); open(fridge"})),
        says(("throw", {"item": "apple_1"})),
        says(("pick", {"thing": 5})),
        says(("open", {"container": "fridge"}), ("hand_over", {"item": "apple_1"})),
        says(("hand_over", {"item": "apple_1"})),
        says(content="You have the apple."),
    ]
    agent = create_agent(ScriptedAgent(messages=iter(script)), skill_tools(SymbolicSession(home)))
    messages = agent.invoke({"messages": [HumanMessage("Bring me the apple.")]})["messages"]
    assert messages[-1].content == "You have the apple."
    assert ("with_operator", "apple_1") in home.facts
    answers = [m.status for m in messages if isinstance(m, ToolMessage)]
    assert len(answers) == 7 and answers[:4] == ["success", "error", "error", "error"]


def test_ctrl_c_cancels_the_running_call_before_the_agent_ends() -> None:
    cancelled = Event()

    class Running:
        def cancel(self) -> None:
            cancelled.set()

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), ctrl_c_stops(Running()):
        signal.raise_signal(signal.SIGINT)
    assert cancelled.is_set() and signal.getsignal(signal.SIGINT) is before
