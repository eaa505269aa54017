"""Openpi's bytes: the golden vectors, and whatever is no array."""

from __future__ import annotations

import json
from pathlib import Path

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.policies.wires.arrays import NotAnArray, pack, unpack

LIBERO_LIKE = {
    "observation/image": np.arange(12, dtype=np.uint8).reshape(2, 2, 3),
    "observation/wrist_image": np.zeros((2, 2, 3), dtype=np.uint8),
    "observation/state": np.arange(8, dtype=np.float32),
    "prompt": "do something",
}


def test_a_state_and_a_prompt_have_the_published_bytes() -> None:
    message = {"observation/state": np.array([0, 1], dtype=np.float32), "prompt": "hi"}
    assert pack(message).hex() == (
        "82b16f62736572766174696f6e2f737461746584c40b5f5f6e6461727261795f5fc3c40464617461c408000000000000803f"
        "c4056474797065a33c6634c40573686170659102a670726f6d7074a26869"
    )
    assert pack({"x": np.float32(1.5)}).hex() == (
        "81a17883c40d5f5f6e7067656e657269635f5fc3c40464617461cb3ff8000000000000c4056474797065a33c6634"
    )
    assert pack({}) == b"\x80"


def test_a_request_of_many_arrays_has_the_published_size_and_comes_back() -> None:
    golden = json.loads(Path(__file__).with_name("openpi_golden.json").read_text())
    data = pack(LIBERO_LIKE)
    assert data.hex() == golden["obs_libero_like_2x2_hex"]
    reply = unpack(bytes.fromhex(golden["response_hex"]))
    assert reply["actions"].shape == (2, 7)
    assert reply["server_timing"]["infer_ms"] == 2.0
    assert unpack(bytes.fromhex(golden["metadata_empty_hex"])) == {}
    back = unpack(data)
    assert list(back) == list(LIBERO_LIKE)
    for key, value in LIBERO_LIKE.items():
        assert np.array_equal(back[key], value)
    back["observation/state"][0] = 5.0  # owns its memory


@given(
    st.sampled_from(["<f4", "<f8", "|u1", "<i8", "<f2", "|b1"]),
    st.lists(st.integers(0, 4), max_size=3),
)
def test_any_plain_array_comes_back(dtype: str, shape: list[int]) -> None:
    array = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    back = unpack(pack({"a": array.T}))["a"]
    assert back.dtype == array.dtype
    assert np.array_equal(back, array.T)


@pytest.mark.parametrize(
    "value", [np.array([object()]), np.array([1j]), {1, 2}, np.array([b"x"], dtype="V3")]
)
def test_what_has_no_plain_bytes_is_not_sent(value: object) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        pack({"a": value})


@pytest.mark.parametrize(
    "fields",
    [
        {b"data": b"1234", b"dtype": "<f4", b"shape": [2]},
        {b"data": b"1234", b"dtype": "|O", b"shape": [1]},
        {b"data": b"1234", b"dtype": "nonsense", b"shape": [1]},
        {b"dtype": "<f4", b"shape": [1]},
        {b"data": 7, b"dtype": "<f4", b"shape": [1]},
    ],
)
def test_an_array_that_is_none_is_told(fields: dict[bytes, object]) -> None:
    with pytest.raises(NotAnArray):
        unpack(msgpack.packb({"a": {b"__ndarray__": True, **fields}}))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_value_error(data: bytes) -> None:
    try:
        unpack(data)
    except Exception as error:
        assert isinstance(error, ValueError), repr(error)
