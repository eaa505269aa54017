"""Room planner: language models by one string; a provider is one entry here.

offline                         no key, no download
openai[:MODEL]                  the default model of a provider is used when none is named
anthropic[:MODEL]
langchain:PROVIDER:MODEL        any model that `init_chat_model` knows
local:URL#MODEL                 a server that speaks OpenAI's wire: vLLM, llama.cpp, Ollama
auto                            the provider whose key is set, else offline
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from planner.language_model import LanguageModel
from planner.model_settings import ModelSettings
from planner.remote.errors import ModelUnavailable
from planner.remote.profiles import load_profiles
from robots.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from planner.remote.model import PromptedModel
    from planner.remote.told import Client

FORMS = (
    "offline",
    "openai[:MODEL]",
    "anthropic[:MODEL]",
    "langchain:PROVIDER:MODEL",
    "local:URL#MODEL",
    "auto",
)


class UnknownModel(ValueError):
    """A model string that names no model."""

    def __init__(self, name: str, why: str = "") -> None:
        """Write the sentence from the facts."""
        because = f" ({why})" if why else ""
        super().__init__(f"there is no language model {name!r}{because}; models: {', '.join(FORMS)}")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a provider needs to build a model."""

    model: str
    """What follows the provider's colon."""
    catalogue: Catalogue
    settings: ModelSettings
    environment: Mapping[str, str]
    is_replay: bool = False
    """Answer from a recording alone: no key is needed, nothing is sent."""


Provider: TypeAlias = Callable[[Wanted], LanguageModel]


def build_model(
    name: str,
    catalogue: Catalogue,
    settings: ModelSettings | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    is_replay: bool = False,
) -> LanguageModel:
    """Return the model called `name`.

    Args:
        name: One of the forms above.
        catalogue: Known objects.
        settings: How it is used.
        environment: Where keys and addresses come from; default is the process's.
        is_replay: Answer from a recording alone.

    Raises:
        UnknownModel: If the string names no model.
        ModelUnavailable: If its key or its package is missing.
        PriceError: If the user's price file cannot be used.
    """
    variables = os.environ if environment is None else environment
    provider, model = parse_model(resolve(name, variables))
    return PROVIDERS[provider](
        Wanted(
            model=model,
            catalogue=catalogue,
            settings=settings or ModelSettings(),
            environment=variables,
            is_replay=is_replay,
        )
    )


def check_model(name: str) -> None:
    """Refuse a string that names no model; looks at nothing else.

    Raises:
        UnknownModel: If it does not.
    """
    if name != "auto":
        parse_model(name)


def resolve(name: str, environment: Mapping[str, str]) -> str:
    """Return `name`, or for "auto" the provider whose key is set, else "offline"."""
    if name != "auto":
        return name
    return next((p for p, key in KEYS.items() if environment.get(key)), "offline")


def parse_model(name: str) -> tuple[str, str]:
    """Return provider and model of a string, the provider's default when it names none.

    Raises:
        UnknownModel: If there is no such provider, or a part is missing.
    """
    provider, _, model = name.partition(":")
    if provider not in PROVIDERS:
        raise UnknownModel(name)
    if provider == "offline" and model:
        raise UnknownModel(name, "offline has only one model")
    if provider == "langchain" and not all(model.partition(":")[::2]):
        raise UnknownModel(name, "langchain needs a provider and a model")
    if provider == "local":
        _check_address(model)
    return provider, model or load_profiles().defaults.get(provider, "")


def _check_address(model: str) -> None:
    """Refuse what is no `URL#MODEL`; an address that may hold a key is not repeated.

    Raises:
        UnknownModel: If it is none.
    """
    url, _, name = model.partition("#")
    if "@" in url or "?" in url:
        raise UnknownModel(f"local:…#{name}", "keys go into LOCAL_API_KEY, not into the address")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address or not name:
        raise UnknownModel(
            f"local:{model}" if model else "local", "for example local:http://127.0.0.1:8000/v1#my-model"
        )


def langchain_model(
    chat_model: BaseChatModel,
    *,
    name: str = "own",
    settings: ModelSettings | None = None,
    catalogue: Catalogue | None = None,
    takes_pictures: bool = False,
) -> PromptedModel:
    """Return your own LangChain chat model as a language model of the planner."""
    from planner.remote.build import build_prompted
    from planner.remote.clients.langchain_client import LangChainClient, secrets_of
    from planner.remote.gateway import secrets_in

    client = LangChainClient(chat_model, name=f"langchain:{name}", takes_pictures=takes_pictures)
    known = load_catalogue() if catalogue is None else catalogue
    secrets = (*secrets_of(chat_model), *secrets_in(os.environ))
    return build_prompted(client, known, settings or ModelSettings(), secrets=secrets)


def _offline(wanted: Wanted) -> LanguageModel:
    from planner.offline import OfflineModel

    return OfflineModel(wanted.catalogue)


def _openai(wanted: Wanted) -> LanguageModel:
    from planner.remote.clients.openai_client import OpenAIClient
    from planner.remote.told import Access

    access = Access(api_key=_key("openai", wanted), base_url=wanted.environment.get("OPENAI_BASE_URL"))
    profile = load_profiles().of(f"openai:{wanted.model}")
    return _prompted(OpenAIClient(wanted.model, access, profile), wanted, access.api_key)


def _anthropic(wanted: Wanted) -> LanguageModel:
    from planner.remote.clients.anthropic_client import AnthropicClient
    from planner.remote.told import Access

    access = Access(api_key=_key("anthropic", wanted), base_url=wanted.environment.get("ANTHROPIC_BASE_URL"))
    profile = load_profiles().of(f"anthropic:{wanted.model}")
    return _prompted(AnthropicClient(wanted.model, access, profile), wanted, access.api_key)


def _local(wanted: Wanted) -> LanguageModel:
    from planner.remote.clients.local_client import LocalClient
    from planner.remote.told import Access

    url, _, model = wanted.model.partition("#")
    access = Access(api_key=sendable_key("LOCAL_API_KEY", wanted.environment))
    return _prompted(LocalClient(url, model, access, load_profiles().of("local:")), wanted, access.api_key)


def _langchain(wanted: Wanted) -> LanguageModel:
    from planner.remote.clients.langchain_client import LangChainClient
    from planner.remote.clients.langchain_init import init_model
    from planner.remote.gateway import Redactor, secrets_in

    provider, _, model = wanted.model.partition(":")
    deadline_s = wanted.settings.calls.decompose_deadline_s
    chat = (
        None
        if wanted.is_replay
        else init_model(
            provider, model, deadline_s=deadline_s, redactor=Redactor(*secrets_in(wanted.environment))
        )
    )
    name = f"langchain:{wanted.model}"
    client = LangChainClient(chat, name=name, takes_pictures=load_profiles().of(name).pictures)
    return _prompted(client, wanted, wanted.environment.get(KEYS.get(provider, "")))


def _prompted(client: Client, wanted: Wanted, secret: str | None) -> LanguageModel:
    from planner.remote.build import build_prompted
    from planner.remote.gateway import secrets_in

    secrets = (secret, *secrets_in(wanted.environment))
    return build_prompted(
        client, wanted.catalogue, wanted.settings, secrets=secrets, is_replay=wanted.is_replay
    )


def _key(provider: str, wanted: Wanted) -> str | None:
    """Return the key; a server of one's own needs none.

    Raises:
        ModelUnavailable: If it is missing, or cannot be sent.
    """
    name, address = KEYS[provider], f"{provider.upper()}_BASE_URL"
    key = sendable_key(name, wanted.environment)
    if not key and not wanted.environment.get(address) and not wanted.is_replay:
        raise ModelUnavailable(
            f"the model {provider}:{wanted.model} needs a key: set {name}, or {address} for a server of "
            "your own (saycando mock-cloud starts one that needs no key)"
        )
    return key


def sendable_key(name: str, environment: Mapping[str, str]) -> str | None:
    """Return the key that a variable holds, without white space around it; None when there is none.

    Raises:
        ModelUnavailable: If it holds what no HTTP header can.
    """
    key = environment.get(name, "").strip()
    if not all(33 <= ord(character) < 127 for character in key):
        raise ModelUnavailable(f"{name} holds a space, a line break or another character that is in no key")
    return key or None


def package_for(provider: str) -> str | None:
    """Return the package that LangChain needs for one of its providers and that is missing here, or None."""
    module = f"langchain_{provider.replace('-', '_')}"
    return None if find_spec(module) is not None else module.replace("_", "-")


KEYS: Mapping[str, str] = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""Where each vendor's key is expected."""

PROVIDERS: dict[str, Provider] = {
    "offline": _offline,
    "openai": _openai,
    "anthropic": _anthropic,
    "langchain": _langchain,
    "local": _local,
}
