"""Anybody's files are read; ours are read by others; whatever is wrong is one sentence with its line."""

from pathlib import Path
from typing import Any

import pddl
import pytest

from grounding import parse_formula
from planner.symbolic import find_plan, verify_plan
from planner.symbolic.commands import pddl_command, repair_command
from planner.symbolic.pddl import PddlError, read_domain, read_plan, read_problem, write_plan
from skills import HOUSEHOLD_CONTRACTS, SkillCall

TRICKY_DOMAIN = """; upper case, either, constants, costs, nested when and forall, no precondition
(DEFINE (DOMAIN Tricky)
  (:REQUIREMENTS :adl :typing :action-costs)
  (:types truck plane - vehicle package vehicle - thing place city - object)
  (:constants Hub - place)
  (:predicates (at ?t - thing ?p - place) (in ?p - package ?v - (either truck plane)) (open ?p - place)
    (clean))
  (:functions (total-cost) - number)
  (:action Load
    :parameters (?p - package ?v - (either truck plane) ?l - place)
    :precondition (and (at ?p ?l) (at ?v ?l) (or (open ?l) (= ?l Hub)))
    :effect (and (not (at ?p ?l)) (in ?p ?v) (increase (total-cost) 1)))
  (:action move
    :parameters (?v - vehicle ?a ?b - place)
    :precondition (and (at ?v ?a) (not (= ?a ?b)) (imply (clean) (exists (?q - package) (in ?q ?v))))
    :effect (and (at ?v ?b) (not (at ?v ?a))
      (forall (?q - package) (when (and (in ?q ?v) (open ?b)) (and (at ?q ?b) (not (in ?q ?v)))))))
  (:action open :parameters (?p - place) :effect (open ?p))
  (:action empty :parameters () :precondition () :effect (clean)))
"""
TRICKY_PROBLEM = """(define (problem P1) (:domain tricky)
 (:objects t1 - truck pl - plane pa pb - package A B - place)
 (:init (at t1 a) (at pl B) (at pa A) (at pb Hub) (= (total-cost) 0))
 (:goal (and (at pa b) (forall (?p - package) (or (at ?p B) (at ?p Hub)))))
 (:metric minimize (total-cost)))
"""


def _save(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_tricky_domain_is_read_planned_and_repaired(tmp_path: Path) -> None:
    domain_file = _save(tmp_path, "d.pddl", TRICKY_DOMAIN)
    problem_file = _save(tmp_path, "p.pddl", TRICKY_PROBLEM)
    domain = read_domain(domain_file)
    problem = read_problem(problem_file, domain)
    assert problem.universe.types["t1"] == {"truck", "vehicle", "thing"}
    world = (problem.facts, problem.universe, domain.operators)
    found = find_plan(problem.goal, *world, time_limit_s=20.0)
    assert found.steps is not None and len(found.steps) == 4
    assert verify_plan(found.steps, problem.goal, *world).is_success
    flawed = [step for step in found.steps if step != SkillCall("open", ("b",))]
    report = repair_command(domain_file, problem_file, _save(tmp_path, "plan", write_plan(flawed)))
    assert report.exit_code == 0 and report.result.distance == 1
    assert "insert open(b)" in report.text


def test_plan_files_of_every_planner_are_read(tmp_path: Path) -> None:
    text = "; cost = 3\n0.00: (PICK a b) [1.0]\n(go c) (go d); unit\n\n  12.5 (drop)\n"
    steps = read_plan(_save(tmp_path, "plan", text))
    assert [str(s) for s in steps] == ["pick(a, b)", "go(c)", "go(d)", "drop()"]
    assert read_plan(_save(tmp_path, "again", write_plan(steps))) == steps
    with pytest.raises(PddlError, match="line 2: expected a step"):
        read_plan(_save(tmp_path, "bad", "(go c)\npick a\n"))


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (
            ":parameters (?x) :precondition (q ?x) :effect (p ?x)",
            "line 2: action a: predicate 'q' is not",
        ),
        (
            ":parameters (?x)\n :precondition (p ?y) :effect (p ?x)",
            "line 3: action a: variable \\?y is not",
        ),
        (":parameters (?x - foo) :effect (p ?x)", "type 'foo' is not declared"),
        (":parameters (?x) :effect (p ?x ?x)", "takes 1 arguments, found 2"),
        (":parameters (?x) :effect (or (p ?x) (p ?x))", "'or' is not an effect"),
        (":parameters (?x) :effect (when (p ?x))", "'when' takes 2 parts"),
        (":parameters (?x) :precondition (> (f) 3) :effect (p ?x)", "numeric conditions"),
        (":parameters (?x) :precondition (p b) :effect (p ?x)", "there is no 'b'"),
        (":parameters ?x :effect (p ?x)", "expected :keyword"),
        (":parameters (?x) :duration 3", "expected :keyword"),
    ],
)
def test_a_wrong_action_is_one_sentence_with_its_line(tmp_path: Path, action: str, says: str) -> None:
    text = f"(define (domain d) (:predicates (p ?x))\n(:action a {action}))"
    with pytest.raises(PddlError, match=says):
        read_domain(_save(tmp_path, "d.pddl", text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected one"),
        ("hello", "line 1: 'hello' stands outside"),
        ("(define (domain d)\n(:types a", "line 2: the '\\(' of this line is never closed"),
        ("(define (domain d)))", "closes nothing"),
        ("(define (problem p))", "is it the domain file"),
        ("(define (domain d) (:durative-action x))", "durative actions: not supported"),
    ],
)
def test_a_file_that_is_no_domain_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(PddlError, match=says):
        read_domain(_save(tmp_path, "d.pddl", text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(:init (p c)) (:goal (p a))", "there is no 'c'; nearest: a"),
        ("(:init) (:goal (q a))", "goal: predicate 'q' is not declared"),
        ("(:init)", "section :goal is missing"),
        ("(:init) (:goal (p a)) (:goal (p a))", "occurs twice"),
        ("(:init) (:goal (p a) (p a))", "the goal is written"),
    ],
)
def test_a_wrong_problem_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    domain = read_domain(_save(tmp_path, "d.pddl", "(define (domain d) (:predicates (p ?x)))"))
    with pytest.raises(PddlError, match=says):
        problem = f"(define (problem p) (:domain d) (:objects a) {text})"
        read_problem(_save(tmp_path, "p.pddl", problem), domain)


def test_a_missing_file_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(PddlError, match="cannot be read: No such file"):
        read_domain(tmp_path / "none.pddl")


@pytest.mark.parametrize(
    "goal",
    [
        "(exactly 2 (?x - soda) (with_operator ?x))",
        "(exactly 0 (?x - item) (on ?x table))",
        "(and (forall (?x - fruit) (on ?x table)) (not (open fridge)))",
        "(exists (?x - (either fruit drink)) (in ?x fridge))",
    ],
)
def test_the_written_household_means_the_same_to_others(
    small_kitchen: Any, tmp_path: Path, goal: str
) -> None:
    home = small_kitchen
    files = pddl_command(HOUSEHOLD_CONTRACTS, home.facts, home.universe, parse_formula(goal))
    domain_file, problem_file = files.save(tmp_path / "out")
    assert pddl.parse_domain(domain_file).name == "household"
    domain = read_domain(domain_file)
    problem = read_problem(problem_file, domain)
    world = (problem.facts, problem.universe, domain.operators)
    ours, theirs = home.find(goal), find_plan(problem.goal, *world, time_limit_s=20.0)
    assert ours.steps is not None and theirs.steps is not None
    assert len(ours.steps) == len(theirs.steps)
    assert verify_plan(ours.steps, problem.goal, *world).is_success
    assert home.verify(theirs.steps, goal).is_success


def test_a_written_problem_is_read_by_others(small_kitchen: Any, tmp_path: Path) -> None:
    home, goal = small_kitchen, parse_formula("(and (on apple_1 table) (not (open fridge)))")
    _, path = pddl_command(HOUSEHOLD_CONTRACTS, home.facts, home.universe, goal).save(tmp_path)
    problem = pddl.parse_problem(path)
    assert {str(thing) for thing in problem.objects} == set(home.universe.types)
    assert len(problem.init) > len(home.facts)


def test_a_repair_that_cannot_work_exits_with_one(tmp_path: Path) -> None:
    domain = _save(tmp_path, "d.pddl", "(define (domain d) (:predicates (p) (q)) (:action a :effect (p)))")
    text = "(define (problem p) (:domain d) (:init) (:goal (q)))"
    report = repair_command(domain, _save(tmp_path, "p.pddl", text), _save(tmp_path, "plan", "(a)"))
    assert report.exit_code == 1 and report.text == "; no plan makes (q) true\n"
