import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.errors import ConfigError
from xreview.reviewers.http.address import Address, address_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.openai.com/v1/", ("https://api.openai.com/v1", "api.openai.com", False)),
        ("https://api.openai.com:443", ("https://api.openai.com", "api.openai.com", False)),
        (" HTTPS://API.X.com:8443 ", ("https://api.x.com:8443", "api.x.com:8443", False)),
        ("http://localhost:11434", ("http://localhost:11434", "localhost:11434", True)),
        ("http://127.9.9.9/v1", ("http://127.9.9.9/v1", "127.9.9.9", True)),
        ("http://[::1]:8080/v1", ("http://[::1]:8080/v1", "[::1]:8080", True)),
    ],
)
def test_a_base_url_is_read(url, expected):
    address = address_of(url)
    assert address == Address(*expected)
    assert address.url("/models") == f"{expected[0]}/models"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://api.openai.com/v1", "plain http"),
        ("http://192.168.0.2:11434", "plain http"),
        ("http://localhost.evil.example", "plain http"),
        ("http://127.0.0.1.evil.example", "plain http"),
        ("http://0.0.0.0:8000", "plain http"),
        ("ftp://x.example", "not an http"),
        ("api.openai.com", "not an http"),
        ("https://", "not an http"),
        ("https://x.example:port", "not a URL"),
        ("https://[::1", "not a URL"),
        ("https://user:hunter2@x.example", "user name or password"),
        ("https://x.example/v1?key=1", "query"),
        ("https://x.example/#f", "fragment"),
        ("https://x.example/a b", "character"),
        ("https://exämple.org", "character"),
    ],
)
def test_others_are_refused_with_a_sentence(url, says):
    with pytest.raises(ConfigError, match=says) as caught:
        address_of(url)
    assert caught.value.advice
    assert "hunter2" not in str(caught.value)


@given(st.text() | st.text(st.sampled_from("htps:/[]@#?%.:1a\\ ")))
def test_any_text_is_an_address_or_a_sentence(text):
    try:
        address = address_of(text)
    except ConfigError:
        return
    assert address.base.startswith("https://") or address.is_local
