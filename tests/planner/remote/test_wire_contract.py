"""One contract for every wire: with the mock cloud always, with a real vendor under `-m live` and a key."""

from collections.abc import Iterator

import pytest

from planner.mock_cloud import MockCloud
from planner.model_settings import ModelSettings
from planner.models import KEYS, build_model
from planner.remote.model import PromptedModel
from planner.remote.profiles import ScorerName
from robots.catalogue import load_catalogue
from tests.fakes.wire_contract import check_wire

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def openai() -> Iterator[MockCloud]:
    with MockCloud("openai") as cloud:
        yield cloud


@pytest.fixture(scope="module")
def anthropic() -> Iterator[MockCloud]:
    with MockCloud("anthropic") as cloud:
        yield cloud


def check(name: str, environment: dict[str, str], scorer: ScorerName | None) -> None:
    model = build_model(name, load_catalogue(), ModelSettings(scorer=scorer), environment=environment)
    assert isinstance(model, PromptedModel)
    try:
        check_wire(model)
    finally:
        model.close()


@pytest.mark.parametrize("scorer", [None, "decisions", "letters", "verbal"])
def test_openai(openai: MockCloud, scorer: ScorerName | None) -> None:
    check("openai", openai.environment, scorer)


def test_anthropic(anthropic: MockCloud) -> None:
    check("anthropic", anthropic.environment, None)


@pytest.mark.parametrize("scorer", ["echo", "letters", "verbal"])
def test_local(openai: MockCloud, scorer: ScorerName) -> None:
    check(f"local:{openai.url}#mock", {}, scorer)


def test_langchain(openai: MockCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in openai.environment.items():
        monkeypatch.setenv(name, value)
    check("langchain:openai:gpt-4.1", {}, None)


@pytest.mark.live
@pytest.mark.parametrize("provider", list(KEYS))
def test_a_real_vendor(provider: str, vendor_keys: dict[str, str]) -> None:
    if KEYS[provider] not in vendor_keys:
        pytest.skip(f"{KEYS[provider]} is not set")
    check(provider, vendor_keys, None)
