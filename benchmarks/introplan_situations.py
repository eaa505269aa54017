"""Turn IntroPlan's household scenes into the labelled situations that `saycando calibrate` fits on.

    python -m benchmarks.introplan_situations KNOWLEDGE_TXT [--out benchmarks/situations.jsonl] [--seed 0]

Data: the 200 mobile-manipulation scenes of IntroPlan (Liang, Zhang and Fisac, Introspective Planning:
Aligning Robots' Uncertainty with Inherent Task Ambiguity, NeurIPS 2024; MIT licence), themselves in the style
of KnowNo (Ren et al., CoRL 2023). A situation keeps their number in its id. Wording of the options is ours.

The options are every scene object at every place that the instruction could mean, and at both drawers where
it means one; an object is not put next to or into itself. Right is what the person meant. In an ambiguous
scene the person meant one of several likely readings, drawn at random: no scorer can know it; it should ask.
Two labels are what a careless person meant, not what is safe: a metal bowl in the microwave (679 and 737).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from planner.calibration import Situation, SituationError

PLACES = {
    "pick-up": "bring {} to the pick-up",
    "top drawer": "put {} in the top drawer",
    "bottom drawer": "put {} in the bottom drawer",
    "recycling": "put {} in the recycling bin",
    "landfill": "put {} in the landfill bin",
    "compost": "put {} in the compost bin",
    "microwave": "put {} in the microwave",
    "cooktop": "put {} on the cooktop",
}
"""Phrase per place; any other place must be an object of the scene, and means next to it."""
DRAWERS = ("top drawer", "bottom drawer")
FIELDS = (
    "Scene",
    "Task",
    "User intent (object)",
    "User intent (location)",
    "Possible objects",
    "Possible locations",
    "Scene objects",
    "Task category",
)


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A situation and how many of its options are likely readings of the instruction."""

    situation: Situation
    category: str
    readings: int

    @property
    def is_ambiguous(self) -> bool:
        """Say whether a likely reading of the instruction is not what the person meant."""
        return self.readings > len(self.situation.acceptable)


def convert(record: str, rng: np.random.Generator) -> Converted:
    """Turn one record, a number and `Field: value` lines, into a situation with its options in random order.

    Raises:
        SituationError: If a field is missing or names what is neither a place nor in the scene.
    """
    number, *lines = record.strip().split("\n")
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    if missing := [name for name in FIELDS if not fields.get(name, "").strip()]:
        raise SituationError(f"field {missing[0]!r} is missing; fields: {', '.join(FIELDS)}")
    many = {name: [part.strip() for part in fields[name].split(",")] for name in FIELDS[2:7]}
    things, places = many["Scene objects"], many["Possible locations"]
    if any(place in DRAWERS for place in places):
        places = [*places, *(drawer for drawer in DRAWERS if drawer not in places)]
    options = _phrases(things, places, things)
    readings = _phrases(many["Possible objects"], many["Possible locations"], things)
    situation = Situation(
        id=f"introplan-{number.strip()}",
        scene=fields["Scene"].strip(),
        instruction=fields["Task"].strip(),
        options=tuple(options[i] for i in rng.permutation(len(options))),
        acceptable=tuple(_phrases(many["User intent (object)"], many["User intent (location)"], things)),
    )
    return Converted(situation=situation, category=fields["Task category"].strip(), readings=len(readings))


def _phrases(objects: Sequence[str], places: Sequence[str], things: Sequence[str]) -> list[str]:
    for place in places:
        if place not in PLACES and place not in things:
            known = ", ".join([*PLACES, *things])
            raise SituationError(f"location {place!r} is no place and not in the scene; valid are {known}")
    return [
        PLACES.get(place, f"put {{}} next to {place}").format(thing)
        for thing in objects
        for place in places
        if not thing.endswith(place)  # "portable induction cooktop" is the cooktop
    ]


def summary(used: Sequence[Converted], skipped: Sequence[str]) -> str:
    """Return what was used, what was skipped and why, and what the situations look like."""
    sizes = Counter(len(c.situation.options) for c in used)
    kinds = Counter(c.category for c in used)
    ambiguous = sum(c.is_ambiguous for c in used)
    several = sum(len(c.situation.acceptable) > 1 for c in used)
    texts = Counter((frozenset(c.situation.options), c.situation.instruction) for c in used)
    return "\n".join(
        [
            f"{len(used)} situations, {len(skipped)} records skipped",
            *(f"  skipped {reason}" for reason in skipped),
            "options per situation: " + ", ".join(f"{k} in {n}" for k, n in sorted(sizes.items())),
            f"ambiguous: {ambiguous} ({ambiguous / len(used):.0%}); several acceptable options: {several}",
            f"situations with the options and the instruction of an earlier one: {len(used) - len(texts)}",
            "categories: " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()),
        ]
    )


def main() -> None:
    """Write the situations and print what was used, skipped and why."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("knowledge", type=Path, help="IntroPlan's knowledge file")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("situations.jsonl"))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    used: list[Converted] = []
    skipped: list[str] = []
    for record in re.split(r"\n\s*\n", arguments.knowledge.read_text(encoding="utf-8").strip()):
        try:
            used.append(convert(record, rng))
        except SituationError as error:
            skipped.append(f"{record.split(maxsplit=1)[0]}: {error}")
    if not used:
        parser.error(f"{arguments.knowledge} holds no usable record; each needs {', '.join(FIELDS)}")
    lines = [json.dumps(asdict(c.situation), ensure_ascii=False) for c in used]
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(summary(used, skipped))


if __name__ == "__main__":
    main()
