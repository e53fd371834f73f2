import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.errors import ConfigError
from xreview.hardening.address import address_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.openai.com/v1/", ("https://api.openai.com/v1", "api.openai.com", False)),
        ("https://api.openai.com:443", ("https://api.openai.com", "api.openai.com", False)),
        (" HTTPS://API.X.com:8443 ", ("https://api.x.com:8443", "api.x.com:8443", False)),
        ("http://localhost:11434", ("http://127.0.0.1:11434", "127.0.0.1:11434", True)),
        ("https://localhost:8443", ("https://localhost:8443", "localhost:8443", True)),
        ("http://127.9.9.9/v1", ("http://127.9.9.9/v1", "127.9.9.9", True)),
        ("http://[::1]:8080/v1", ("http://[::1]:8080/v1", "[::1]:8080", True)),
    ],
)
def test_a_base_url_is_read(url, expected):
    address = address_of(url)
    assert (address.base, address.host, address.is_local) == expected
    assert address.url("/models") == f"{expected[0]}/models"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://api.openai.com/v1", "plain http"),
        ("http://192.168.0.2:11434", "plain http"),
        ("http://localhost.evil.example", "plain http"),
        ("http://127.0.0.1.evil.example", "plain http"),
        ("http://0.0.0.0:8000", "plain http"),
        ("http://127.1:8000", "plain http"),
        ("http://2130706433:8000", "plain http"),
        ("http://[::ffff:127.0.0.1]:8000", "plain http"),
        ("http://[::1%25lo]:8000", "plain http"),
        ("ftp://x.example", "isn't an http"),
        ("api.openai.com", "isn't an http"),
        ("https://", "isn't an http"),
        ("https://x.example:port", "isn't a URL"),
        ("https://[::1", "isn't a URL"),
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


def resolving(monkeypatch, *numbers: str) -> None:
    def found(name, *_, **__):
        if not numbers:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 0)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize("numbers", [("192.0.2.7",), ("127.0.0.1", "192.0.2.7"), ()])
def test_localhost_is_this_machine_only_where_it_resolves_to_it(monkeypatch, numbers):
    resolving(monkeypatch, *numbers)
    with pytest.raises(ConfigError, match="plain http"):
        address_of("http://localhost:11434")
    assert not address_of("https://localhost:11434").is_local


def test_localhost_is_asked_at_the_number_that_it_resolved_to(monkeypatch):
    resolving(monkeypatch, "::1", "127.0.0.1")
    assert address_of("http://localhost:11434/v1").base == "http://127.0.0.1:11434/v1"
    resolving(monkeypatch, "::1")
    assert address_of("http://localhost:11434").base == "http://[::1]:11434"
