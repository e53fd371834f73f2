"""How GitLab refuses requests."""

from typing import cast

from xreview.domain.pull.address import ForgeHost
from xreview.forge.faults import ForgeFaults
from xreview.ports.json_value import JsonObject, object_in, text_in

_PUBLIC = "gitlab.com"


def gitlab_faults(host: ForgeHost) -> ForgeFaults:
    """How a GitLab server refuses, with advice that names it."""
    of_host = "" if host.name == _PUBLIC else f", and $GITLAB_HOST to “{host.name}”"
    return ForgeFaults(
        _words,
        needs="The token needs the scope “api”, and its account access to the project.",
        sign_in=(
            f"Run `glab auth login --hostname {host.name}`, or set $GITLAB_TOKEN to a token with"
            f" the scope “api”{of_host}."
        ),
    )


def _words(body: JsonObject) -> str:
    """GitLab's words: a text, or fields with a list of texts each."""
    message = body.get("message")
    if isinstance(message, str):
        return message
    parts = (f"{name} {_flat(value)}" for name, value in object_in(message).items())
    return "; ".join(parts) or text_in(body, "error_description") or text_in(body, "error")


def _flat(value: object) -> str:
    texts = cast("list[object]", value) if isinstance(value, list) else [value]
    return ", ".join(one for one in texts if isinstance(one, str))
