"""Which commits of a repository are reviewed by both arms, and whose family wrote them."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from xreview.config.load import load
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.errors import UsageError
from xreview.repo.attribution.base import Deadline
from xreview.repo.change.request import ChangeRequest
from xreview.repo.change.revisions import Lookup
from xreview.repo.later.commits import LaterCommit, later_commits
from xreview.repo.repository import Repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.authorship import Authorship
from xreview.review.pulls.opening import collect_change
from xreview.review.session.whole_change import read_to_end

MOST_LOOKED_AT = 3000
MOST_ATTRIBUTED = 400
"""Commits whose author is looked for; each takes a moment."""
MOST_FILES = 60
"""Of one commit: larger ones are imports and reformatting."""
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SampledCommit:
    """A commit of the experiment; `family` is that of its author, `at` seconds since 1970."""

    id: str
    parent: str
    at: int
    subject: str
    family: str

    @property
    def moment(self) -> str:
        """When it was committed, as events have times."""
        return datetime.fromtimestamp(self.at, UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class CommitWish:
    """What was asked for.

    Args:
        span: `A..B`; "" for the whole history of HEAD. since: as events have times; "" for all.
        family: only commits of this family; "" for any.
        is_told: whether the user says that this family wrote all of them.
    """

    span: str = ""
    since: str = ""
    most: int = 20
    family: str = ""
    is_told: bool = False


@dataclass(frozen=True)
class Sample:
    """The commits, the newest first; the end of the history; how many others were passed over."""

    commits: tuple[SampledCommit, ...]
    head: str
    passed_over: int


def sample_commits(
    repository: Repository, wish: CommitWish, folders: Folders, say: Callable[[str], None]
) -> Sample:
    """Take the newest commits that aren't merges and that a model family wrote.

    Raises ChangeError, UsageError.
    """
    first, head = _ends(repository, wish.span)
    deadline = Deadline(time.monotonic() + _SECONDS, time.monotonic)
    listed = later_commits(repository, head, MOST_LOOKED_AT, deadline)
    wanted = _between(repository, first, head) if first else None
    since = datetime.fromisoformat(wish.since).timestamp() if wish.since else 0
    found = [
        one
        for one in listed
        if len(one.parents) == 1
        and 0 < len(one.touched) <= MOST_FILES
        and one.at >= since
        and (wanted is None or one.id in wanted)
    ]
    taken: list[SampledCommit] = []
    passed_over = 0
    for commit, family in _with_families(found[:MOST_ATTRIBUTED], repository, wish, folders, say):
        if not family or (wish.family and family != wish.family):
            passed_over += 1
            continue
        subject = commit.message.partition("\n")[0]
        taken.append(SampledCommit(commit.id, commit.parents[0], commit.at, subject, family))
        if len(taken) == wish.most:
            break
    return Sample(tuple(taken), _ends(repository, "")[1], passed_over)


def _ends(repository: Repository, span: str) -> tuple[str, str]:
    """The full ids of both ends; the first is "" without a span."""
    first, dots, last = span.partition("..")
    if span and (not dots or not first or last.startswith(".")):
        raise UsageError(f"--commits: “{span}” isn't a range.", "Write A..B.")
    names = [name for name in (first, last or "HEAD") if name]
    known = Lookup(repository, names).finish()
    for name in names:
        if known[name] is None:
            raise UsageError(f"“{name}” isn't a commit.", "Name one that `git log` shows.")
    ids = [commit.id for name in names if (commit := known[name])]
    return (ids[0], ids[-1]) if first else ("", ids[0])


def _between(repository: Repository, first: str, head: str) -> frozenset[str]:
    command = ("rev-list", "--no-merges", f"--max-count={MOST_LOOKED_AT}", "--end-of-options")
    listing = repository.start(*command, head, f"^{first}", "--").finish(_SECONDS)
    return frozenset(listing.checked().decode("ascii").split())


def _with_families(
    commits: Sequence[LaterCommit],
    repository: Repository,
    wish: CommitWish,
    folders: Folders,
    say: Callable[[str], None],
) -> Iterator[tuple[LaterCommit, str]]:
    if wish.is_told:
        for commit in commits:
            yield commit, wish.family
        return
    settings = load(folders, None, {}).checked()
    for number, commit in enumerate(commits, start=1):
        say(f"who wrote it: {number} of {len(commits)} commits")
        yield commit, _family(repository, commit.id, settings, folders)


def _family(repository: Repository, commit: str, settings: Settings, folders: Folders) -> str:
    request = ChangeRequest(cwd=repository.folder, commit=commit)
    collected = collect_change(request, RunOptions(settings, folders))
    try:
        change = read_to_end(collected, request)
    finally:
        collected.close()
    authorship = Authorship(change, settings, folders.journal)
    asyncio.run(authorship.gather())
    return authorship.attribution.author.family
