"""What the client of all forges sends, repeats, follows, and refuses."""

import gzip
import traceback

import httpx
import pytest

from tests.forge.played import (
    API,
    GITHUB,
    TOKEN,
    PlayedForge,
    client_of,
    page,
    said,
    token_for,
)
from tests.models.http.asking import StillClock
from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.forge.client import ForgeClient
from xreview.forge.exchange import FORGE_PATIENCE
from xreview.forge.faults import ForgeFaults
from xreview.ports.forge_failure import ForgeError, ForgeFailure

LOST = httpx.RemoteProtocolError("gone")
REFUSED = httpx.ConnectError("no")


async def failure_of(client: ForgeClient, method: str = "GET", path: str = "/x") -> ForgeError:
    sending = (
        client.get(path, about="the thing")
        if method == "GET"
        else client.send(method, path, {"a": 1}, about="the thing")
    )
    with pytest.raises(ForgeError) as caught:
        await sending
    return caught.value


async def test_a_token_goes_in_a_header_and_nowhere_else():
    forge = PlayedForge()
    forge.on("/x", said({"a": 1}))
    client = client_of(forge)
    reply = await client.get("/x", {"q": "1"})
    (request,) = forge.requests
    assert reply.value == {"a": 1}
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert str(request.url) == f"{API}/x?q=1"
    assert TOKEN not in repr((client, reply, vars(client), token_for()))


async def test_basic_authentication_has_the_user_in_it():
    forge = PlayedForge()
    forge.on("/x", said({}))
    client = ForgeClient(
        API,
        GITHUB,
        token_for(),
        header="authorization",
        scheme="Basic",
        faults=ForgeFaults(lambda _: ""),
        transport=forge.transport,
    )
    await client.get("/x")
    expected = httpx.BasicAuth("", TOKEN)
    request = next(expected.auth_flow(httpx.Request("GET", API)))
    assert forge.requests[0].headers["authorization"] == request.headers["authorization"]


@pytest.mark.parametrize(
    "api",
    [
        "https://evil.example",
        "https://github.com.evil.example/api/v3",
        "https://api.github.com:444",
        "https://api.api.github.com",
        "https://user@github.com",
    ],
)
def test_an_api_of_another_host_is_refused(api):
    with pytest.raises(ConfigError):
        ForgeClient(api, GITHUB, None, header="a", scheme="", faults=ForgeFaults(lambda _: ""))


def test_a_token_of_another_host_is_refused():
    other = ForgeHost(ForgeKind.GITHUB, "https://ghe.example")
    with pytest.raises(ConfigError) as caught:
        client_of(PlayedForge(), token=token_for(other, "~/.netrc"))
    assert "~/.netrc" in str(caught.value)
    assert TOKEN not in str(caught.value)


async def test_plain_http_is_for_this_machine_only():
    host = ForgeHost(ForgeKind.GITEA, "http://forge.example")
    with pytest.raises(ConfigError, match="plain http"):
        ForgeClient(
            "http://forge.example/api/v1",
            host,
            None,
            header="a",
            scheme="",
            faults=ForgeFaults(lambda _: ""),
        )


@pytest.mark.parametrize("broken", [said({}, 502), LOST, REFUSED, said({}, 429, retry_after="1")])
async def test_a_read_is_repeated(broken):
    forge, still = PlayedForge(), StillClock()
    forge.on("/x", broken, said({"a": 1}))
    assert (await client_of(forge, still).get("/x")).value == {"a": 1}
    assert len(still.slept) == 1


@pytest.mark.parametrize(
    "undone",
    [
        REFUSED,
        said({}, 429, retry_after="2"),
        said({}, 403, retry_after="2"),
        said({}, 403, x_ratelimit_remaining="0", x_ratelimit_reset="1800000030"),
    ],
)
async def test_a_write_is_repeated_where_the_server_did_nothing(undone):
    forge = PlayedForge()
    forge.on("/x", undone, said({"id": 1}, 201), method="POST")
    assert (await client_of(forge).send("POST", "/x", {"a": 1})).value == {"id": 1}
    assert len(forge.requests) == 2


@pytest.mark.parametrize("broken", [said({}, 502), LOST, httpx.ReadTimeout("late")])
async def test_a_write_is_not_repeated_where_the_server_may_have_acted(broken):
    forge = PlayedForge()
    forge.on("/x", broken, said({"id": 1}, 201), method="POST")
    error = await failure_of(client_of(forge), "POST")
    assert len(forge.requests) == 1
    assert error.failure in (ForgeFailure.SERVER, ForgeFailure.CONNECTION)


@pytest.mark.parametrize("broken", [LOST, httpx.ReadTimeout("late")])
async def test_a_write_without_a_reply_may_have_been_done(broken):
    forge = PlayedForge()
    forge.on("/x", broken, method="POST")
    assert "done all the same" in (await failure_of(client_of(forge), "POST")).advice


async def test_a_query_by_post_is_repeated_like_a_read():
    forge = PlayedForge()
    forge.on("/graphql", said({}, 502), said({"data": {}}), method="POST")
    reply = await client_of(forge).send("POST", "/graphql", {}, is_read=True)
    assert reply.value == {"data": {}}


async def test_a_short_wait_is_waited():
    forge, still = PlayedForge(), StillClock()
    forge.on("/x", said({}, 403, retry_after="30"), said({"a": 1}))
    await client_of(forge, still).get("/x")
    assert still.slept == [30.0]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"retry_after": "2100"}, "for 35 minutes"),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1800002100"}, "for 35 minutes"),
        ({"retry_after": "864000"}, "until 25 January 2027"),
    ],
)
async def test_a_long_wait_is_a_sentence(headers, words):
    forge, still = PlayedForge(), StillClock()
    forge.on("/x", said({"message": "API rate limit exceeded"}, 403, **headers))
    error = await failure_of(client_of(forge, still))
    assert error.failure is ForgeFailure.RATE
    assert words in error.message
    assert (len(forge.requests), still.slept) == (1, [])


async def test_a_limit_without_a_time_is_not_tried_at_once():
    forge, still = PlayedForge(), StillClock()
    forge.on("/x", said({}, 429))
    error = await failure_of(client_of(forge, still))
    assert error.failure is ForgeFailure.RATE
    assert (len(forge.requests), still.slept) == (1, [])


async def test_an_empty_budget_is_waited_for_before_the_next_request():
    forge, still = PlayedForge(), StillClock()
    reset = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(still.wall) + 20)}
    forge.on("/repos/a", said({}, **reset), said({}))
    forge.on("/search/issues", said({}))
    client = client_of(forge, still)
    await client.get("/repos/a")
    await client.get("/search/issues")
    assert still.slept == []  # searches have a budget of their own
    await client.get("/repos/a")
    assert still.slept == [20.0]


@pytest.mark.parametrize("status", [200, 201, 403, 404, 511])
async def test_a_web_page_is_said_to_be_one(status):
    forge = PlayedForge()
    forge.on("/x", page(status=status))
    error = await failure_of(client_of(forge))
    expected = ForgeFailure.SERVER if status == 511 else ForgeFailure.PROTOCOL
    assert error.failure is expected
    assert error.advice


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}'])
async def test_what_is_not_json_is_said_to_be_that(content):
    forge = PlayedForge()
    forge.on(
        "/x", httpx.Response(200, content=content, headers={"content-type": "application/json"})
    )
    error = await failure_of(client_of(forge))
    assert error.failure is ForgeFailure.PROTOCOL
    assert "isn't valid JSON" in error.message


async def test_a_reply_is_read_to_a_bound():
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 1_000_000
            yield b"x" * 1_000_000

    forge = PlayedForge()
    forge.on("/x", lambda _: httpx.Response(200, content=endless()))
    error = await failure_of(client_of(forge))
    assert "more than 32 MB" in error.message
    assert read <= FORGE_PATIENCE.reply_bytes + 2_000_000


async def test_many_small_parts_are_not_made_into_objects():
    forge = PlayedForge()
    forge.on("/x", httpx.Response(200, content=b"[" + b"{}," * 2_000_001 + b"1]"))
    error = await failure_of(client_of(forge))
    assert "too many parts" in error.message


async def test_a_compressed_reply_is_not_unpacked():
    forge = PlayedForge()
    packed = gzip.compress(b"[" + b" " * 30_000_000 + b"]")
    pieces = iter([packed])

    async def sent():
        for piece in pieces:
            yield piece

    headers = {"content-encoding": "gzip", "content-type": "application/json"}
    forge.on("/x", lambda _: httpx.Response(200, headers=headers, content=sent()))
    error = await failure_of(client_of(forge))
    assert error.failure is ForgeFailure.PROTOCOL
    assert "compressed" in error.message
    assert next(pieces) == packed, "nothing of it is read"


async def test_raw_content_has_a_limit_of_its_own():
    forge = PlayedForge()
    forge.on("/small", httpx.Response(200, content=b"a\0b"))
    forge.on("/large", httpx.Response(200, content=b"x" * 11))
    client = client_of(forge)
    assert await client.raw("/small", limit=3) == b"a\0b"
    assert await client.raw("/large", limit=10) is None
    assert await client.raw("/missing", limit=10) is None


async def test_raw_content_that_is_refused_is_an_error():
    forge = PlayedForge()
    forge.on("/x", said({"message": "no"}, 403))
    with pytest.raises(ForgeError):
        await client_of(forge).raw("/x")


@pytest.mark.parametrize("status", [200, 400, 401, 403, 422, 500])
async def test_a_token_that_a_forge_repeats_is_masked(status):
    forge = PlayedForge()
    forge.on("/x", said({"message": f"bad {TOKEN}", TOKEN: [TOKEN]}, status))
    client = client_of(forge)
    if status == 200:
        assert TOKEN not in repr((await client.get("/x")).value)
        return
    error = await failure_of(client)
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert TOKEN not in str(error)
    assert TOKEN not in "".join(trace.format())


@pytest.mark.parametrize("broken", [LOST, REFUSED, httpx.ReadTimeout("late")])
async def test_a_traceback_shows_no_token(broken):
    forge = PlayedForge()
    forge.on("/x", broken)
    error = await failure_of(client_of(forge))
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert TOKEN not in "".join(trace.format())


async def test_a_long_message_is_shortened_and_kept_on_one_line():
    forge = PlayedForge()
    forge.on("/x", said({"message": "no\n" * 500}, 422))
    message = (await failure_of(client_of(forge))).message
    assert len(message) < 400
    assert "\n" not in message


async def test_no_content_is_no_value():
    forge = PlayedForge()
    forge.on("/x", httpx.Response(204), method="DELETE")
    reply = await client_of(forge).send("DELETE", "/x")
    assert (reply.status, reply.value) == (204, None)
