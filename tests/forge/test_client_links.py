"""Which pages and redirects the client of all forges follows: those of its own host."""

import httpx
import pytest

from tests.forge.played import (
    API,
    PlayedForge,
    client_of,
    next_page,
    said,
)
from tests.forge.test_client import failure_of
from xreview.forge.client import ForgeClient
from xreview.ports.forge_failure import ForgeError, ForgeFailure


async def read_until_error(client: ForgeClient) -> tuple[list[list[object]], ForgeError]:
    pages: list[list[object]] = []
    try:
        async for one in client.pages("/x"):
            pages += [one]
    except ForgeError as error:
        return pages, error
    raise AssertionError("The list was read to its end.")


async def test_a_list_is_read_to_its_last_page():
    forge = PlayedForge()
    forge.on("/x", said([1, 2], **next_page(f"{API}/x?page=2&per_page=100")), said([3]))
    pages = [page async for page in client_of(forge).pages("/x", {"state": "open"})]
    assert pages == [[1, 2], [3]]
    assert forge.sent == ["GET /x?state=open&per_page=100", "GET /x?page=2&per_page=100"]


async def test_a_link_to_another_host_is_not_followed():
    forge = PlayedForge()
    forge.on("/x", said([1], **next_page("https://evil.example/x?page=2")))
    pages, error = await read_until_error(client_of(forge))
    assert pages == [[1]]
    assert "“evil.example”" in error.message
    assert error.message.endswith("The list broke off after 1 entry.")
    assert {request.url.host for request in forge.requests} == {"api.github.com"}


async def test_a_link_with_another_scheme_and_port_is_read_from_the_same_server():
    # Behind a proxy, a server can know itself by another address.
    forge = PlayedForge()
    forge.on("/x", said([1], **next_page("http://api.github.com:8080/x?page=2")), said([2]))
    pages = [page async for page in client_of(forge).pages("/x")]
    assert pages == [[1], [2]]
    assert str(forge.requests[1].url) == f"{API}/x?page=2"


async def test_a_list_that_goes_in_circles_ends():
    forge = PlayedForge()
    forge.on("/x", said([1], **next_page(f"{API}/x?page=2")))
    _, error = await read_until_error(client_of(forge))
    assert "a list without an end" in error.message
    assert len(forge.requests) == 2


async def test_a_list_that_breaks_off_says_how_far_it_went():
    forge = PlayedForge()
    forge.on("/x", said([1, 2], **next_page(f"{API}/x?page=2")), said({"message": "no"}, 500))
    pages, error = await read_until_error(client_of(forge))
    assert pages == [[1, 2]]
    assert error.failure is ForgeFailure.SERVER
    assert "broke off after 2 entries" in error.message


async def test_a_list_that_is_none_is_said_to_be_that():
    forge = PlayedForge()
    forge.on("/x", said({"a": 1}))
    pages, error = await read_until_error(client_of(forge))
    assert (pages, error.failure) == ([], ForgeFailure.PROTOCOL)


async def test_a_redirect_within_the_api_is_followed():
    forge = PlayedForge()
    forge.on("/x", httpx.Response(301, headers={"location": f"{API}/repositories/7"}))
    forge.on("/repositories/7", said({"id": 7}))
    assert (await client_of(forge).get("/x", {"q": "1"})).value == {"id": 7}
    assert forge.sent == ["GET /x?q=1", "GET /repositories/7"]


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "http://api.github.com/x",
        "https://api.github.com:444/x",
        "//evil.example",
        "https://api.github.com@evil.example/",
        "https://[",
        "https://api.github.com/a b",
        "",
    ],
)
async def test_a_redirect_elsewhere_is_not_followed(location):
    forge = PlayedForge()
    forge.on("/x", httpx.Response(302, headers={"location": location}))
    error = await failure_of(client_of(forge))
    assert error.failure is ForgeFailure.PROTOCOL
    assert "isn't followed" in error.message
    assert {request.url.host for request in forge.requests} == {"api.github.com"}
    assert all(request.url.scheme == "https" for request in forge.requests)
    assert all(request.url.port is None for request in forge.requests)


async def test_a_write_is_never_redirected():
    forge = PlayedForge()
    forge.on("/x", httpx.Response(307, headers={"location": f"{API}/y"}), method="POST")
    error = await failure_of(client_of(forge), "POST")
    assert "redirects" in error.message
    assert len(forge.requests) == 1


@pytest.mark.parametrize(
    "path", ["/a/../user", "/a/./b", "/a/%2e%2e/user", "/a/..%2Fuser", "/a/1#b", "/a/1\n2", "/a b"]
)
async def test_an_id_that_would_lead_elsewhere_is_not_asked_for(path):
    forge = PlayedForge()
    error = await failure_of(client_of(forge), "DELETE", path)
    assert "lead elsewhere" in error.message
    assert forge.requests == []
