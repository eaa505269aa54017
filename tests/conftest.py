"""Refuse to run beside PyPI's `safety`, and keep every test away from vendors."""

import importlib.metadata
import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a law, and the same laws are tried on the same examples everywhere.
settings.register_profile("household", deadline=None, derandomize=True)
settings.load_profile("household")

_KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "LOCAL_API_KEY")

_STARTED_WITH = {key: os.environ[key] for key in _KEYS if key in os.environ}


def pytest_configure(config: pytest.Config) -> None:
    if any((d.metadata["Name"] or "").lower() == "safety" for d in importlib.metadata.distributions()):
        pytest.exit("PyPI's package 'safety' is installed and shadows ours: pip uninstall safety", 2)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what costs money only when it is asked for by name: `pytest -m live`."""
    if "live" not in (config.option.markexpr or ""):
        for item in items:
            if item.get_closest_marker("live"):
                item.add_marker(pytest.mark.skip(reason="calls a real vendor; run it with -m live"))


@pytest.fixture(autouse=True)
def _no_vendor_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in _KEYS:
        if key in os.environ:
            monkeypatch.delenv(key)


@pytest.fixture(scope="session")
def vendor_keys() -> dict[str, str]:
    """What `live` tests may use: the keys that the run was started with."""
    return dict(_STARTED_WITH)


@pytest.fixture(scope="session")
def project_root() -> Path:
    return Path(__file__).resolve().parent.parent
