"""How Gitea and Forgejo refuse requests."""

from xreview.domain.pull.address import ForgeHost
from xreview.forge.faults import ForgeFaults, Refusal
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.ports.json_value import JsonObject, text_in

_MISSING, _NO_SUCH_CALL = 404, 405


def gitea_faults(host: ForgeHost) -> ForgeFaults:
    """How a server refuses, with advice that names it."""
    return ForgeFaults(
        _words,
        needs="The token needs the scopes “write:repository” and “read:user”.",
        sign_in=(
            f"Create a token at {host.origin}/user/settings/applications. Set $GITEA_TOKEN to it,"
            f" and $GITEA_SERVER_URL to “{host.origin}”, or give it to git's credential helper."
        ),
        special=_special,
    )


def _words(body: JsonObject) -> str:
    return text_in(body, "message")


def _special(refusal: Refusal) -> ForgeError | None:
    """A call that this version doesn't have, which it refuses with a line of plain text."""
    media = refusal.headers.get("content-type", "").partition(";")[0]
    is_unknown = refusal.status == _MISSING and media == "text/plain"
    if refusal.status != _NO_SUCH_CALL and not is_unknown:
        return None
    return ForgeError(
        ForgeFailure.UNSUPPORTED,
        "This version of Gitea or Forgejo can't do this over its API.",
        "Do it on the page instead.",
    )
