"""Run by `make wheel-test`: the installed wheel, not the source tree, plans a chore end to end."""

import sys
from pathlib import Path

import planner
from planner.cli import main

site = Path(sys.argv[1]).resolve()
assert Path(planner.__file__).resolve().is_relative_to(site), f"{planner.__file__} is not from the wheel"
sys.argv = ["saycando", "plan", "bring me an apple"]
main()
