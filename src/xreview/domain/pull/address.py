"""The address of a pull request."""

import re
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass

_EXAMPLE = "Write it like https://github.com/owner/repository/pull/12."
_NUMBER = re.compile(r"[#!]?([0-9]{1,9})")
_PORTS = {"http": 80, "https": 443}
_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_OWNED = rf"{_NAME}/{_NAME}"
_NESTED = rf"{_NAME}(?:/{_NAME})+"
_TAIL = r"/(\d{1,9})(?:/.*)?"


class ForgeKind(StrEnum):
    """The API that a forge speaks; Forgejo's is Gitea's."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"
    BITBUCKET = "bitbucket"

    @property
    def label(self) -> str:
        """The name as its vendor writes it."""
        return _LABELS[self]


_LABELS = {
    ForgeKind.GITHUB: "GitHub",
    ForgeKind.GITLAB: "GitLab",
    ForgeKind.GITEA: "Gitea",
    ForgeKind.BITBUCKET: "Bitbucket",
}
_PATHS = {
    ForgeKind.GITHUB: (re.compile(rf"/({_OWNED})/pull{_TAIL}"), "pull"),
    ForgeKind.GITEA: (re.compile(rf"/({_OWNED})/pulls{_TAIL}"), "pulls"),
    ForgeKind.GITLAB: (re.compile(rf"/({_NESTED})/-/merge_requests{_TAIL}"), "-/merge_requests"),
    ForgeKind.BITBUCKET: (re.compile(rf"/({_OWNED})/pull-requests{_TAIL}"), "pull-requests"),
}
"""The path of a pull request's page at each kind of forge: no two are alike."""


@dataclass(frozen=True, slots=True)
class ForgeHost:
    """A forge: the API that it speaks, and its origin, "https://github.com" (plain http only for
    this machine)."""

    kind: ForgeKind
    origin: str

    @property
    def name(self) -> str:
        """The host, with its port unless that is the usual one: "github.com"."""
        return self.origin.partition("://")[2]


@dataclass(frozen=True, slots=True)
class PullAddress:
    """The address of a pull or merge request.

    Args:
        project: "owner/repository"; at GitLab it can have more parts.
    """

    forge: ForgeHost
    project: str
    number: int

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{self.forge.origin}/{self.project}/{_PATHS[self.forge.kind][1]}/{self.number}"

    @property
    def mark(self) -> str:
        """“#12”, or “!12” at GitLab."""
        return f"{'!' if self.forge.kind is ForgeKind.GITLAB else '#'}{self.number}"

    @property
    def shown(self) -> str:
        """“owner/repository#12”."""
        return f"{self.project}{self.mark}"


def is_of_github(name: str) -> bool:
    """Whether GitHub runs the host of this name itself: github.com, or a company's part of it."""
    return name.lower() == "github.com" or name.lower().endswith(".ghe.com")


def parse_pull_url(text: str) -> PullAddress:
    """The address for a URL of a pull request's page, or of a part of that page.

    The form of its path says which API the host speaks. Raises UsageError for anything else.
    """
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unusable(url) from None
    if parts.scheme not in _PORTS or not host or not (url.isascii() and url.isprintable()):
        raise _unusable(url)
    if parts.username is not None or parts.password is not None:
        raise UsageError("The URL contains a user name or password.", "Remove it.")
    shown = f"[{host}]" if ":" in host else host
    is_usual = port in (None, 0, _PORTS[parts.scheme])
    origin = f"{parts.scheme}://{shown}{'' if is_usual else f':{port}'}"
    for kind, (path, _) in _PATHS.items():
        if (found := path.fullmatch(unquote(parts.path).rstrip("/"))) and ".." not in found[1]:
            return PullAddress(ForgeHost(kind, origin), found[1], int(found[2]))
    raise _unusable(url)


def parse_pull_name(text: str) -> PullAddress | int | None:
    """What a user names a pull request by: the address for a URL, or its number; None for "".

    Raises UsageError for anything else.
    """
    text = text.strip()
    if "://" in text:
        return parse_pull_url(text)
    number = _NUMBER.fullmatch(text)
    if text and number is None:
        raise UsageError(
            f"“{text}” is neither the URL nor the number of a pull request.",
            "Write it like 12, or https://github.com/owner/repository/pull/12.",
        )
    return int(number[1]) if number else None


def _unusable(url: str) -> UsageError:
    return UsageError(f"“{url}” isn't the URL of a pull or merge request.", _EXAMPLE)
