"""Models by one string: what it may say, what is missing to use it, what it costs, and who sees its key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import models
from planner.calibration import Calibration, CalibrationError
from planner.cli.app import app
from planner.language_model import LanguageModel
from planner.model_settings import ModelSettings
from planner.offline import OfflineModel
from planner.remote.errors import UnsuitableScorer
from planner.remote.gateway import CallSettings, PriceError, PriceTable, Tokens, load_prices
from planner.remote.model import PromptedModel
from planner.remote.profiles import SCORERS, load_profiles
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.symbolic_scene import catalogue

KEY = "sk-canary-0123456789abcdef"
WITH_KEYS = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY, "LOCAL_API_KEY": KEY}
LOCAL = "local:http://127.0.0.1:8000/v1#my-model"


@contextmanager
def built(
    name: str, environment: Mapping[str, str] = WITH_KEYS, settings: ModelSettings | None = None
) -> Iterator[LanguageModel]:
    model = models.build_model(name, catalogue(), settings, environment=environment)
    try:
        yield model
    finally:
        if isinstance(model, PromptedModel):
            model.close()


def sentence_of(error: pytest.ExceptionInfo[ValueError]) -> str:
    sentence = str(error.value)
    assert sentence.isprintable() and "canary" not in sentence, sentence
    return sentence


NAMES = {
    "offline": ("offline", ""),
    "openai": ("openai", "gpt-6-luna"),
    "openai:": ("openai", "gpt-6-luna"),
    "openai:ft:gpt-4o:own": ("openai", "ft:gpt-4o:own"),
    "anthropic": ("anthropic", "claude-haiku-5-5"),
    "anthropic:claude-opus-5-5": ("anthropic", "claude-opus-5-5"),
    "langchain:openai:gpt-4o": ("langchain", "openai:gpt-4o"),
    "langchain:ollama:llama3:8b": ("langchain", "ollama:llama3:8b"),
    LOCAL: ("local", "http://127.0.0.1:8000/v1#my-model"),
    "local:https://host#a:b#c": ("local", "https://host#a:b#c"),
}


def test_each_form_names_a_provider_and_a_model() -> None:
    for name, parsed in NAMES.items():
        assert models.parse_model(name) == parsed
        models.check_model(name)
    models.check_model("auto")


WRONG = {
    **dict.fromkeys(("", "gpt-4o", "OpenAI", "openai gpt-4o", "mock"), "; models: "),
    "offline:large": "offline has only one model",
    **dict.fromkeys(("langchain", "langchain:x", "langchain::m", "langchain:x:"), "needs a provider"),
    **dict.fromkeys(("local", "local:h:8000#m", "local:http://h/v1", "local:http://h#"), f"example {LOCAL}"),
    **dict.fromkeys(("local:ftp://h#m", "local:http://#m"), f"example {LOCAL}"),
}


@pytest.mark.parametrize(("name", "says"), WRONG.items())
def test_another_string_is_refused_with_every_form(name: str, says: str) -> None:
    build = partial(models.build_model, catalogue=catalogue())
    for refuse in (models.check_model, models.parse_model, build):
        with pytest.raises(models.UnknownModel) as error:
            refuse(name)
        sentence = sentence_of(error)
        assert sentence.startswith(f"there is no language model {name!r}") and says in sentence
        assert sentence.endswith("models: " + ", ".join(models.FORMS))


@pytest.mark.parametrize(
    "address",
    [
        "http://{}@127.0.0.1/v1#my-model",
        "http://{}@127.0.0.1:99x/v1#m",
        pytest.param("http://{}@127.0.0.1/v1"),
        pytest.param("http://{}@127.0.0.1/v1#"),
        pytest.param("ftp://{}@127.0.0.1/v1#my-model"),
    ],
)
@pytest.mark.parametrize("user", [KEY, f"user:{KEY}"])
def test_a_key_in_an_address_is_refused_and_not_repeated(address: str, user: str) -> None:
    with pytest.raises(models.UnknownModel) as error:
        models.parse_model(f"local:{address.format(user)}")
    assert "LOCAL_API_KEY" in sentence_of(error)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(models.UnknownModel, match="for example"):
        models.parse_model("local:http://[::1#m")


def test_auto_takes_the_provider_whose_key_is_set() -> None:
    openai, anthropic = {"OPENAI_API_KEY": KEY}, {"ANTHROPIC_API_KEY": KEY}
    found = [models.resolve("auto", e) for e in ({}, openai, anthropic, WITH_KEYS)]
    assert found == ["offline", "openai", "anthropic", "openai"]
    assert models.resolve("auto", {"OPENAI_API_KEY": ""}) == "offline"
    assert models.resolve("local:x", openai) == "local:x"
    with built("auto", {}) as model:
        assert isinstance(model, OfflineModel)
    with built("auto", anthropic) as model:
        assert model.name == "anthropic:claude-haiku-5-5"


SUITED = {"openai": "decisions", "openai:gpt-4.1-mini": "letters", "anthropic": "verbal", LOCAL: "echo"}


@pytest.mark.parametrize(("name", "method"), SUITED.items())
def test_a_model_rates_in_the_way_that_suits_it(name: str, method: str) -> None:
    with built(name) as model:
        assert isinstance(model, PromptedModel)
        assert model.name.startswith(name) and model.scorer.method == method


@pytest.mark.parametrize("provider", models.KEYS)
def test_a_missing_key_is_named_and_a_server_of_ones_own_needs_none(provider: str) -> None:
    with pytest.raises(models.ModelUnavailable) as error:
        models.build_model(provider, catalogue(), environment={})
    sentence = sentence_of(error)
    assert f"set {models.KEYS[provider]}" in sentence and f"{provider.upper()}_BASE_URL" in sentence
    with built(provider, {f"{provider.upper()}_BASE_URL": "http://127.0.0.1:9/v1"}) as model:
        assert isinstance(model, PromptedModel)
    assert models.build_model(provider, catalogue(), environment={}, is_replay=True).name.startswith(provider)


def test_a_missing_package_of_langchain_is_a_sentence() -> None:
    with pytest.raises(models.ModelUnavailable) as error:
        models.build_model("langchain:nobody:m", catalogue(), environment={})
    assert "LangChain cannot build nobody:m" in sentence_of(error)


POSSIBLE = {
    "openai": ("decisions", "letters", "verbal"),
    "anthropic": ("verbal",),
    LOCAL: ("echo", "letters", "verbal"),
}


@pytest.mark.parametrize(("name", "possible"), POSSIBLE.items())
def test_a_scorer_that_the_wire_lacks_is_refused(name: str, possible: tuple[str, ...]) -> None:
    for scorer in SCORERS:
        settings = ModelSettings(scorer=scorer)
        if scorer in possible:
            with built(name, settings=settings) as model:
                assert isinstance(model, PromptedModel) and model.scorer.method == scorer
            continue
        with pytest.raises(UnsuitableScorer) as error:
            models.build_model(name, catalogue(), settings, environment=WITH_KEYS)
        assert sentence_of(error).endswith(f"cannot rate by {scorer!r}; its scorers: {', '.join(possible)}")


def test_a_calibration_belongs_to_one_model_method_and_prompt() -> None:
    with built("openai") as model:
        assert isinstance(model, PromptedModel)
        # The fields that do not say what it belongs to are left out.
        fitted = Calibration.model_construct(
            model=model.name,
            method="decisions",
            prompt_hash=model.score_prompt_hash(HOUSEHOLD_CONTRACTS),
            temperature=1.0,
        )
        model.use_calibration(fitted, HOUSEHOLD_CONTRACTS)
        for change in ({"model": "openai:gpt-4o"}, {"method": "letters"}, {"prompt_hash": "0" * 16}):
            with pytest.raises(CalibrationError, match="run `saycando calibrate` again") as error:
                model.use_calibration(fitted.model_copy(update=change), HOUSEHOLD_CONTRACTS)
            assert all(value in sentence_of(error) for value in change.values())
        with pytest.raises(CalibrationError, match="prompt"):
            model.use_calibration(fitted, HOUSEHOLD_CONTRACTS[1:])


# ---- prices and profiles ----


def test_the_shipped_tables_are_dated_and_know_the_default_models() -> None:
    prices, profiles = load_prices(), load_profiles()
    assert date(2026, 1, 1) < min(prices.as_of, profiles.as_of) and prices.source
    for provider, model in profiles.defaults.items():
        assert prices.of(f"{provider}:{model}") is not None
        assert profiles.of(f"{provider}:{model}").scorer in SCORERS
    assert prices.of(f"openai:{profiles.decisions_model}", "decisions") is not None
    for provider in ("openai", "anthropic", "langchain", "local"):
        assert profiles.of(f"{provider}:anything").scorer in SCORERS


PRICES = """\
as_of: 2026-11-25
source: the test
prices:
  openai:a/decisions: {input: 1, cached: 1, written: 1, output: 0}
  openai:a*: {input: 2, cached: 1, written: 3, output: 10}
"""


def priced(tmp_path: Path, text: str) -> PriceTable:
    file = tmp_path / "prices.yaml"
    file.write_text(text, encoding="utf-8")
    return load_prices(file)


def test_the_first_pattern_that_fits_gives_the_price(tmp_path: Path) -> None:
    table = priced(tmp_path, PRICES)
    endpoint, general = table.of("openai:a", "decisions"), table.of("openai:a-large", "responses")
    assert endpoint is not None and endpoint.input == 1 and general is not None and general.input == 2
    assert table.of("openai:b") is None and load_prices().of("openai:mystery") is None
    used = Tokens(input=1_000_000, cached=400_000, written=100_000, output=100_000)
    assert general.cost_usd(used) == pytest.approx(0.5 * 2 + 0.4 * 1 + 0.1 * 3 + 0.1 * 10)


def test_a_users_prices_win_and_the_others_stay(tmp_path: Path) -> None:
    own = priced(tmp_path, PRICES.replace("openai:a*", "openai:gpt-6*"))
    for model in ("openai:gpt-6-luna", "openai:gpt-6-luna-2027"):
        price = own.of(model, "responses")
        assert price is not None and price.input == 2
    assert own.of("langchain:openai:gpt-6-luna") == own.of("openai:gpt-6-luna")
    assert own.of("anthropic:claude-haiku-5-5") == load_prices().of("anthropic:claude-haiku-5-5")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("prices: {", "is not YAML"),
        pytest.param("\x00", "is not YAML"),
        ("", "at its top"),
        ("[]", "at its top"),
        ("as_of: 2026-01-01\nsource: s\n", "at prices: Field required"),
        (PRICES.replace("2026-11-25", "soon"), "at as_of"),
        (PRICES.replace("output: 10", "output: -1"), "at prices.openai:a*.output"),
        (PRICES.replace(", output: 10", ""), "at prices.openai:a*.output: Field required"),
        (PRICES.replace("output: 10", "output: 10, tax: 1"), "at prices.openai:a*.tax"),
    ],
)
def test_a_malformed_price_file_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(PriceError) as error:
        priced(tmp_path, text)
    assert says in sentence_of(error)


def test_a_price_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    for file in (tmp_path / "none.yaml", tmp_path):
        settings = ModelSettings(calls=CallSettings(prices=file))
        with pytest.raises(PriceError) as error:
            models.build_model("openai", catalogue(), settings, environment=WITH_KEYS)
        assert f"{file} cannot be read: " in sentence_of(error)


def test_a_price_file_in_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"source: \xe9\n")
    with pytest.raises(PriceError, match="UTF-8"):
        load_prices(tmp_path / "latin.yaml")


# ---- the command ----


@pytest.mark.parametrize(
    ("environment", "auto", "openai", "anthropic"),
    [
        ({}, "offline", "set OPENAI_API_KEY", "set ANTHROPIC_API_KEY"),
        ({"ANTHROPIC_API_KEY": KEY}, "anthropic", "set OPENAI_API_KEY", "yes"),
        ({"OPENAI_BASE_URL": "http://h"}, "offline", "yes (at OPENAI_BASE_URL)", "set ANTHROPIC_API_KEY"),
        (WITH_KEYS, "openai", "yes", "yes"),
    ],
)
def test_the_command_says_what_is_ready_and_shows_no_key(
    environment: dict[str, str], auto: str, openai: str, anthropic: str
) -> None:
    result = CliRunner().invoke(app, ["models"], env=environment)
    assert result.exit_code == 0 and "canary" not in result.output
    rows = {line.split()[0]: line.rstrip() for line in result.output.splitlines() if line.strip()}
    assert rows["openai:gpt-6-luna"].endswith(openai)
    assert rows["anthropic:claude-haiku-5-5"].endswith(anthropic)
    assert rows["offline"].endswith("yes") and rows["local:URL#MODEL"].endswith("when the server runs")
    assert {"openai:gpt-4o*", "langchain:openai:MODEL"} <= set(rows)
    assert re.search(rf"auto is {auto}; prices as of \d{{4}}-\d\d-\d\d", result.output)
