"""Every fault ends in a sentence that holds no key, whatever the protocol."""

import logging
import traceback
from typing import Any

import pytest

from tests.fakes.provider_server.reply import Reply
from tests.fakes.provider_server.server import ProviderServer, unused_url
from tests.models.http.asking import (
    KEY,
    PLAIN,
    StillClock,
    ask,
    client_for,
    finished,
    identity,
    text_of,
)
from tests.models.http.faults import FAULTS, PROTOCOLS, Fault, Protocol, answer_of
from xreview.http.patience import Clock, Patience
from xreview.models.anthropic import adapter as anthropic
from xreview.models.openai import adapter as openai
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Model, Stop, Waiting

PATIENCE = Patience(first_byte=1.0, read=1.0)  # a busy machine is slow, not silent
ADAPTERS: dict[str, Any] = {
    "anthropic": (anthropic.AnthropicModel, ""),
    "openai": (openai.OpenAIModel, "/v1"),
}


def model_at(
    url: str, protocol: Protocol, patience: Patience = PATIENCE, clock: Clock | None = None
) -> Model:
    make, base = ADAPTERS[protocol.name]
    clock = clock or StillClock().clock
    client = client_for(protocol.name, url + base, clock, patience=patience)
    return make(identity(protocol.double.MODEL), client)


async def error_of(model: Model) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await ask(model, PLAIN)
    return caught.value


def told(error: ModelError) -> str:
    """All that a crash report could print: every frame below the test, with its locals."""
    assert error.__traceback__ is not None
    trace = traceback.TracebackException(
        type(error), error, error.__traceback__.tb_next, capture_locals=True
    )
    return "".join(trace.format())


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_every_fault_ends_in_a_sentence(fault: Fault, protocol: Protocol):
    async with ProviderServer() as server:
        server.on(protocol.path, fault.answers(protocol))
        error = await error_of(model_at(server.url, protocol))
        assert len(server.requests) == fault.attempts
        assert KEY in str(server.requests[0].headers)  # it was sent, so it could have leaked
    check(error, fault.failure)
    assert error.message.startswith(f"127.0.0.1:{server.port} ") or (
        f"connection to 127.0.0.1:{server.port} was lost" in error.message
    )


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
async def test_a_refused_connection_ends_in_a_sentence(protocol: Protocol):
    error = await error_of(model_at(unused_url(), protocol))
    check(error, Failure.CONNECTION)
    assert "refused the connection (3 attempts)" in error.message


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
async def test_an_answer_that_never_ends_meets_the_deadline(protocol: Protocol):
    async with ProviderServer() as server:
        drip = Reply(200, {"content-type": "text/event-stream"}, (b": ping\n",) * 400, pause=0.01)
        server.on(protocol.path, drip)
        error = await error_of(
            model_at(server.url, protocol, Patience(read=60.0, overall=0.2), Clock())
        )
    check(error, Failure.TIMEOUT)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_an_answer_may_be_cut_anywhere(protocol: Protocol, size: int):
    async with ProviderServer() as server:
        whole = answer_of(protocol)
        returns = whole.changed(pieces=(whole.body.replace(b"\n", b"\r\n"),))
        for reply in (whole, returns):
            server.on(protocol.path, reply.cut_every(size))
            signals = await ask(model_at(server.url, protocol), PLAIN)
            assert text_of(signals) == "All is well."
            assert finished(signals).stop is Stop.OK


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
async def test_waits_are_announced_without_the_key(protocol: Protocol):
    async with ProviderServer() as server:
        server.on(protocol.path, protocol.refused(429, retry_after="2"), answer_of(protocol))
        signals = await ask(model_at(server.url, protocol), PLAIN)
    (waiting,) = [signal for signal in signals if isinstance(signal, Waiting)]
    assert waiting.seconds == 2.0
    assert "accepts no more requests for now (429)" in waiting.why
    assert KEY not in waiting.why


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
async def test_no_log_shows_the_key(protocol: Protocol, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    async with ProviderServer() as server:
        server.on(protocol.path, protocol.refused(500), answer_of(protocol))
        await ask(model_at(server.url, protocol), PLAIN)
    assert any(record.name.startswith("httpcore") for record in caplog.records)
    # What the server repeats in a body is not logged; what the client sends is not either.
    assert KEY not in caplog.text


async def test_a_key_that_is_forbidden_a_model_is_not_called_wrong():
    protocol = PROTOCOLS[1]
    async with ProviderServer() as server:
        server.on(protocol.path, protocol.refused(403))
        error = await error_of(model_at(server.url, protocol))
    assert "rejected the key for the model “gpt-6.2-sol” (403)" in error.message


def check(error: ModelError, failure: Failure) -> None:
    assert error.failure is failure
    assert error.message[0].isalnum()
    assert error.message.endswith((".", "”"))
    assert error.advice.endswith(".")
    assert len(error.message) < 500
    assert KEY not in repr(error) + str(error) + repr(vars(error))
    trace = told(error)
    assert KEY not in trace
    assert error.__context__ is None
    assert "httpcore" not in trace
    assert "h11" not in trace


def test_the_search_of_tracebacks_can_fail():
    def leak(key: str) -> None:
        raise ModelError(Failure.KEY, f"leaked by a local of length {len(key)}.", "No.")

    with pytest.raises(ModelError) as caught:
        leak(KEY)
    with pytest.raises(AssertionError):
        check(caught.value, Failure.KEY)
