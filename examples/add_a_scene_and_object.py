"""Add your own scene and object.

A home is a YAML list of parametric furniture, an object one catalogue entry; both are read and checked before
the simulator starts. The language model learns the new names from the same files.

    python examples/add_a_scene_and_object.py

    plan: pick(rubber_duck_1), go_to(guest), hand_over(rubber_duck_1)
    the goal holds: rubber_duck_1 is with the guest
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from planner.session import SessionOptions, open_session
from robots.catalogue import load_catalogue
from robots.pybullet import load_layout

HOME = """
name: studio
fixtures:
- {type: counter, name: bar, at: [0.3, 1.3, 90], width: 1.4}
- {type: bin, name: waste_bin, at: [1.6, 1.3, 90]}
- {type: person, name: guest, at: [-1.4, -0.5, 180]}
"""

OBJECTS = """
categories:
  rubber_duck:
    shape: box
    size: [0.06, 0.05, 0.06]
    mass: 0.08
    colour: [1.0, 0.85, 0.1]
    attributes: [toy]
    synonyms: [duck, bath duck]
"""


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "home.yaml").write_text(HOME, encoding="utf-8")
        (folder / "objects.yaml").write_text(OBJECTS, encoding="utf-8")
        options = SessionOptions(
            run_root=None,
            layout=load_layout(folder / "home.yaml"),
            catalogue=load_catalogue(folder / "objects.yaml"),
        )
        objects = {"rubber_duck_1": "bar", "apple_1": "bar"}
        with open_session(objects=objects, robot_at="bar", seed=0, options=options) as home:
            report = home.run("Please give me the bath duck.")
    print("plan:", ", ".join(str(step.call) for step in report.plan))
    if report.succeeded:
        print("the goal holds: rubber_duck_1 is with the guest")
    else:
        print(f"stopped: {report.reason}")


if __name__ == "__main__":
    main()
