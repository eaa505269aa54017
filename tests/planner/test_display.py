"""What models and servers say is shown as text: it neither steers the terminal nor breaks the markup."""

import io

import pytest
from rich.console import Console

from planner.cli.display import Display
from planner.cli.person import option_lines
from planner.executive import (
    Asked,
    Inquiry,
    ModelCalled,
    ModelFailed,
    Reduced,
    RunEnded,
    RunStarted,
    StepStarted,
)
from planner.language_model import Usage
from robots import Violation
from skills import SkillCall

NASTY = "\x1b[2J\x1b]0;pwned\x07[/b] [bold red]boo[/] \u202e"


@pytest.mark.parametrize(
    "event",
    [
        RunStarted(
            instruction=NASTY, strategy="saycan", seed=0, model=f"openai:{NASTY}", perception="oracle"
        ),
        ModelCalled(purpose="score", model=NASTY, prompt_hash="", usage=Usage(), answer=NASTY),
        ModelFailed(
            purpose="score", model=NASTY, prompt_hash="", usage=Usage(), kind="refused", reason=NASTY
        ),
        Asked(question=NASTY, options=(NASTY,), answer=NASTY),
        RunEnded(ending="stopped", reason=NASTY),
    ],
)
def test_nothing_said_steers_the_terminal(event: object) -> None:
    out = io.StringIO()
    Display(Console(file=out, force_terminal=False, width=400))(event)  # type: ignore[arg-type]  # one of many
    printed = out.getvalue()
    assert "boo" in printed and "[/b]" in printed
    assert not any(character in printed for character in "\x1b\x07\u202e")


def test_options_are_shown_with_the_belief_in_them() -> None:
    inquiry = Inquiry(question="Which?", options=("a", "b"), probabilities=(0.7, 0.3))
    assert option_lines(inquiry) == ["a  (70%)", "b  (30%)"]


def test_what_slows_a_step_is_told_once_a_step() -> None:
    out = io.StringIO()
    display = Display(Console(file=out, force_terminal=False, width=400))
    for number in (1, 2):
        call = SkillCall(skill="go_to", arguments=("table",))
        display(StepStarted(number=number, call=call, implementation="primitive", attempt=0, facts_hash=""))
        for measured in (0.3, 0.4):
            slow = Violation(rule="slow", layer="tick", subject="tool", measured=measured, allowed=0.25)
            display(Reduced(violation=slow))
    assert out.getvalue().count("slowed or stopped") == 2
