"""From what the user typed to the address of a pull request."""

from collections.abc import Sequence

from xreview.domain.errors import ConfigError, UsageError
from xreview.domain.pull.address import ForgeHost, PullAddress, parse_pull_name
from xreview.domain.pull.pull import PullSummary
from xreview.hardening.address import address_of
from xreview.repo.pulls.remotes import (
    project_remotes,
    pushed_branch,
    pushed_project,
    tracked_pull,
)
from xreview.repo.repository import Repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.access import forge_for
from xreview.review.pulls.calling import ForgeCalls
from xreview.review.pulls.hosts import known_host

_MOST_NAMED = 5
_GIVE_URL = "Give the URL of the pull request."


def wanted_address(text: str, repository: Repository | None, options: RunOptions) -> PullAddress:
    """The address for a URL, a number, or "" for the checked-out branch's pull request.

    Blocks; for a branch it asks the forge. Raises UsageError, ConfigError, ForgeError.
    """
    named = parse_pull_name(text)
    if isinstance(named, PullAddress):
        _refuse_plain_http(named.forge)
        return named
    if repository is None:
        raise UsageError(
            "There is no repository here whose pull request could be meant.", _GIVE_URL
        )
    host, project = base_project(repository, options)
    if named is not None:
        return PullAddress(host, project, named)
    if (followed := tracked_pull(repository)) is not None:
        return PullAddress(host, project, followed)
    return _of_branch(repository, host, project, options)


def _refuse_plain_http(host: ForgeHost) -> None:
    try:
        address_of(host.origin)
    except ConfigError as error:
        raise UsageError(
            f"The URL names {host.name} with plain http, so that others could read the token.",
            "Write it with https; plain http is for this machine only.",
        ) from error


def base_project(repository: Repository, options: RunOptions) -> tuple[ForgeHost, str]:
    """The forge and project that a repository's pull requests are made to.

    As in gh: the remote chosen with `gh repo set-default`, else upstream, github, origin, or any
    other. Its host must be known, so that a repository can't make one contacted. Raises UsageError.
    """
    remotes = project_remotes(repository)
    for remote in remotes:
        host = known_host(remote.host, options.settings.forges, options.environ)
        if host is not None:
            return host, remote.project
    if not remotes:
        raise UsageError("No remote of this repository is a project at a forge.", _GIVE_URL)
    name = remotes[0].host
    raise UsageError(
        f"{name}, the host of the remote {remotes[0].name}, isn't known as a forge.",
        f"{_GIVE_URL} Or say in your configuration what it is: "
        f'under [forges], "{name}" = "github" (or "gitlab", "gitea", "bitbucket").',
    )


def _of_branch(
    repository: Repository, host: ForgeHost, project: str, options: RunOptions
) -> PullAddress:
    branch = pushed_branch(repository)
    if not branch:
        raise UsageError("No branch is checked out.", "Give the pull request's number or URL.")
    calls = ForgeCalls(lambda: forge_for(host, options))
    try:
        found = calls.wait_for(lambda forge: forge.of_branch(project, branch))
        if len(found) > 1:
            found = _own(calls, found, pushed_project(repository)) or found
    finally:
        calls.close()
    if not found:
        raise UsageError(
            f"The branch {branch} has no open pull request in {project}.",
            "Push it and open one, or give the number or URL of another.",
        )
    if len(found) > 1:
        marks = ", ".join(one.address.mark for one in found[:_MOST_NAMED])
        raise UsageError(
            f"The branch {branch} has {len(found)} open pull requests: {marks}.",
            "Give the number of one with --pr.",
        )
    return found[0].address


def _own(calls: ForgeCalls, found: Sequence[PullSummary], project: str) -> list[PullSummary]:
    """Those that come from the project to which the branch is pushed."""
    asked = found[:_MOST_NAMED] if project else ()
    pulls = [(one, calls.wait_for(lambda forge, one=one: forge.pull(one.address))) for one in asked]
    return [one for one, pull in pulls if pull.head.project.lower() == project.lower()]
