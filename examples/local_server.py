"""Let a local model rate every step, as SayCan was published.

vLLM, llama.cpp and Ollama speak OpenAI's wire; a mock server stands in for them here. Where the server echoes
the log-probabilities of a prompt, each candidate's own words are scored; elsewhere it answers with a letter.

    python examples/local_server.py

    pick(sponge_1): say 0.91 by echo, can 0.96
    go_to(sink): say 1.00 by echo, can 0.99
    put_in(sponge_1, sink): say 1.00 by echo, can 0.96
    done(): say 1.00 by echo, can 1.00
    the goal holds: True
"""

from planner.executive import Decided, Event
from planner.mock_cloud import MockCloud
from planner.session import SessionOptions, open_session


def show(event: Event) -> None:
    if isinstance(event, Decided) and event.decision.chosen is not None:
        best = event.decision.chosen
        print(f"{best.call}: say {best.say:.2f} by {best.say_source}, can {best.can:.2f}")


def main() -> None:
    with MockCloud("openai") as server:
        options = SessionOptions(
            model=f"local:{server.url}#my-model", strategy="saycan", run_root=None, listeners=(show,)
        )
        with open_session(objects={"sponge_1": "table"}, robot_at="table", seed=0, options=options) as home:
            report = home.run("put the sponge in the sink")
    print("the goal holds:", report.succeeded)


if __name__ == "__main__":
    main()
