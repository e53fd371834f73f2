"""What is known of a request without a reply: whether it can be repeated, and was it sent."""

import httpx
import pytest

from xreview.http.connection_failures import (
    ConnectionTrouble,
    fault_of,
    misconfigured,
    out_of_time,
)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]
)
def test_what_never_connected_was_never_sent(error):
    fault = fault_of(error, "forge.example")
    assert fault.is_unsent
    assert fault.is_passing
    assert "forge.example" in fault.message


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadError("x"),
        httpx.WriteError("x"),
        httpx.RemoteProtocolError("x"),
        httpx.ReadTimeout("x"),
        httpx.WriteTimeout("x"),
    ],
)
def test_what_was_lost_on_the_way_may_have_arrived(error):
    assert not fault_of(error, "forge.example").is_unsent


def test_a_proxy_that_refuses_is_no_reason_to_try_again():
    fault = fault_of(httpx.ProxyError("x"), "forge.example")
    assert fault.is_unsent
    assert not fault.is_passing
    assert "HTTPS_PROXY" in fault.advice


def test_a_silence_says_how_long_it_was():
    fault = out_of_time("forge.example", 30.0)
    assert fault.trouble is ConnectionTrouble.TIMEOUT
    assert "sent nothing for 30 seconds" in fault.message


@pytest.mark.parametrize("error", [OSError("x"), ValueError("x"), ImportError("x")])
def test_what_is_set_up_wrongly_is_never_sent(error):
    assert misconfigured(error).is_unsent
