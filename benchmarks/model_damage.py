"""Right answers of a language model, and random damage to them: what `benchmarks.model_fuzz` gives out."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from grounding import Fact

SURFACES = ("table", "close_counter", "far_counter")
SENSIBLE = (
    *("go_to surface", "pick thing", "place thing surface", "put_in thing box", "hand_over thing"),
    *("open box", "find thing", "close box", "go_to box"),
)
SKILLS = ("go_to", "pick", "place", "put_in", "hand_over", "open", "close", "find", "pour", "wipe", "fly")
ODD_TEXTS = (
    *(
        "",
        " ",
        "\x00",
        "\u2028\x85\n# Scene\n",
        "\ud800",
        "\U0010ffff",
        "a" * 5000,
        "名" * 500,
        "APPLE_1",
        "?x",
    ),
    *(
        "apple_1",
        "unicorn_1",
        "operator",
        "item",
        "done()",
        "fly_to",
        "pick",
        "(",
        ")))",
        "()",
        "{}",
        '"',
        "\\",
    ),
)
ODD = (
    *ODD_TEXTS,
    *(None, True, False, 0, -1, 10**400, 0.5, -0.0, 1e300),
    *([], {}, [[]], {"": None}, ["apple_1"] * 3, {"skill": "pick", "arguments": ["apple_1"]}),
)
RAW = (
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 5000,
    "[" * 20_000,
    "tru",
    "'x'",
    '"\\ud83d"',
    '{"a": 1, "a": 2}',
    "",
)
GOALS = (
    *("(and)", "(or)", "(not (and))", "(holding unicorn_1)", "(in apple_1 apple_1)", "(on bowl_1 fridge)"),
    *(
        "(exactly 3 (?x - item) (with_operator ?x))",
        "(exactly 99999999999999999999 (?x - item) (holding ?x))",
    ),
    *("(forall (?a ?b ?c ?d) (imply (on ?a ?b) (on ?c ?d)))", "(exactly ² (?x - item) (holding ?x))"),
    *("(exists (?x - ()) (holding ?x))", "(not (robot_at table))", "(blocks apple_1 table)"),
    *(
        "(and (holding apple_1) (gripper_empty))",
        "(exists (?\ud800 - item) (holding ?\ud800))",
        "(visited fridge)",
    ),
    *("(forall (?x) (= ?x ?x))", "(on apple_1 table", "put it there", "(not " * 60 + "(and)" + ")" * 60),
)
WRAPS = ("Sure!\n```json\n{}\n```", "{}{}", "[{}]", "\ufeff{}", "{} // done", "{}\n\n")


def step_of(skill: str, *arguments: str) -> dict[str, Any]:
    """Return one step of an answer."""
    return {"skill": skill, "arguments": list(arguments), "reason": "wanted", "alternatives": []}


def right_plan(things: Sequence[str], facts: Collection[Fact], rng: random.Random) -> dict[str, Any]:
    """Return a right answer: bring a thing to the person, into the bin, or onto a surface."""
    thing = rng.choice(things)
    place = next((f[2] for f in sorted(facts) if f[0] in ("on", "in") and f[1] == thing), "table")
    target = rng.choice([p for p in (*SURFACES, "operator", "trash_can") if p != place])
    last, goal = ["place", thing, target], f"(on {thing} {target})"
    if target == "operator":
        last, goal = ["hand_over", thing], f"(with_operator {thing})"
    elif target == "trash_can":
        last, goal = ["put_in", thing, target], f"(in {thing} {target})"
    opening = [["open", place]] if place == "fridge" else []
    steps = [["go_to", place], *opening, ["pick", thing], ["go_to", target], last]
    any_goal = f"(exists (?x - item) {goal.replace(thing, '?x')})"
    return {
        "not_understood": None,
        "question": None,
        "options": [],
        "goal": rng.choice((goal, goal, any_goal, None)),
        "steps": [step_of(*step) for step in steps],
    }


class Damage:
    """Turns right answers into what a model may have said instead."""

    def __init__(self, rng: random.Random, names: tuple[str, ...]) -> None:
        """Take the source of chance, and the names of things and places."""
        self._rng = rng
        self._names = names

    def to_plan(self, answer: dict[str, Any]) -> str:
        """Return a decomposition as text, damaged at least once."""
        ways = (self._mutate, self._invent, self._invent, self._invent, self._nonsense, self._twist)
        return self._to_text(answer, ways)

    def to_chances(self, answer: dict[str, Any]) -> str:
        """Return chances of options as text, damaged at least once."""
        return self._to_text(answer, (self._mutate, self._lie, self._lie))

    def to_reply(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a Decisions reply, damaged at least once; whatever it is, it is JSON."""
        for _ in range(self._rng.randint(1, 3)):
            self._mutate(body)
        body.setdefault("answers", [])
        return body

    def _to_text(self, answer: dict[str, Any], ways: tuple[Callable[[Any], None], ...]) -> str:
        changes = self._rng.choice((0, 1, 1, 2))
        for _ in range(changes):
            self._rng.choice(ways)(answer)
        text = json.dumps(answer, ensure_ascii=self._rng.random() < 0.5)
        if changes and self._rng.random() < 0.7:
            return text
        ruin = (self._cut, self._swap, self._raw, self._wrap, self._scatter, self._twice, self._huge)
        return self._rng.choice(ruin)(text)

    # ---- of data ----

    def _mutate(self, answer: Any) -> None:
        for _ in range(self._rng.randint(1, 3)):
            places = list(_places(answer))
            if not places:
                return
            parent, key = self._rng.choice(places)
            match self._rng.randrange(3):
                case 0:
                    del parent[key]
                case 1:
                    parent[key] = json.loads(json.dumps(self._rng.choice((parent[key], answer))))
                case _:
                    parent[key] = self._rng.choice(ODD)

    def _invent(self, answer: Any) -> None:
        """Put calls that nobody asked for, valid or not, among the steps and alternatives."""
        steps = answer.get("steps")
        if not isinstance(steps, list):
            return
        rng = self._rng
        calls = [self._call() for _ in range(4)]
        at = rng.randint(0, len(steps))
        steps[at : at + rng.randint(0, 2)] = [step_of(*call) for call in calls[: rng.randint(1, 4)]]
        for step in steps:
            if isinstance(step, dict):
                step["alternatives"] = [{"skill": s, "arguments": a} for s, *a in calls if rng.random() < 0.3]

    def _call(self) -> list[str]:
        """Return a call: mostly one that makes sense by itself, else any skill with any names."""
        things = [name for name in self._names if name.endswith("_1")]
        kinds = {
            "thing": things,
            "surface": SURFACES,
            "box": ("fridge", "trash_can", "bowl_1"),
            "any": self._names,
        }
        skill, *parameters = self._rng.choice(SENSIBLE).split()
        if self._rng.random() < 0.4:
            skill, parameters = self._rng.choice(SKILLS), ["any"] * self._rng.choice((1, 1, 2))
        return [skill, *(self._rng.choice(kinds[kind]) for kind in parameters)]

    def _nonsense(self, answer: Any) -> None:
        answer["goal"] = self._rng.choice((self._rng.choice(GOALS), self._formula(2), self._formula(4)))

    def _twist(self, answer: Any) -> None:
        steps = answer.get("steps")
        if isinstance(steps, list):
            self._rng.shuffle(steps)
        changes = (
            {"question": "which?", "options": ["apple_1", "\ud800", "# Scene"]},
            {"question": "", "options": [], "not_understood": ""},
            {"not_understood": "no\n# Instruction of the person"},
            {"steps": []},
            {"steps": steps * 30 if isinstance(steps, list) else steps},
            {"goal": None, "steps": []},
        )
        answer.update(self._rng.choice(changes))

    def _lie(self, answer: Any) -> None:
        """Rate at random, or with numbers that are no chances."""
        if self._rng.random() < 0.6:
            answer.update({key: self._rng.randrange(101) for key in answer})
        else:
            answer.update({key: self._rng.choice((0, 100, 3, -5, 1e300, True, "7")) for key in answer})

    def _formula(self, depth: int) -> str:
        rng = self._rng
        if depth == 0 or rng.random() < 0.2:
            word = rng.choice(
                ("on", "in", "holding", "open", "robot_at", "with_operator", "above", "near", "=")
            )
            terms = (*rng.sample(self._names, 4), "?x", "?y", "nothing")
            return f"({word} {' '.join(rng.choices(terms, k=rng.choice((1, 2, 2))))})"
        inner = [self._formula(depth - 1) for _ in range(rng.randint(1, 3))]
        kind = rng.choice(("item", "place", "fruit", "object", "either", "(either can fruit)"))
        heads = (
            "and",
            "or",
            "not",
            "imply",
            f"exists (?x - {kind})",
            f"forall (?x ?y - {kind})",
            "exactly 1 (?y)",
        )
        head = rng.choice(heads)
        body = inner if head in ("and", "or") else inner[:2] if head == "imply" else inner[:1]
        return f"({head} {' '.join(body)})"

    # ---- of text ----

    def _cut(self, text: str) -> str:
        return text[: self._rng.randint(0, len(text))]

    def _swap(self, text: str) -> str:
        words = (*self._names, "pick", "place", "go_to", "steps", "goal", "o0", "o1")
        one, other = self._rng.sample(words, 2)
        return text.replace(one, "\0").replace(other, one).replace("\0", other)

    def _raw(self, text: str) -> str:
        values = list(re.finditer(r'null|\d+|"[^"]*"', text))
        if not values:
            return self._rng.choice(RAW)
        found = self._rng.choice(values)
        return text[: found.start()] + self._rng.choice(RAW) + text[found.end() :]

    def _wrap(self, text: str) -> str:
        return self._rng.choice(WRAPS).replace("{}", text)

    def _scatter(self, text: str) -> str:
        for _ in range(self._rng.randint(1, 8)):
            at = self._rng.randint(0, len(text))
            letters = (self._rng.randrange(128), self._rng.randrange(0xD800), 0x1F916)
            text = text[:at] + chr(self._rng.choice(letters)) + text[at + self._rng.randint(0, 1) :]
        return text

    def _twice(self, text: str) -> str:
        return text.replace("{", '{"goal": null, "o0": 1, ', 1)

    def _huge(self, text: str) -> str:
        longer = (text + " " * 100_000, text.replace("wanted", "w" * 30_000), text.replace("_1", "_1" * 3000))
        return self._rng.choice(longer)


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every parent and key in a JSON value."""
    inside = list(
        node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    )
    for key, value in inside:
        yield node, key
        yield from _places(value)
