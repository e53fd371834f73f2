"""Waits that nobody waits, and replies of another protocol: a sentence, and no second request."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.provider_server import chat, openai
from tests.fakes.provider_server.reply import Reply, html_reply, json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.models.http.asking import PLAIN, StillClock, ask, client_for, identity
from xreview.http.retry import sane, wait_words
from xreview.models.compatible import adapter as compatible
from xreview.models.openai import adapter as by_openai
from xreview.ports.failure import ModelError

if TYPE_CHECKING:
    from xreview.ports.model import Model

NOW = 1_800_000_000.0  # 15 January 2027
JSON, EVENTS = "application/json", "text/event-stream"
WIRES = {
    "compatible": (chat.PATH, compatible.CompatibleModel),
    "openai": (openai.PATH, by_openai.OpenAIModel),
}


async def failed(wire: str, reply: Reply, still: StillClock | None = None) -> tuple[str, int]:
    """The sentence, and how many requests there were for an answer."""
    path, make = WIRES[wire]
    async with ProviderServer() as server:
        server.on(path, reply)
        server.on(chat.MODELS, json_reply({"data": []}))
        clock = (still or StillClock()).clock
        client = client_for(wire, f"{server.url}/v1", clock)
        model: Model = make(identity("m"), client)
        with pytest.raises(ModelError) as caught:
            await ask(model, PLAIN)
        await model.close()
        count = len(server.bodies(path))
    return caught.value.message, count


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("2099", "35 minutes"),
        ("Thu, 31 Dec 2099 23:59:59 GMT", "until 2099"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "until 9999"),
        ("90000000", "until 2029"),
        ("1e300", "for thousands of years"),
        ("864000", "until 25 January 2027"),
    ],
)
async def test_an_absurd_wait_is_told_and_not_begun(wire: str, told: str, words: str) -> None:
    still = StillClock()
    reply = json_reply({"error": {"message": "later"}}, 429, retry_after=told)
    message, requests = await failed(wire, reply, still)

    assert f"the server asks to wait {words}, which is too long" in message
    assert (requests, still.slept) == (1, [])


@pytest.mark.parametrize("told", ["-5", "nan", "inf", "-inf", "soon", "", "0", "1" * 400])
async def test_a_wait_that_makes_no_sense_is_no_wait(told: str) -> None:
    still = StillClock()
    reply = json_reply({"error": {"message": "later"}}, 429, retry_after=told)
    message, requests = await failed("openai", reply, still)

    assert "asks to wait" not in message
    assert (requests, still.slept) == (3, [0.5, 1.0])


@given(st.floats(min_value=1e-9, allow_nan=False, allow_infinity=False))
def test_every_wait_has_words(seconds: float) -> None:
    assert wait_words(seconds, NOW)


@pytest.mark.parametrize("seconds", [None, float("nan"), float("inf"), -1.0, 0.0])
def test_a_body_asks_for_no_wait_that_makes_no_sense(seconds: float | None) -> None:
    assert sane(seconds) is None
    assert sane(3.0) == 3.0


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            Reply(200, {"content-type": JSON}, (b"[1,2,3]",)),
            ("something other than an answer from", "object"),
        ),
        (
            Reply(200, {"content-type": JSON}, (b'"done"',)),
            ("something other than an answer from", "object"),
        ),
        (
            Reply(200, {"content-type": JSON}, (b"{}",)),
            ("something other than an answer from", "instead of text/event-stream"),
        ),
        (Reply(200, {"content-type": JSON}, (b" ",)), ("an empty answer", "an empty answer")),
        (
            Reply(200, {"content-type": EVENTS}, (b"<html>\n<p>hi</p>\n",)),
            ("event stream",) * 2,
        ),
        (Reply(204, {}, ()), ("no answer (204)", "no answer (204)")),
        (html_reply(200), ("“text/html” instead of", "“text/html” instead of")),
        (Reply(200, {"content-type": "image/png"}, (b"\x89",)), ("“image/png”", "“image/png”")),
    ],
    ids=["list", "text", "object", "blank", "page as events", "204", "page", "picture"],
)
async def test_a_reply_of_another_protocol_is_told_and_not_asked_for_again(
    wire: str, reply: Reply, words: tuple[str, str]
) -> None:
    message, requests = await failed(wire, reply)

    assert words[list(WIRES).index(wire)] in message
    assert requests == 1
    assert "broke off" not in message


@pytest.mark.parametrize("wire", WIRES)
async def test_an_error_that_is_called_a_success_is_told(wire: str) -> None:
    message, requests = await failed(wire, json_reply({"error": {"message": "no such model"}}))

    assert "no such model" in message
    assert requests >= 1
