"""Do probabilities mean something: what was predicted against what then happened in physics.

    python -m benchmarks.affordance_calibration [--scenes 10] [--picks] [--seed 0] [--json OUT]

Random items on random places; every pick (and what can be done with the item then) that the affordance calls
possible is tried once from a saved moment, and the affordance is compared with the effect in the next scene.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from grounding import OraclePerception, Scene
from robots.catalogue import Catalogue, load_catalogue
from robots.pybullet import open_kitchen
from robots.pybullet.kitchen import PybulletKitchen
from robots.setup import ImpossibleStart, SceneSetup
from skills import SkillCall, SkillContext
from skills.library import SkillLibrary, household_library

PLACES = ("close_counter", "far_counter", "table", "stove", "sink", "fridge", "top_drawer", "operator")
FOLLOW_UPS = {
    "operator": ("hand_over",),
    "close_counter": ("place",),
    "far_counter": ("place",),
    "table": ("place",),
    "stove": ("place",),
    "sink": ("put_in",),
    "fridge": ("put_in",),
    "top_drawer": ("put_in",),
}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One call from one scene."""

    call: str
    category: str
    place: str
    predicted: float
    reasons: tuple[str, ...]
    succeeded: bool
    outcome: str


def trials(scenes: int, seed: int, *, is_pick_only: bool = False) -> Iterator[Trial]:
    """Yield every trial of `scenes` random scenes."""
    catalogue, library = load_catalogue(), household_library()
    rng = np.random.default_rng(seed)
    for number in range(scenes):
        place = PLACES[int(rng.integers(len(PLACES)))]
        kinds = rng.choice(sorted(catalogue.categories), size=int(rng.integers(2, 6)), replace=False)
        items = {f"{kind}_1": place for kind in kinds}
        setup = SceneSetup(items=items, robot_at=place, opened=frozenset({"fridge", "top_drawer"} & {place}))
        try:
            kitchen = open_kitchen(setup, seed=seed * 1000 + number, catalogue=catalogue)
        except ImpossibleStart:
            continue
        try:
            for item in items:
                follow_ups = () if is_pick_only else FOLLOW_UPS[place]
                yield from _try_item(kitchen, catalogue, library, item, place, follow_ups)
        finally:
            kitchen.close()


def _try_item(
    kitchen: PybulletKitchen,
    catalogue: Catalogue,
    library: SkillLibrary,
    item: str,
    place: str,
    follow_ups: tuple[str, ...],
) -> Iterator[Trial]:
    saved = kitchen.save()
    perception = OraclePerception(kitchen, catalogue)
    picked = _try(kitchen, perception, library, SkillCall("pick", (item,)), place)
    yield picked
    if picked.succeeded:
        for skill in follow_ups:
            arguments = (item,) if skill == "hand_over" else (item, place)
            yield _try(kitchen, perception, library, SkillCall(skill, arguments), place)
    kitchen.restore(saved)
    kitchen.forget(saved)


def _try(
    kitchen: PybulletKitchen, perception: OraclePerception, library: SkillLibrary, call: SkillCall, place: str
) -> Trial:
    def perceive() -> Scene:
        return perception.perceive(kitchen.robot.observe())

    skill = library[call.skill]
    can = skill.affordance(call, perceive())
    context = SkillContext(robot=kitchen.robot, perceive=perceive, rng=np.random.default_rng(0))
    outcome = skill.implementations[0].run(call, context)
    after = perceive()
    wanted = [
        e.atom.ground(skill.contract.operator.binding(call.arguments)) for e in skill.contract.effects[:1]
    ]
    return Trial(
        call=str(call),
        category=call.arguments[0].rpartition("_")[0],
        place=place,
        predicted=can.probability,
        reasons=can.reasons,
        succeeded=outcome.is_success and all(fact in after.facts for fact in wanted),
        outcome=outcome.reason,
    )


def report(done: list[Trial]) -> None:
    """Print success by predicted probability, and the failures."""
    for skill in sorted({t.call.partition("(")[0] for t in done}):
        mine = [t for t in done if t.call.startswith(f"{skill}(")]
        brier = np.mean([(t.predicted - t.succeeded) ** 2 for t in mine])
        rate = np.mean([t.succeeded for t in mine])
        print(
            f"{skill}: {len(mine)} trials, success {rate:.2f}, predicted {_mean(mine):.2f}, Brier {brier:.3f}"
        )
        for low, high in ((0.0, 0.01), (0.01, 0.6), (0.6, 0.85), (0.85, 0.93), (0.93, 1.01)):
            part = [t for t in mine if low <= t.predicted < high]
            if part:
                share = np.mean([t.succeeded for t in part])
                print(
                    f"   predicted {low:.2f}-{min(high, 1.0):.2f}: {len(part):>4} trials, success {share:.2f}"
                )
    for t in done:
        if t.succeeded is (t.predicted < 0.01):
            print(f"  {t.call} at {t.place}: predicted {t.predicted:.2f} {t.reasons}; {t.outcome}")


def _mean(done: list[Trial]) -> float:
    return float(np.mean([t.predicted for t in done]))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--picks", action="store_true", help="only picks, the quickest")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    done = list(trials(options.scenes, options.seed, is_pick_only=options.picks))
    report(done)
    if options.json:
        options.json.write_text(json.dumps([asdict(t) for t in done], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
