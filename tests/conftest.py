"""Refuse to run beside PyPI's `safety`, and keep every test away from vendors."""

import importlib.metadata
import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a law, and the same laws are tried on the same examples everywhere.
settings.register_profile("household", deadline=None, derandomize=True)
settings.load_profile("household")

_KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY")


def pytest_configure(config: pytest.Config) -> None:
    if any((d.metadata["Name"] or "").lower() == "safety" for d in importlib.metadata.distributions()):
        pytest.exit("PyPI's package 'safety' is installed and shadows ours: pip uninstall safety", 2)


@pytest.fixture(autouse=True)
def _no_vendor_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in _KEYS:
        if key in os.environ:
            monkeypatch.delenv(key)


@pytest.fixture(scope="session")
def project_root() -> Path:
    return Path(__file__).resolve().parent.parent
