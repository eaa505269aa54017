"""Room skills: the household contracts, read together like the PDDL domain that they are.

Each says what must hold before and what holds after. Implementations and affordances are attached in
`skills.library`; the planner, the verifier and the PDDL writer see only this.
"""

from __future__ import annotations

from .skill import Contract, define_contract

_NO_OPEN_DRAWER_ABOVE = "(not (exists (?d - drawer) (and (above ?d {0}) (open ?d))))"
_IS_OPEN_IF_OPENABLE = "(forall (?o - openable) (imply (= ?o {0}) (open ?o)))"
_AT_RECEPTACLE = "(exists (?p - place) (and (robot_at ?p) (or (on {0} ?p) (in {0} ?p))))"
_LEAVES_EVERYTHING = """(forall (?p - place) (not (on ?item ?p)))
    (forall (?c - container) (not (in ?item ?c)))
    (forall (?r - receptacle) (not (in ?item ?r))) (forall (?s - surface) (not (blocks ?item ?s)))
    (not (with_operator ?item))"""
_ARRIVES = """(robot_at {0}) (visited {0})
    (forall (?o - place) (when (same_station {0} ?o) (and (robot_at ?o) (visited ?o))))
    (forall (?o - place) (when (not (or (= {0} ?o) (same_station {0} ?o))) (not (robot_at ?o))))"""

GO_TO = define_contract(
    "go_to",
    parameters="?place - place",
    description="Drive to a place.",
    precondition="(and)",
    effect=f"(and {_ARRIVES.format('?place')})",
)

FIND = define_contract(
    "find",
    parameters="?item - item",
    description="Drive to where an item is and look at it.",
    precondition="(and (not (holding ?item)) (forall (?c - openable) (imply (in ?item ?c) (open ?c))))",
    effect=f"""(and (found ?item) (forall (?place - place)
    (when (or (on ?item ?place) (in ?item ?place)
              (exists (?r - receptacle) (and (in ?item ?r) (or (on ?r ?place) (in ?r ?place)))))
      (and {_ARRIVES.format("?place")}))))""",
)

PICK = define_contract(
    "pick",
    parameters="?item - item",
    description="Grasp an item and lift it; the robot stands where the item is and its gripper is empty.",
    precondition=f"""(and (gripper_empty) (or
    (exists (?p - surface) (and (robot_at ?p) (on ?item ?p)))
    (exists (?p - person) (and (robot_at ?p) (with_operator ?item)))
    (exists (?c - container) (and (robot_at ?c) (in ?item ?c) {_IS_OPEN_IF_OPENABLE.format("?c")}
      {_NO_OPEN_DRAWER_ABOVE.format("?c")}))
    (exists (?r - receptacle) (and (in ?item ?r) {_AT_RECEPTACLE.format("?r")}))))""",
    effect=f"(and (holding ?item) (not (gripper_empty)) {_LEAVES_EVERYTHING})",
)

PLACE = define_contract(
    "place",
    parameters="?item - item ?surface - surface",
    description="Put the held item down on a surface where the robot stands.",
    precondition="(and (holding ?item) (robot_at ?surface))",
    effect="(and (on ?item ?surface) (gripper_empty) (not (holding ?item)))",
)

PUT_IN = define_contract(
    "put_in",
    parameters="?item - item ?container - (either container receptacle)",
    description="Put the held item into a bin, sink, drawer, fridge, microwave, bowl or cup.",
    precondition=f"""(and (holding ?item) (not (= ?item ?container))
    {_IS_OPEN_IF_OPENABLE.format("?container")} {_NO_OPEN_DRAWER_ABOVE.format("?container")}
    (or (exists (?c - container) (and (= ?c ?container) (robot_at ?c)))
        (exists (?r - receptacle) (and (= ?r ?container) {_AT_RECEPTACLE.format("?r")}))))""",
    effect="(and (in ?item ?container) (gripper_empty) (not (holding ?item)))",
)

HAND_OVER = define_contract(
    "hand_over",
    parameters="?item - item",
    description="Give the held item to the person; the robot stands at the operator.",
    precondition="(and (holding ?item) (exists (?p - person) (robot_at ?p)))",
    effect="(and (with_operator ?item) (gripper_empty) (not (holding ?item)))",
)

OPEN = define_contract(
    "open",
    parameters="?container - openable",
    description="Open a door or drawer; needs an empty gripper.",
    precondition=f"""(and (gripper_empty) (robot_at ?container) (not (open ?container))
    {_NO_OPEN_DRAWER_ABOVE.format("?container")})""",
    effect="(open ?container)",
)

CLOSE = define_contract(
    "close",
    parameters="?container - openable",
    description="Close a door or drawer; needs an empty gripper.",
    precondition="(and (gripper_empty) (robot_at ?container) (open ?container))",
    effect="(not (open ?container))",
)

TURN_ON = define_contract(
    "turn_on",
    parameters="?device - switchable",
    description="Switch on the stove, the microwave (door closed) or the sink's tap.",
    precondition="""(and (gripper_empty) (robot_at ?device) (not (turned_on ?device))
    (forall (?o - openable) (imply (= ?o ?device) (not (open ?o)))))""",
    effect="(turned_on ?device)",
)

TURN_OFF = define_contract(
    "turn_off",
    parameters="?device - switchable",
    description="Switch off the stove, the microwave or the sink's tap.",
    precondition="(and (gripper_empty) (robot_at ?device) (turned_on ?device))",
    effect="(not (turned_on ?device))",
)

WIPE = define_contract(
    "wipe",
    parameters="?surface - surface",
    description="Wipe a surface with the sponge or towel that the gripper holds.",
    precondition="""(and (exists (?tool - cleaning) (holding ?tool)) (robot_at ?surface)
    (not (exists (?i - item) (blocks ?i ?surface))))""",
    effect="(wiped ?surface)",
    timeout_s=90.0,
)

POUR = define_contract(
    "pour",
    parameters="?item - pourable ?target - (either receptacle sink)",
    description="Pour what is in the held bottle, carton or cup into a cup, bowl or the sink.",
    precondition=f"""(and (holding ?item) (filled ?item) (not (= ?item ?target)) (or
    (exists (?s - sink) (and (= ?s ?target) (robot_at ?s)))
    (exists (?r - receptacle) (and (= ?r ?target) {_AT_RECEPTACLE.format("?r")}))))""",
    effect="""(and (poured ?item ?target) (not (filled ?item))
    (forall (?r - receptacle) (when (= ?r ?target) (filled ?r))))""",
)

PUSH = define_contract(
    "push",
    parameters="?item - item ?direction - direction",
    description="Push an item on a surface away, closer, left or right by about a hand's width.",
    precondition="(and (gripper_empty) (exists (?p - surface) (and (robot_at ?p) (on ?item ?p))))",
    effect="(pushed ?item ?direction)",
)

HOUSEHOLD_CONTRACTS: tuple[Contract, ...] = (
    GO_TO,
    FIND,
    PICK,
    PLACE,
    PUT_IN,
    HAND_OVER,
    OPEN,
    CLOSE,
    TURN_ON,
    TURN_OFF,
    WIPE,
    POUR,
    PUSH,
)
