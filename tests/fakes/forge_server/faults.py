"""What goes wrong at forges and on the way to them, for `ForgeServer.fail`."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.forge_server.answers import Answer, ForgeRequest


@dataclass(frozen=True)
class Fault:
    """An answer instead of the forge's, or a change of the forge's answer."""

    name: str
    instead: Callable[[ForgeRequest], Answer | None] | None = None
    after: Callable[[Answer], Answer] | None = None


class Faults:
    """Those that wait for a request."""

    def __init__(self) -> None:
        self._waiting: list[list[Any]] = []

    def add(self, fault: Fault, times: int, path: str) -> None:
        self._waiting.append([fault, times, path])

    def next_for(self, request: ForgeRequest) -> Fault | None:
        for entry in self._waiting:
            fault, times, path = entry
            if times and path in request.path:
                entry[1] -= 1
                return fault
        return None


def bad_credentials() -> Fault:
    """The token is wrong, expired or revoked."""
    return _instead(401, {"message": "Bad credentials", **_documented()})


def read_only() -> Fault:
    """A fine-grained token without the permission."""
    return _instead(
        403,
        {"message": "Resource not accessible by personal access token", **_documented()},
        {"X-Accepted-GitHub-Permissions": "pull_requests=write"},
    )


def sso_required() -> Fault:
    """The organization wants single sign-on for this token."""
    message = (
        "Resource protected by organization SAML enforcement. You must grant your Personal Access"
        " token access to this organization."
    )
    url = "https://forge.example/orgs/acme/sso?authorization_request=AB12"
    return _instead(
        403, {"message": message, **_documented()}, {"X-GitHub-SSO": f"required; url={url}"}
    )


def not_found() -> Fault:
    """As for a private project."""
    return _instead(404, {"message": "Not Found", **_documented()})


def server_error(status: int = 502) -> Fault:
    """As its proxy answers."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body>Unicorn!</body></html>"
    return Fault("server error", lambda _: Answer(status, page, kind="text/html"))


def primary_limit(reset_in: float = 1800) -> Fault:
    """The hour's requests are used up."""
    return Fault(
        "primary limit",
        lambda _: Answer(
            403,
            {"message": "API rate limit exceeded for user ID 1001.", **_documented()},
            {
                "X-RateLimit-Limit": "5000",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Used": "5000",
                "X-RateLimit-Reset": str(int(time.time() + reset_in)),
            },
        ),
    )


def secondary_limit(retry_after: int | None = 60, status: int = 403) -> Fault:
    """Too much at once; `retry_after` in seconds, None for a forge that doesn't say."""
    message = (
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    )
    named = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return _instead(status, {"message": message, **_documented()}, named)


def graphql_limit() -> Fault:
    """GraphQL says 200 when the hour's points are used up."""
    error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1001."}
    return _instead(
        200, {"errors": [error]}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "5000"}
    )


def graphql_partial(*path: str | int, message: str = "Something went wrong.") -> Fault:
    """One field of GraphQL's answer is null, and there is an error for it."""

    def edit(answer: Answer) -> Answer:
        at = answer.value["data"]
        for part in path[:-1]:
            at = at[part]
        at[path[-1]] = None
        error = {"type": "INTERNAL", "path": list(path), "message": message}
        return replace(answer, value={**answer.value, "errors": [error]})

    return Fault("partial", after=edit)


def captive_page() -> Fault:
    """A hotel's network answers in the forge's place."""
    page = (
        b"<!DOCTYPE html><html><body><h1>Welcome! Please sign in to the network.</h1></body></html>"
    )
    return Fault("captive page", lambda _: Answer(200, page, kind="text/html"))


def redirect(to: str, status: int = 302) -> Fault:
    """Go elsewhere, in vain: `to` is an origin."""
    return Fault("redirect", lambda request: Answer(status, b"", {"Location": to + request.path}))


def cut_off(after: int = 20) -> Fault:
    """The connection ends in the middle of the reply."""
    return Fault("cut off", after=lambda answer: replace(answer, cut=after))


def foreign_next_page(origin: str) -> Fault:
    """The link to the next page leads to another host."""

    def edit(answer: Answer) -> Answer:
        link = f'<{origin}/api/v3/next?page=2>; rel="next"'
        return replace(answer, headers={**answer.headers, "Link": link})

    return Fault("foreign next page", after=edit)


def slow(seconds: float) -> Fault:
    """The reply takes a while."""
    return Fault("slow", after=lambda answer: replace(answer, delay=seconds))


def wrong_shape(value: Any) -> Fault:
    """JSON, but not what was asked for."""
    return _instead(200, value)


def _instead(status: int, value: Any, headers: dict[str, str] | None = None) -> Fault:
    return Fault(f"{status}", lambda _: Answer(status, value, dict(headers or {})))


def _documented() -> dict[str, str]:
    return {"documentation_url": "https://docs.forge.example/rest"}
