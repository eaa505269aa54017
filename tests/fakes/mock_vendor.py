"""A vendor whose answers come from the mock cloud's brain, and whose faults come from the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planner.mock_cloud.anthropic_wire import AnthropicWire
from planner.mock_cloud.brain import Brain
from planner.mock_cloud.openai_wire import OpenAIWire
from robots.catalogue import load_catalogue
from tests.fakes.vendor import Reply, Vendor

Fault = Callable[[int, str, Any], Reply | None]
"""From the number of a request (from 1), its path and body to a reply instead of the right one, or None."""


def mock_vendor(fault: Fault = lambda number, path, body: None) -> Vendor:
    """Return a vendor that checks requests by the SDKs' types and answers as the offline model would."""
    brain = Brain(load_catalogue())
    wires = {"/v1/messages": AnthropicWire(brain)}
    openai = OpenAIWire(brain)
    count = 0

    def answer(path: str, body: Any) -> Reply:
        nonlocal count
        count += 1
        bad = fault(count, path, body)
        return bad or Reply(json=wires.get(path, openai).answer(path, body))

    return Vendor.answering(answer)
