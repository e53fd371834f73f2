"""A key that a server repeats is masked, in whatever form and in whatever pieces it comes."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xreview.hardening.redaction import (
    MASK,
    KeyStream,
    know_environment,
    know_key,
    value_without_keys,
    without_keys,
)

KEY = "sk-live-3f9a7c51d2e84b60+Qx/z"


@pytest.fixture(autouse=True)
def the_key_is_known(no_keys_of_other_tests: None) -> None:
    know_key(KEY)


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS = {
    "as it is": KEY,
    "spaced": " ".join(KEY),
    "by zero-width spaces": "\u200b".join(KEY),
    "by variation selectors": "\ufe0f".join(KEY),
    "by soft hyphens": "\u00ad".join(KEY),
    "in lines": "\n".join(KEY),
    "in two pieces": f'"{KEY[:9]}" + "{KEY[9:]}"',
    "in Markdown": f"`{KEY[:9]}` **{KEY[9:]}**",
    "in capitals": KEY.upper(),
    "escaped as JSON": "".join(f"\\u{ord(one):04x}" for one in KEY),
    "escaped twice": "".join(f"\\\\u{ord(one):04X}" for one in KEY),
    "escaped in part": KEY.replace("l", "\\u006c"),
    "as bytes": "".join(f"\\x{ord(one):02x}" for one in KEY),
    "as a URL": quote(KEY, safe=""),
    "as a URL in full": "".join(f"%{ord(one):02X}" for one in KEY),
    "as HTML": "".join(f"&#{ord(one)};" for one in KEY),
    "as HTML in hexadecimal": "".join(f"&#x{ord(one):x};" for one in KEY),
    "in base64": in_base64(KEY),
    "with its header in base64": in_base64(f"Bearer {KEY}"),
    "with a name in base64": in_base64(f"u:{KEY}\n"),
    "in URL-safe base64": base64.urlsafe_b64encode(f"x{KEY}".encode()).decode(),
    "in spaced base64": " ".join(in_base64(KEY)),
    "in hexadecimal digits": KEY.encode().hex(),
    "in spaced hexadecimal digits": KEY.encode().hex(":").upper(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_masked(form: str) -> None:
    shown = without_keys(f"The key is {form}, is it not?")

    assert MASK in shown
    assert shown.startswith("The key is ")
    assert shown.endswith(", is it not?")
    assert len(shown) < 40


@pytest.mark.parametrize("form", ["as it is", "in base64", "in hexadecimal digits"])
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_bytes_are_masked_across_their_pieces(form: str, size: int) -> None:
    stream = KeyStream()
    content = f"data: {FORMS[form]} and {KEY}{KEY}\n\n".encode()

    shown = b"".join(stream.feed(content[at : at + size]) for at in range(0, len(content), size))
    shown += stream.end()

    assert shown.startswith(f"data: {MASK}".encode())
    assert shown.endswith(f" and {MASK}{MASK}\n\n".encode())
    assert len(shown) < 30, "of base64, a few bits that are not the key's alone may be left"


def test_the_beginning_of_a_key_is_given_once_it_is_none() -> None:
    stream = KeyStream()

    assert stream.feed(b"it begins with sk-li") == b"it begins with "
    assert stream.feed(b"mit") == b"sk-limit"
    assert stream.feed(b"sk") + stream.end() == b"sk"


@given(st.lists(st.binary(max_size=20), max_size=20))
def test_other_bytes_pass_as_they_are(pieces: list[bytes]) -> None:
    stream = KeyStream()

    shown = b"".join([*map(stream.feed, pieces), stream.end()])

    assert shown == b"".join(pieces)


@given(st.text())
@settings(max_examples=50)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert without_keys(text) == text


def test_values_are_masked_in_their_depth() -> None:
    value = json.loads(json.dumps({"title": KEY, "list": [1, None, {KEY: f"x {KEY}"}]}))

    assert value_without_keys(value) == {"title": MASK, "list": [1, None, {MASK: f"x {MASK}"}]}


def test_variables_that_are_named_as_keys_are_known() -> None:
    know_environment(
        {
            "MY_API_TOKEN": "Zq3R8vXk1LmT0pWd",
            "EDITOR": "Zq3R8vXk1LmT0pWd-vi",
            "KEYBOARD": "production-layout",
            "TOKEN_COUNT": "12345678901234",
        }
    )

    assert without_keys("Zq3R8vXk1LmT0pWd") == MASK
    assert without_keys("Zq3R8vXk1LmT0pWd-vi") == f"{MASK}-vi"
    assert without_keys("production-layout 12345678901234") == "production-layout 12345678901234"
