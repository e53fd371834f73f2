"""The sentences for what a forge refuses."""

import pytest

from tests.forge.played import GITHUB, token_for
from xreview.forge.faults import FaultReader, ForgeFaults
from xreview.http.connection_failures import ConnectionFault, ConnectionTrouble
from xreview.ports.forge_failure import ForgeError, ForgeFailure

FAULTS = ForgeFaults(
    lambda body: str(body.get("message", "")), "It needs the scope.", "Sign in there."
)
NOW = 1_800_000_000.0


def refused(status: int, message: str = "", *, has_token: bool = True, **headers) -> ForgeError:
    reader = FaultReader(GITHUB, token_for() if has_token else None, FAULTS)
    body = {"message": message} if message else {}
    about = "the pull request o/r#12"
    return reader.refused(status, headers, body, NOW, about=about, is_page=False).error


@pytest.mark.parametrize(
    ("status", "failure", "message", "advice"),
    [
        (
            401,
            ForgeFailure.TOKEN,
            "github.com rejected the token from $GH_TOKEN (401): “no”.",
            "It has expired, was revoked, or is mistyped. Sign in there.",
        ),
        (
            403,
            ForgeFailure.FORBIDDEN,
            "github.com refuses the pull request o/r#12 to the token from $GH_TOKEN (403): “no”.",
            "It needs the scope.",
        ),
        (
            404,
            ForgeFailure.NOT_FOUND,
            "github.com doesn't find the pull request o/r#12 (404).",
            "It doesn't exist, or it is private and the token from $GH_TOKEN can't see it.",
        ),
        (
            422,
            ForgeFailure.REFUSED,
            "github.com refused the pull request o/r#12 as invalid (422): “no”.",
            "Read the pull request again, and try once more.",
        ),
        (
            500,
            ForgeFailure.SERVER,
            "github.com failed or is overloaded (500): “no”.",
            "Try again later.",
        ),
        (
            501,
            ForgeFailure.UNSUPPORTED,
            "github.com can't do this (501): “no”.",
            "Its version may be too old: do it on the page instead.",
        ),
        (
            429,
            ForgeFailure.RATE,
            "github.com accepts no more requests for now (429): “no”.",
            "Try again in some minutes.",
        ),
    ],
)
def test_a_refusal_with_a_token(status, failure, message, advice):
    error = refused(status, "no")
    assert (error.failure, error.message, error.advice) == (failure, message, advice)


@pytest.mark.parametrize("status", [401, 403])
def test_without_a_token_one_is_asked_for(status):
    error = refused(status, has_token=False)
    assert error.failure is ForgeFailure.NO_TOKEN
    assert error.message == f"github.com wants a token for the pull request o/r#12 ({status})."
    assert error.advice == "Sign in there."


def test_without_a_token_a_missing_page_can_be_a_private_one():
    error = refused(404, has_token=False)
    assert error.failure is ForgeFailure.NOT_FOUND
    assert "it needs a token to be seen. Sign in there." in error.advice


def test_without_a_token_a_limit_says_that_one_helps():
    assert "With a token the limit is higher" in refused(429, has_token=False).advice


@pytest.mark.parametrize("status", [400, 405, 409, 413, 415, 418])
def test_any_other_refusal_is_of_the_request(status):
    assert refused(status).failure is ForgeFailure.REFUSED


def test_a_special_refusal_comes_first():
    special = ForgeError(ForgeFailure.FORBIDDEN, "special")
    faults = ForgeFaults(lambda _: "", special=lambda _: special)
    reader = FaultReader(GITHUB, token_for(), faults)
    assert reader.refused(404, {}, {}, NOW, about="", is_page=False).error is special


def test_a_connection_that_failed_keeps_its_advice():
    reader = FaultReader(GITHUB, None, FAULTS)
    fault = ConnectionFault(
        ConnectionTrouble.CONNECTION, "The proxy refused.", "Check HTTPS_PROXY."
    )
    told = reader.unconnected(fault, is_write=False)
    assert str(told.error) == "The proxy refused. Check HTTPS_PROXY."
    assert not told.is_undone
