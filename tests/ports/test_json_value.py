import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.ports.json_value import (
    MOST_JSON,
    count_in,
    encode_json,
    list_in,
    object_in,
    parse_json,
    text_in,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("ab"), inner),
)


@given(VALUES)
def test_nothing_that_is_json_breaks_a_reader(value):
    for read in (object_in, list_in, text_in, count_in):
        read(value, "a")
    assert object_in(value, "a", "b") is not None


@given(st.text(st.characters()))
def test_what_is_encoded_is_parsed_again(text):
    assert parse_json(encode_json({"a": text})) == {"a": text}


@pytest.mark.parametrize(
    "text",
    [
        " " * MOST_JSON + "{}",
        "",
        "{",
        "NaN",
        "[Infinity]",
        "[" * 100_000,
        "1" * 10_000,
        b"\xff",
        "{} {}",
    ],
)
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_json(text)


def test_a_lone_surrogate_is_sent_as_an_escape():
    assert encode_json({"a": "é"}) == '{"a":"é"}'.encode()
    assert encode_json({"a": "\ud800é"}) == rb'{"a":"\ud800\u00e9"}'
    assert json.loads(encode_json({"a": "\ud800"})) == {"a": "\ud800"}


def test_counts_are_whole_numbers():
    assert count_in({"a": 0}, "a") == 0
    for wrong in (True, -1, 1.5, "3", None):
        assert count_in({"a": wrong}, "a") is None
