"""Run by `make wheel-test`: the installed wheel, not the source tree, plans a chore over a model's wire."""

import os
import sys
from pathlib import Path

import planner
from planner.cli import main
from planner.mock_cloud import MockCloud

site = Path(sys.argv[1]).resolve()
assert Path(planner.__file__).resolve().is_relative_to(site), f"{planner.__file__} is not from the wheel"
with MockCloud("openai") as cloud:
    os.environ.update(cloud.environment)
    sys.argv = ["saycando", "plan", "bring me an apple", "--model", "openai"]
    main()
