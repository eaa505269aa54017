"""Let a cloud model plan, and see what it costs.

OpenAI's SDK talks over a real socket; here a mock cloud on this machine answers, so no key is needed. With
your own key, leave the mock cloud out and set OPENAI_API_KEY (or ANTHROPIC_API_KEY, with model="anthropic").

    python examples/cloud_model.py

    plan: go_to(table), pick(coke_can_1), go_to(trash_can), put_in(coke_can_1, trash_can)
    the goal holds: True
    requests: 1, about 2300 tokens in and 150 out, $0.0003
    a budget of 1000 tokens: stopped, over budget; nothing moved: True
"""

import os

from planner.mock_cloud import MockCloud
from planner.model_settings import ModelSettings
from planner.remote.gateway import Budget, CallSettings
from planner.session import SessionOptions, open_session

WORDS = "Throw away the coke can."


def main() -> None:
    with MockCloud("openai") as cloud:
        os.environ.update(cloud.environment)
        show_a_run()
        show_a_budget()


def show_a_run() -> None:
    options = SessionOptions(model="openai", run_root=None)
    with open_session(objects={"coke_can_1": "table"}, seed=0, options=options) as home:
        report = home.run(WORDS)
    print("plan:", ", ".join(str(step.call) for step in report.plan))
    print("the goal holds:", report.succeeded)
    usage = report.usage
    tokens = f"about {round(usage.input_tokens, -2)} tokens in and {round(usage.output_tokens, -1)} out"
    print(f"requests: {usage.calls}, {tokens}, ${usage.usd:.4f}")


def show_a_budget() -> None:
    """The most that a request can cost is reserved before it is sent; what does not fit is not sent."""
    small = ModelSettings(calls=CallSettings(budget=Budget(tokens=1000)))
    options = SessionOptions(model="openai", model_settings=small, run_root=None)
    with open_session(objects={"coke_can_1": "table"}, seed=0, options=options) as home:
        report = home.run(WORDS)
    why = "over budget" if "over budget" in report.reason else report.reason
    print(f"a budget of 1000 tokens: {report.ending}, {why}; nothing moved: {not report.steps}")


if __name__ == "__main__":
    main()
