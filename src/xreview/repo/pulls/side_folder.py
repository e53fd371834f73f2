"""A bare git folder beside the repository, in which git fetches from a forge.

The repository's own configuration can name programs, proxies and other hosts for a fetch, so none
of it is read here: of the *user's* configuration only `http.*` holds. Only https is allowed (http
for this machine), without helpers, prompts or redirects. A token goes to its own address, by the
environment (`http.<url>.extraHeader`, see git-config(1)), so that it is in no argument and no file.
"""

import base64
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, replace
from xreview.domain.text import shorten
from xreview.hardening.redaction import without_keys
from xreview.repo.hardened.environment import SEARCHED, counted_settings, with_settings
from xreview.repo.hardened.process import Completed, GitProcess
from xreview.repo.hardened.secret_variables import environ_without_keys
from xreview.repo.repository import Repository

NETWORK_SECONDS = 600.0
_LONGEST_ROW = 500
_USERS_OWN = ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_NO_VERIFY", "GIT_PROXY_SSL_CAINFO")
_FIXED = {
    "GIT_CONFIG_GLOBAL": os.devnull,  # what holds of it is passed on one by one
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "SSH_ASKPASS": "true",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
_HISTORIC = (
    "zeroPaddedFilemode",
    "badTimezone",
    "missingSpaceBeforeDate",
    "missingNameBeforeEmail",
)
"""Flaws of old commits in well-known projects, which do no harm."""
_SETTINGS = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", ""),
    ("core.sshCommand", "false"),
    ("core.alternateRefsCommand", "false"),
    ("core.logAllRefUpdates", "false"),
    ("credential.helper", ""),
    ("fetch.fsckObjects", "true"),
    *((f"fetch.fsck.{flaw}", "ignore") for flaw in _HISTORIC),
    ("fetch.unpackLimit", "1"),  # a pack of its own, not thousands of files
    ("fetch.writeCommitGraph", "false"),
    ("fetch.recurseSubmodules", "no"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("http.lowSpeedLimit", "1000"),  # bytes a second, for that many seconds
    ("http.lowSpeedTime", "60"),
    ("protocol.version", "2"),
    ("submodule.recurse", "false"),
)


class RevealedSecret(Protocol):
    """A token that shows itself only when asked (`http.secret.Secret`)."""

    def reveal(self) -> str:
        """Return its text."""
        ...


@dataclass(frozen=True)
class FetchAddress:
    """Where git fetches from.

    Args:
        url: https, or http for this machine; without a user name or key.
        user: the name that goes with the token in basic authentication.
        secret: the token of that host; None for none.
    """

    url: str
    user: str = ""
    secret: RevealedSecret | None = None

    @property
    def protocol(self) -> str:
        """The one transport that it needs."""
        return self.url.partition("://")[0]

    def settings(self) -> Iterator[tuple[str, str]]:
        """git's configuration for it; the most specific URL wins over the user's own settings."""
        section = f"http.{self.url}"
        yield f"{section}.followRedirects", "false"
        yield f"{section}.saveCookies", "false"
        if self.protocol == "http":
            yield f"{section}.proxy", ""  # it's this machine
        if self.secret is not None:
            pair = f"{self.user or 'x-access-token'}:{self.secret.reveal()}"
            yield f"{section}.extraHeader", ""  # not the user's own headers too
            header = f"Authorization: Basic {base64.b64encode(pair.encode()).decode()}"
            yield f"{section}.extraHeader", header


@dataclass(frozen=True)
class SideFolder:
    """The git folder at `folder`, and the environment in which git runs there."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str, input: bytes = b"") -> bytes:
        """The output of a local command. Raises ChangeError."""
        process = GitProcess(arguments, self.folder, self.environment, input)
        return process.finish(NETWORK_SECONDS).checked()

    def fetch(self, address: FetchAddress, *words: str) -> Completed:
        """Fetch the references that the words name, with further options."""
        environment = with_settings(self.environment, address.settings())
        environment["GIT_ALLOW_PROTOCOL"] = address.protocol
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
        options += ("--no-recurse-submodules", "--refmap=", "--force")
        advice = "Check the connection, and that the token can read the repository."
        arguments = ("fetch", *options, *words)
        process = GitProcess(arguments, self.folder, environment, advice=advice)
        done = process.finish(NETWORK_SECONDS)
        # The forge writes a part of it, and knows the token.
        rows = (shorten(row, _LONGEST_ROW) for row in without_keys(done.said).split("\n"))
        return replace(done, said="\n".join(rows))


def side_folder(repository: Repository, folder: Path, objects: Path | None = None) -> SideFolder:
    """A bare git folder, made if it's missing.

    Args:
        objects: where objects are read and written; None for its own.

    Raises ChangeError.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ChangeError(f"{folder} can't be created: {error.strerror}.", _SPACE) from error
    side = SideFolder(folder, _environment(repository, folder, objects))
    format = repository.settings.last("extensions.objectformat") or "sha1"
    # Also if it exists: the one before can have been killed halfway, and it costs little.
    side.run("init", "--quiet", "--bare", "--template=", f"--object-format={format}")
    return side


_SPACE = "Check that there is space on the disk."


def _environment(repository: Repository, folder: Path, objects: Path | None) -> dict[str, str]:
    kept = {
        name: value
        for name, value in environ_without_keys(os.environ).items()
        if name in _USERS_OWN or not name.startswith(("GIT_", "LC_"))
    }
    for name in SEARCHED:  # already without what belongs to the repository
        kept.pop(name, None)
        if name in repository.environment:
            kept[name] = repository.environment[name]
    kept |= _FIXED
    kept["GIT_ALLOW_PROTOCOL"] = "none"
    kept["GIT_DIR"] = str(folder)
    if objects is not None:
        kept["GIT_OBJECT_DIRECTORY"] = str(objects)
    return with_settings(kept, (*_http_settings(repository), *_SETTINGS))


def _http_settings(repository: Repository) -> Iterator[tuple[str, str]]:
    """The user's own proxy and certificates."""
    for setting in repository.settings.users_own.settings:
        if setting.scope in ("global", "system") and setting.key.startswith("http."):
            yield setting.key, setting.value
    for key, value in counted_settings(os.environ):
        if key.lower().startswith("http."):
            yield key, value
