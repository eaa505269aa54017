"""Keys from elsewhere than we look first: a chat model's own, another vendor's, one with white space."""

from typing import Any

import pytest
from langchain_openai import ChatOpenAI

from planner.language_model import Failure
from planner.models import build_model, langchain_model
from planner.remote.errors import ModelUnavailable
from planner.remote.gateway import Redactor, secrets_in
from planner.remote.model import PromptedModel
from tests.fakes.symbolic_scene import catalogue
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.wired_model import OPENAI, decompose, plan_text, wired

pytestmark = pytest.mark.wire

KEY = "corpkey_Zq81xPw0canary77"


def tells_the_key(path: str, body: Any) -> Reply:
    return Reply(status=401, json={"error": {"message": f"Incorrect API key provided: {KEY}"}})


def test_the_key_of_your_own_chat_model_is_hidden() -> None:
    with Vendor.answering(tells_the_key) as vendor:
        chat = ChatOpenAI(model="any", api_key=KEY, base_url=vendor.openai_url, max_retries=0)
        model = langchain_model(chat)
        try:
            answer = decompose(model)
        finally:
            model.close()
    assert isinstance(answer, Failure) and "[hidden]" in answer.reason and KEY not in answer.reason


def test_a_key_of_any_name_in_the_environment_is_hidden() -> None:
    environment = {
        "GROQ_API_KEY": KEY,
        "MY_TOKEN": "tok-12345678",
        "TOKEN_LIMIT": "100000000",
        "PATH": "/usr/bin",
    }
    assert set(secrets_in(environment)) == {KEY, "tok-12345678"}
    with Vendor.answering(tells_the_key) as vendor:
        environment |= {"OPENAI_BASE_URL": vendor.openai_url, "OPENAI_API_KEY": "sk-another-one-1234"}
        model = build_model("openai", catalogue(), environment=environment)
        assert isinstance(model, PromptedModel)
        try:
            answer = decompose(model)
        finally:
            model.close()
    assert isinstance(answer, Failure) and KEY not in answer.reason


@pytest.mark.parametrize("around", ["{}\r\n", " {}", "{}\n"])
def test_white_space_around_a_key_is_not_sent(around: str) -> None:
    with Vendor([OPENAI.says(plan_text())]) as vendor, wired(vendor, OPENAI, key=around.format(KEY)) as model:
        assert not isinstance(decompose(model), Failure)
    assert vendor.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["two words", "two\nlines", "schlüssel"])
def test_a_key_that_no_header_can_hold_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ModelUnavailable, match="OPENAI_API_KEY") as error:
        build_model("openai", catalogue(), environment={"OPENAI_API_KEY": key})
    assert key not in str(error.value)


def test_a_secret_is_hidden_as_python_prints_it_too() -> None:
    odd = "ab+Zq81xPw0'canary\r"
    assert "canary" not in Redactor(odd).text(f"Illegal header value {odd!r} and {odd.strip()}")
