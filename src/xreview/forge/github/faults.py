"""How GitHub refuses: SSO, rate limits and GraphQL's errors, which come with status 200.

https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api and the reference
`loop-and-forges.md`, section C.
"""

import re
from collections.abc import Sequence

from xreview.domain.pull.address import ForgeHost
from xreview.forge.faults import FaultReader, ForgeFaults, Refusal
from xreview.forge.token import ForgeToken
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.ports.json_value import JsonObject, list_in, object_in, text_in

_SSO_URL = re.compile(r"\brequired;\s*url=(https://[!-~]+)")
_SECONDARY = ("secondary rate limit", "abuse detection", "rate limit exceeded")
_NEEDS = (
    "It needs the scope “repo”; a fine-grained token needs “Pull requests: read and write” and"
    " “Contents: read” for this repository."
)
_BY_TYPE = {
    "FORBIDDEN": ForgeFailure.FORBIDDEN,
    "INSUFFICIENT_SCOPES": ForgeFailure.FORBIDDEN,
    "NOT_FOUND": ForgeFailure.NOT_FOUND,
    "UNPROCESSABLE": ForgeFailure.REFUSED,
    "SERVICE_UNAVAILABLE": ForgeFailure.SERVER,
    "INTERNAL": ForgeFailure.SERVER,
}
_LIMITS = ("RATE_LIMITED", "RATE_LIMIT")
_UNDEFINED = "undefinedField"


def github_faults(host: ForgeHost, token: ForgeToken | None) -> ForgeFaults:
    """How this host refuses."""
    return ForgeFaults(
        _words,
        needs=_NEEDS,
        sign_in=_sign_in(host),
        is_limit=lambda refusal: any(one in refusal.said.lower() for one in _SECONDARY),
        special=lambda refusal: _sso(refusal, host, token),
    )


def undefined_fields(errors: Sequence[object]) -> frozenset[str]:
    """The fields that a server doesn't know, by GraphQL's errors."""
    found = (object_in(error, "extensions") for error in errors)
    return frozenset(text_in(one, "fieldName") for one in found if one.get("code") == _UNDEFINED)


def is_graphql_limit(errors: Sequence[object]) -> bool:
    """Whether they say that the points of an hour are used up."""
    return any(text_in(error, "type") in _LIMITS for error in errors)


def graphql_words(errors: Sequence[object], reader: FaultReader) -> str:
    """The first error's words, masked and shortened; "" for none."""
    return next((reader.masked(text_in(one, "message")) for one in errors), "")


def graphql_error(errors: Sequence[object], reader: FaultReader, about: str) -> ForgeError:
    """The error of a query without data."""
    types = [text_in(error, "type") for error in errors]
    failure = next((_BY_TYPE[one] for one in types if one in _BY_TYPE), ForgeFailure.PROTOCOL)
    if undefined_fields(errors):
        failure = ForgeFailure.UNSUPPORTED
    said = graphql_words(errors, reader)
    ending = f": “{said}”." if said else "."
    host, about = reader.host, about or "what was asked for"
    match failure:
        case ForgeFailure.FORBIDDEN:
            what, advice = f"{host} doesn't allow {about}{ending}", _NEEDS
        case ForgeFailure.NOT_FOUND:
            what = f"{host} doesn't find {about}{ending}"
            advice = "It doesn't exist, or the token can't see it."
        case ForgeFailure.REFUSED:
            what = f"{host} refused {about} as invalid{ending}"
            advice = "Read the pull request again, and try once more."
        case ForgeFailure.UNSUPPORTED:
            what = f"This version of {host} can't do this{ending}"
            advice = "Do it on the page instead, or update the server."
        case _:
            what, advice = (
                f"{host} failed to answer a query for {about}{ending}",
                "Try again later.",
            )
    return ForgeError(failure, what, advice)


def _words(body: JsonObject) -> str:
    """The message, and what is wrong with which field: errors are objects or texts."""
    parts: list[str] = []
    for one in list_in(body, "errors"):
        error = object_in(one)
        words = text_in(error, "message") or " ".join(
            filter(None, (text_in(error, "field"), text_in(error, "code")))
        )
        parts.append(one if isinstance(one, str) else words)
    message, detail = text_in(body, "message"), "; ".join(filter(None, parts))
    return f"{message}: {detail}" if message and detail else message or detail


def _sign_in(host: ForgeHost) -> str:
    named = "" if host.name == "github.com" else f" --hostname {host.name}"
    return f"Sign in with `gh auth login{named}`."


def _sso(refusal: Refusal, host: ForgeHost, token: ForgeToken | None) -> ForgeError | None:
    header = refusal.headers.get("x-github-sso", "")
    if refusal.status not in (403, 404) or not header.startswith("required"):
        return None
    found = _SSO_URL.search(header)
    # The URL is shown to be opened: only the host's own is.
    is_own = found is not None and found[1].startswith(f"{host.origin}/")
    where = f"Open {found[1]}" if found and is_own else f"Open the settings of {host.name}"
    source = f"the token from {token.source}" if token else "the token"
    return ForgeError(
        ForgeFailure.FORBIDDEN,
        f"The organisation wants {source} to be authorised for single sign-on"
        f" ({host.name}, {refusal.status}).",
        f"{where} to authorise it for this organisation, and try again.",
    )
