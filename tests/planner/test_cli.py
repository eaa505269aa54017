"""The command line on bad input: one sentence on stderr, exit code 2, and nothing moves."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app

runner = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", ""], "empty"),
        (["run", " .. "], "empty"),
        (["plan", "a" * 100_000], "100000 characters"),
        (["run", "go to the table", "--scene", "moon"], "saycan_kitchen"),
        (["run", "go to the table", "--model", "gpt-99"], "offline"),
        (["run", "go to the table", "--strategy", "guess"], "plan-ahead, saycan"),
        (["run", "go to the table", "--perception", "psychic"], "oracle"),
        (["run", "go to the table", "--put", "apple_1"], "apple_1=table"),
        (["run", "go to the table", "--put", "unicorn_1=table"], "unicorn_1"),
        (["run", "go to the table", "--put", "apple_1=moon"], "close_counter"),
        (["run", "go to the table", "--at", "moon"], "operator"),
        (["run", "--task", "missing.yaml#one"], "missing.yaml"),
        (["run", "--task", "missing.yaml"], "FILE.yaml#ID"),
        (["run", "go to the table", "--model", "openai"], "OPENAI_API_KEY"),
        (["run", "go to the table", "--model", "local:http://127.0.0.1:1/v1"], "local:http"),
        (["run", "go to the table", "--scorer", "tarot"], "decisions, letters, verbal, echo"),
        (["run", "go to the table", "--label", "table"], "ITEM=WORDS"),
        (["run", "go to the table", "--label", "unicorn_1=hello"], "apple_1"),
        (["run", "go to the table", "--calibration", "missing.json"], "offline does not"),
        (["calibrate", "missing.jsonl"], "missing.jsonl"),
        (["mock-cloud", "--wire", "carrier pigeon"], "openai, anthropic"),
        (["run", "go to it", "--model", "local:http://127.0.0.1:1/v1#m", "--cache", "/dev/null"], "kept in"),
        (["replay", "missing"], "missing"),
        (["cost", "missing"], "missing"),
        (["bench", "missing.yaml"], "missing.yaml"),
        (["show", "missing"], "missing"),
        (["runs", "missing"], "missing"),
        (["pddl"], "--goal"),
        (["pddl", "--goal", "(holdng apple_1)"], "holding"),
        (["repair", "--domain", "d.pddl", "--problem", "p.pddl", "--plan", "plan"], "d.pddl"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(arguments: list[str], expected: str, tmp_path: Path) -> None:
    if arguments[0] == "run":
        arguments = [*arguments, "--run-dir", str(tmp_path)]
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2, result.output
    assert expected in result.stderr and len(result.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_skills_lists_every_contract() -> None:
    result = runner.invoke(app, ["skills", "--pddl"])
    assert result.exit_code == 0 and "pick(item: item)" in result.stdout


@pytest.mark.sim
def test_a_written_problem_is_repaired_back_to_its_plan(tmp_path: Path) -> None:
    result = runner.invoke(app, ["pddl", "--goal", "(holding apple_1)", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    plan = tmp_path / "flawed.plan"
    plan.write_text("(pick apple_1)\n", encoding="utf-8")
    files = ["--domain", str(tmp_path / "domain.pddl"), "--problem", str(tmp_path / "problem.pddl")]
    result = runner.invoke(app, ["repair", *files, "--plan", str(plan)])
    assert result.exit_code == 0, result.output
    assert "insert go_to(close_counter)" in result.stdout and "(pick apple_1)" in result.stdout


@pytest.mark.sim
def test_an_instruction_is_written_as_a_problem(tmp_path: Path) -> None:
    result = runner.invoke(app, ["pddl", "bring me an apple", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "with_operator" in (tmp_path / "problem.pddl").read_text(encoding="utf-8")
    result = runner.invoke(app, ["pddl", "colourless green ideas", "--out", str(tmp_path)])
    assert result.exit_code == 2
