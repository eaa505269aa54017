"""Use the library from Python, without the command line.

Look at the scene, ask what could be done and how likely it is to work, repair a plan that forgot a step, and
hear why a plan cannot work. Nothing moves.

    python examples/use_the_library.py

    facts about the apple: (in apple_1 fridge)
    pick(apple_1): can 0.00, because fridge, where apple_1 is, is closed
    insert go_to(fridge)
      without it here, open(fridge) is not possible: the robot must be at fridge, but it is at operator
    insert open(fridge)
      without it here, pick(apple_1) is not possible: fridge must be open, but it is closed
    insert go_to(operator)
      without it here, hand_over(apple_1) is not possible: the robot must be at operator, but it is at fridge
    opening the apple: no plan makes (open apple_1) true
"""

from grounding import parse_formula
from planner.session import SessionOptions, open_session
from planner.symbolic import repair_plan
from skills import SkillCall
from skills.library import household_library

FORGETFUL = (SkillCall("pick", ("apple_1",)), SkillCall("hand_over", ("apple_1",)))


def main() -> None:
    library = household_library()
    with open_session(objects={"apple_1": "fridge"}, options=SessionOptions(run_root=None)) as home:
        scene = home.look()
    about_apple = sorted(fact for fact in scene.facts if "apple_1" in fact)
    print("facts about the apple:", " ".join(f"({' '.join(fact)})" for fact in about_apple))

    call = SkillCall("pick", ("apple_1",))
    affordance = library["pick"].affordance(call, scene)
    print(f"{call}: can {affordance.probability:.2f}, because {'; '.join(affordance.reasons)}")

    operators = [contract.operator for contract in library.contracts]
    goal = parse_formula("(with_operator apple_1)")
    repaired = repair_plan(FORGETFUL, goal, scene.facts, scene.universe, operators)
    for edit in repaired.edits:
        print(f"{edit.kind} {edit.call}\n  {edit.reason}")

    hopeless = repair_plan((), parse_formula("(open apple_1)"), scene.facts, scene.universe, operators)
    print("opening the apple:", hopeless.reason)


if __name__ == "__main__":
    main()
