"""A pull request as a change: fetched into the repository at hand, or read over the API.

Only a clone of its project gets its objects: one with a remote for the target's or the source's
project at the same host.
"""

from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path

from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, Unshown
from xreview.domain.errors import ChangeError
from xreview.domain.pull.pull import Pull, PullState
from xreview.domain.record import dataclass, replace
from xreview.ports.forge import Forge, PullRemote
from xreview.repo.change.collecting import CollectedChange, compare_states
from xreview.repo.change.comparison import Comparison
from xreview.repo.pulls.fetching import FetchedSides, WantedSides, fetch_sides
from xreview.repo.pulls.remotes import project_remotes
from xreview.repo.pulls.side_folder import FetchAddress
from xreview.repo.pulls.stores import store_for
from xreview.repo.repository import Repository, find_repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.access import TokenHolder
from xreview.review.pulls.addresses import wanted_address
from xreview.review.pulls.calling import ForgeCalls
from xreview.review.pulls.distant import PullFiles
from xreview.review.pulls.earlier import moved_notice


def collect_pull(cwd: Path, text: str, options: RunOptions) -> CollectedChange:
    """Start reading a pull request. Blocks on the network.

    Args:
        text: its URL, its number, or "" for that of the checked-out branch.

    Raises UsageError, ConfigError, ForgeError, ChangeError.
    """
    try:
        repository = find_repository(cwd)
    except ChangeError:
        repository = None  # a pull request can be read anywhere
    address = wanted_address(text, repository, options)
    holder = TokenHolder(address.forge, options)
    calls = ForgeCalls(holder.forge)
    try:
        pull = calls.wait_for(lambda forge: forge.pull(address))
        opening = _Opening(calls, holder, options, list(_notices(pull, options)))
        if repository is not None and is_clone_of(repository, pull):
            collected = opening.fetched(repository, pull)
            if collected is not None:
                calls.close()
                return collected
        return opening.distant(pull)
    except BaseException:
        calls.close()
        raise


def is_clone_of(repository: Repository, pull: Pull) -> bool:
    """Whether a remote of the repository is the target's or the source's project."""
    projects = {pull.address.project, pull.base.project, pull.head.project}
    wanted = {project.lower() for project in projects if project}
    name = pull.address.forge.name.lower()
    hosts = {name, name.partition(":")[0]}  # ssh has a port of its own
    return any(
        remote.host in hosts and remote.project.lower() in wanted
        for remote in project_remotes(repository)
    )


@dataclass
class _Opening:
    calls: ForgeCalls
    holder: TokenHolder
    options: RunOptions
    notices: list[str]

    def fetched(self, repository: Repository, pull: Pull) -> CollectedChange | None:
        """The change as git compares it; None, with a notice, if git can't fetch it."""
        try:
            sides = self._sides(repository, pull)
            if sides.head != pull.head.commit:  # pushed to since
                pull = self.calls.wait_for(lambda forge: forge.pull(pull.address))
                sides = self._sides(repository, pull)
        except ChangeError as error:
            self.notices.append(
                f"git couldn't fetch the pull request, so it's read over the API: {error.message}"
            )
            return None
        if sides.is_base_gone:
            self.notices.append(f"The base branch {pull.base.branch} no longer exists.")
        start = pull.start or sides.base
        pull = replace(pull, start=start, head=replace(pull.head, commit=sides.head))
        # What git compares with: a forge's own start need not be what both sides share.
        compared = replace(pull, start=sides.base)
        source = _source(compared, str(sides.repository.folder), self.notices)
        comparison = Comparison(source, sides.base, sides.head)
        return replace(compare_states(sides.repository, comparison), pull=pull)

    def _sides(self, repository: Repository, pull: Pull) -> FetchedSides:
        async def remote_of(forge: Forge) -> PullRemote:
            return forge.remote(pull)

        remote = self.calls.wait_for(remote_of)
        if not remote.head_ref:
            raise ChangeError("this forge offers git no reference to it.")
        if not remote.url.startswith(f"{pull.address.forge.origin}/"):
            raise ChangeError(f"its repository is at another host ({remote.url}).")
        secret = self.holder.secret
        address = FetchAddress(remote.url, remote.user, secret)
        host = pull.address.forge.name
        name = (host, pull.address.project, str(pull.address.number))
        bases = tuple(filter(None, (pull.start, pull.base.commit)))
        wanted = WantedSides(name, address, remote.head_ref, remote.base_ref, bases)
        store = store_for(self.options.folders.cache / "pulls", repository.identity, remote.url)
        return fetch_sides(repository, wanted, store)

    def distant(self, pull: Pull) -> CollectedChange:
        """The change as the forge lists it."""
        unread: list[Unshown] = []
        source = _source(pull, "", self.notices)
        batches = listed_files(self.calls, pull, unread)
        files = PullFiles(self.calls, pull)
        return CollectedChange(
            source, batches, None, unread=unread, pull=pull, distant=files, readings=[self.calls]
        )


def listed_files(
    calls: ForgeCalls, pull: Pull, unread: list[Unshown]
) -> Iterator[tuple[FileDiff, ...]]:
    """The files as the forge lists them, each once; what it leaves out is unread."""

    def files(forge: Forge) -> AsyncGenerator[Sequence[FileDiff], None]:
        return forge.files(pull)

    seen: set[str] = set()
    for batch in calls.stream(files):
        fresh = tuple({file.path: file for file in batch if file.path not in seen}.values())
        seen.update(file.path for file in fresh)
        if fresh:
            yield fresh
    if pull.files is not None and len(seen) < pull.files:
        host = pull.address.forge.name
        unread.append(Unshown("", f"{host} lists only {len(seen):,} of {pull.files:,} files"))


def _source(pull: Pull, folder: str, notices: Sequence[str]) -> ChangeSource:
    return ChangeSource(
        ChangeKind.PULL,
        f"{pull.address.mark} {pull.title}".rstrip(),
        folder,
        pull.start or pull.base.commit or None,
        pull.head.commit,
        tuple(notices),
        pull.address.url,
    )


def _notices(pull: Pull, options: RunOptions) -> Iterator[str]:
    if pull.state is PullState.MERGED:
        yield "This pull request is merged."
    elif pull.state is PullState.CLOSED:
        yield "This pull request is closed without being merged."
    elif pull.is_draft:
        yield "This pull request is a draft."
    if not pull.head.project:
        yield "Its source repository was deleted."
    elif pull.is_fork:
        yield f"It comes from the fork {pull.head.project}."
    for gap in pull.gaps:
        yield f"Not read: {gap}."
    yield from moved_notice(options.journal, pull)
