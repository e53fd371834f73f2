"""Which projects the remotes of a repository are, from their addresses.

An address is from the repository's configuration, so it is only compared with hosts that the user
or this program knows; nothing is contacted here.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from xreview.domain.record import dataclass
from xreview.repo.hardened.settings import GitSettings
from xreview.repo.pulls.ssh_aliases import ssh_aliases
from xreview.repo.repository import Repository

_SCP_LIKE = re.compile(r"(?:[^@:/\s]+@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?P<path>[^\s]+)")
_PROJECT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")
_OTHER_DOORS = {"altssh.gitlab.com": "gitlab.com", "ssh.github.com": "github.com"}
"""Hosts that take ssh on port 443, and those whose projects they have."""
_FIRST = ("upstream", "github", "origin")
"""The remotes that gh takes for the base repository, the likeliest first."""
_BRANCHES = "refs/heads/"
_NO_ALIASES: Mapping[str, str] = MappingProxyType({})
_TO_UPSTREAM = ("upstream", "tracking")
_SSH = ("ssh", "git+ssh", "ssh+git")
_MERGED = re.compile(r"refs/(?:pull|merge-requests|pull-requests)/(\d{1,9})/(?:head|from)")


@dataclass(frozen=True, slots=True)
class ProjectRemote:
    """A remote of the repository.

    Args:
        name: "origin". host: in lower case, with the port of an http address: "git.example:3000".
        project: "owner/repository".
        is_chosen: whether it is the base repository that the user chose with `gh repo set-default`.
    """

    name: str
    host: str
    project: str
    is_chosen: bool = False


def project_remotes(repository: Repository) -> tuple[ProjectRemote, ...]:
    """The remotes whose address has a host and a project, the base repository first, as gh does."""
    found = list(_remotes(repository.settings))
    found.sort(key=lambda remote: (not remote.is_chosen, _place(remote.name)))
    return tuple(found)


def tracked_pull(repository: Repository) -> int | None:
    """The pull request that the checked-out branch follows, as after `gh pr checkout`."""
    merged = repository.settings.last(f"branch.{repository.branch}.merge")
    found = _MERGED.fullmatch(merged)
    return int(found[1]) if found else None


def pushed_branch(repository: Repository) -> str:
    """The name that the checked-out branch is pushed to; "" for a detached HEAD.

    A branch often follows another one than it is pushed to (`git checkout -b topic origin/main`).
    It is pushed to the one it follows with `push.default=upstream`, or where it follows an address
    instead of a remote, as gh sets it up for forks.
    """
    last, branch = repository.settings.last, repository.branch
    merged = last(f"branch.{branch}.merge")
    is_address = parse_remote(last(f"branch.{branch}.remote")) is not None
    if merged.startswith(_BRANCHES) and (is_address or last("push.default") in _TO_UPSTREAM):
        return merged.removeprefix(_BRANCHES)
    return branch


def pushed_project(repository: Repository) -> str:
    """The project that the checked-out branch is pushed to, as far as the configuration tells."""
    last, branch = repository.settings.last, repository.branch
    name = last(f"branch.{branch}.pushremote") or last("remote.pushdefault")
    name = name or last(f"branch.{branch}.remote")
    if found := parse_remote(name):
        return found[1]
    names = {remote.name: remote.project for remote in project_remotes(repository)}
    return names.get(name, "")


def parse_remote(url: str, aliases: Mapping[str, str] = _NO_ALIASES) -> tuple[str, str] | None:
    """The host and project of a remote's address; None if it has none.

    Forms: https, ssh and git URLs, and `user@host:path` (git-clone(1), "GIT URLS").

    Args:
        aliases: the host that a name in an ssh address stands for.
    """
    is_ssh = False
    if "://" in url:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return None
        if parts.scheme in ("http", "https"):
            host += f":{port}" if port and port != {"http": 80, "https": 443}[parts.scheme] else ""
        elif parts.scheme not in (*_SSH, "git"):
            return None
        is_ssh = parts.scheme in _SSH
        path = unquote(parts.path)
    elif match := _SCP_LIKE.fullmatch(url):
        host, path, is_ssh = match["host"].lower(), match["path"], True
    else:
        return None
    project = path.strip("/").removesuffix(".git").rstrip("/")
    if not host or not _PROJECT.fullmatch(project) or ".." in project:
        return None
    host = aliases.get(host, host) if is_ssh else host
    return _OTHER_DOORS.get(host, host), project


def _remotes(settings: GitSettings) -> Iterator[ProjectRemote]:
    aliases = tuple(_aliases(settings))
    urls: dict[str, str] = {}
    chosen = ""
    for setting in settings.settings:
        section, _, rest = setting.key.partition(".")
        name, _, variable = rest.rpartition(".")
        if section != "remote" or not name:
            continue
        if variable == "url":
            urls.setdefault(name, setting.value)
        elif variable == "gh-resolved" and setting.value == "base":
            chosen = name
    hosts = ssh_aliases(os.environ)
    for name, url in urls.items():
        if found := parse_remote(_rewritten(url, aliases), hosts):
            yield ProjectRemote(name, *found, is_chosen=name == chosen)


def _aliases(settings: GitSettings) -> Iterator[tuple[str, str]]:
    """The user's own short forms of addresses (`url.<base>.insteadOf`), and what they stand for."""
    for setting in settings.users_own.settings:
        if setting.key.startswith("url.") and setting.key.endswith(".insteadof") and setting.value:
            yield setting.value, setting.key.removeprefix("url.").removesuffix(".insteadof")


def _rewritten(url: str, aliases: Iterable[tuple[str, str]]) -> str:
    fitting = [alias for alias in aliases if url.startswith(alias[0])]
    if not fitting:
        return url
    short, base = max(fitting, key=lambda alias: len(alias[0]))
    return base + url.removeprefix(short)


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
