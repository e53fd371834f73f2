"""The open pull requests of the repository's project."""

import asyncio
from pathlib import Path

from xreview.domain.pull.address import ForgeHost
from xreview.domain.pull.pull import ForgeAccount, PullSummary
from xreview.domain.record import dataclass
from xreview.ports.forge import Forge
from xreview.repo.repository import find_repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.access import TokenHolder
from xreview.review.pulls.addresses import base_project


@dataclass(frozen=True)
class PullListing:
    """Open pull requests, those that want the account's review first.

    Args:
        project: "owner/repository".
        account: whose token is used; None without one.
        notice: a sentence for the user, "" for none.
    """

    host: ForgeHost
    project: str
    account: ForgeAccount | None
    pulls: tuple[PullSummary, ...]
    notice: str = ""

    def wants_review(self, pull: PullSummary) -> bool:
        """Whether the account is asked for a review of it."""
        account = self.account
        return account is not None and any(one.key == account.key for one in pull.asked)


def no_token(host: str) -> str:
    """What is missing without a token, and where to look."""
    return (
        f"No token for {host} was found, so it isn't known which pull requests want your review. "
        "`xreview-tui doctor` says where tokens are looked for."
    )


async def open_pulls(cwd: Path, options: RunOptions) -> PullListing:
    """List the open pull requests of the project of the repository around a folder.

    Raises ChangeError without a repository, UsageError if its forge isn't known, ForgeError.
    """

    def begin() -> tuple[ForgeHost, str, Forge, str]:
        host, project = base_project(find_repository(cwd), options)
        holder = TokenHolder(host, options)
        return host, project, holder.forge(), "" if holder.secret else no_token(host.name)

    host, project, forge, notice = await asyncio.to_thread(begin)
    try:
        access = await forge.access(project)
        pulls = await forge.waiting(project)
    finally:
        await forge.close()
    return PullListing(host, project, access.account, tuple(pulls), notice)
