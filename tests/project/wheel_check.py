"""Run by `make wheel-test`: the installed wheel, not the source tree, plans a chore over a model's wire."""

import os
import sys
from pathlib import Path

import planner
from planner.cli import main
from planner.mock_cloud import MockCloud
from safety.instruction import judge
from safety.rulebook import Rulebook

site = Path(sys.argv[1]).resolve()
assert Path(planner.__file__).resolve().is_relative_to(site), f"{planner.__file__} is not from the wheel"
assert judge("Put the fork in the microwave.", ()).rule, "the wheel lacks the data of the instruction gate"
assert len(Rulebook.load().rules) >= 20, "the wheel lacks the safety rules or their lock"
with MockCloud("openai") as cloud:
    os.environ.update(cloud.environment)
    sys.argv = ["saycando", "plan", "bring me an apple", "--model", "openai"]
    main()
