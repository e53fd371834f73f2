"""The address that a journal is pushed to or pulled from, and whether it is allowed.

An address in the repository's configuration is untrusted: it is shown and confirmed before use, and
only https and ssh are accepted. A path on this machine must be typed by the user.
"""

import re
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass
from xreview.repo.repository import Repository
from xreview.repo.shared_journal.annex import Annex

REMOTE = "xreview-journal"
"""The annex's name for the remote."""

_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9+.-]*::")
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_HTTPS, _SSH, _FILE = "https", "ssh", "file"


class TransferDirection(StrEnum):
    """Push or pull."""

    PUSH = "push"
    PULL = "pull"


@dataclass(frozen=True, slots=True)
class JournalRemote:
    """An allowed address.

    Args:
        url: as git uses it, after the user's own rewriting (`url.<base>.insteadOf`).
        protocol: the one transport it needs.
    """

    url: str
    protocol: str

    @property
    def shown(self) -> str:
        """The address without a password."""
        return re.sub(r"(?<=://)([^/@:]*):[^/@]*@", r"\1:…@", self.url)


@dataclass(frozen=True)
class Remote:
    """The remote, configured in an annex.

    `addresses` are all that are contacted: one, or two if pushing goes elsewhere.
    """

    annex: Annex
    addresses: tuple[JournalRemote, ...]

    @property
    def protocol(self) -> str:
        """The transports it needs, as GIT_ALLOW_PROTOCOL lists them."""
        return ":".join(dict.fromkeys(address.protocol for address in self.addresses))


def remote_of(
    repository: Repository, annex: Annex, word: str, direction: TransferDirection, cwd: Path
) -> Remote:
    """The remote for a word of the command line.

    Args:
        word: a configured remote's name, an address, or a path (relative to `cwd`).

    Raises UsageError, with the reason, if it is missing or not allowed.
    """
    named = _named(repository, word, direction)
    url = _typed(word, cwd) if named is None else named
    _refuse_odd(url)
    annex.run("config", f"remote.{REMOTE}.url", url)
    asked: list[tuple[str, ...]] = [()]
    if direction is TransferDirection.PUSH:
        asked.append(("--push",))
    urls = [annex.run("remote", "get-url", *words, REMOTE).decode().strip() for words in asked]
    addresses = tuple(checked(one, is_typed=named is None) for one in dict.fromkeys(urls))
    return Remote(annex, addresses)


def checked(url: str, *, is_typed: bool) -> JournalRemote:
    """The address, if it is allowed. Raises UsageError.

    One that the user didn't type is from the repository's configuration.
    """
    _refuse_odd(url)
    protocol = _protocol(url)
    if protocol == _FILE and not is_typed:
        raise UsageError(
            f"The repository's configuration sets the remote to a path on this machine ({url}).",
            "If that is intended, use the path instead of the remote's name.",
        )
    return JournalRemote(url, protocol)


def _named(repository: Repository, word: str, direction: TransferDirection) -> str | None:
    wanted = ["pushurl", "url"] if direction is TransferDirection.PUSH else ["url"]
    for name in wanted:
        for setting in repository.settings.settings:
            if setting.key == f"remote.{word}.{name}" and setting.value:
                return setting.value
    return None


def _typed(word: str, cwd: Path) -> str:
    if _SCHEME.match(word) or _HELPER.match(word) or _is_scp_like(word):
        return word
    path = (cwd / word).resolve()
    if "/" in word or path.is_dir():
        if not path.is_dir():
            raise UsageError(f"Folder not found: {path}.", "Use a remote, an address or a path.")
        return str(path)
    raise UsageError(f"Remote “{word}” not found.", "See `git remote -v`, or use an address.")


def _refuse_odd(url: str) -> None:
    if _CONTROL.search(url.replace(" ", "") if url.startswith("/") else url):
        raise UsageError("The remote's address has spaces or control characters.", "Correct it.")
    if _HELPER.match(url):
        raise UsageError(
            f"The remote's address {url} would run a program.",
            "Use an https or ssh address.",
        )
    if url.startswith("-"):
        raise UsageError(f"The remote's address {url} looks like an option.", "Correct it.")


def _protocol(url: str) -> str:
    if match := _SCHEME.match(url):
        scheme = match["scheme"]
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            host = "-"
        user = url[match.end() :].partition("/")[0]
        if scheme == _FILE:
            return _FILE
        if scheme not in (_HTTPS, _SSH):
            raise UsageError(
                f"The remote's address starts with {scheme}://, which isn't accepted.",
                "Use an https or ssh address.",
            )
        if not host or host.startswith("-") or user.startswith("-"):
            raise UsageError(f"The remote's address {url} has no host.", "Correct it.")
        return scheme
    if _is_scp_like(url):
        host = url.partition(":")[0].rpartition("@")[2]
        if host.startswith("-") or not host:
            raise UsageError(f"The remote's address {url} has no host.", "Correct it.")
        return _SSH
    return _FILE


def _is_scp_like(url: str) -> bool:
    """`user@host:path`: a colon before the first slash, as in git."""
    return ":" in url.partition("/")[0]
