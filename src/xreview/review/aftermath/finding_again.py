"""Finds the lines of past reviews in git's history."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from xreview.domain.change import FileDiff
from xreview.domain.changed_file import ChangedFile, changed_file
from xreview.domain.errors import ChangeError
from xreview.repo.attribution.base import Deadline
from xreview.repo.later.commits import LaterCommit
from xreview.repo.later.patches import difference, is_object_id
from xreview.repo.repository import Repository
from xreview.review.aftermath.lines import ReviewedLines, Texts, changed_lines
from xreview.review.aftermath.sessions import PastReview

_MOST_COMMITS = 500
_MOST_PATHS = 500
_CANDIDATES = 5
"""How many commits after the review of uncommitted files may hold them."""
_CONTEXT = 3


def find_again(
    repository: Repository,
    review: PastReview,
    commits: Sequence[LaterCommit],
    deadline: Deadline,
) -> ReviewedLines | None:
    """Return the lines that a session reviewed; None if they aren't in this clone, or were never
    committed.

    Args:
        commits: of the present branch, the newest first.

    Raises ChangeError if git can't be started.
    """
    base, head = review.base, review.head
    if base is not None and not is_object_id(base):
        return None
    if head is None:
        return _committed_later(repository, review, commits, deadline)
    if not is_object_id(head):
        return None
    try:
        files = difference(repository, base, head, deadline)
        ids = _commits_between(repository, base, head, deadline)
    except ChangeError:
        return None  # a shallow clone, or a branch that is gone
    return _reviewed(review, head, files, {head, *ids})


def _commits_between(
    repository: Repository, base: str | None, head: str, deadline: Deadline
) -> list[str]:
    excluded = (f"^{base}",) if base else ()
    most = f"--max-count={_MOST_COMMITS if base else 1}"
    listing = repository.start("rev-list", most, "--end-of-options", head, *excluded, "--")
    return listing.finish(max(deadline.left, 0.1)).checked().decode("ascii").split()


def _committed_later(
    repository: Repository,
    review: PastReview,
    commits: Sequence[LaterCommit],
    deadline: Deadline,
) -> ReviewedLines | None:
    """The lines of a session that reviewed uncommitted files: of each, if the first commit that
    touches it has the same hunks against the same base. The journal has no code to compare, so
    what was changed before it was committed isn't guessed."""
    missing = {file.path: file for file in review.listed[:_MOST_PATHS] if file.hunks}
    opened = _seconds(review.opened_at)
    touching = [
        commit
        for commit in reversed(commits)
        if commit.at >= opened
        and commit.id != review.base
        and any(one.new in missing for one in commit.touched)
    ]
    found: list[FileDiff] = []
    held: set[str] = set()
    for commit in touching[:_CANDIDATES]:
        if not missing or not deadline.left:
            break
        try:
            files = difference(
                repository, review.base, commit.id, deadline, context=_CONTEXT, paths=[*missing]
            )
        except ChangeError:
            return None  # its base isn't here
        same = [file for file in files if _is_same(file, missing)]
        if same:
            held.add(commit.id)
            found += same
        for touched in commit.touched:
            missing.pop(touched.new, None)
    return _reviewed(review, "", found, held) if found else None


def _is_same(file: FileDiff, listed: dict[str, ChangedFile]) -> bool:
    known, now = listed.get(file.path), changed_file(file)
    return known is not None and (known.added, known.removed, known.hunks) == (
        now.added,
        now.removed,
        now.hunks,
    )


def _reviewed(
    review: PastReview, head: str, files: Iterable[FileDiff], commits: set[str]
) -> ReviewedLines:
    added: dict[str, Texts] = {}
    removed: dict[str, Texts] = {}
    for file in files:
        lines = changed_lines(file)
        added[file.path] = lines.added
        removed[file.path] = Texts(text for _, text in lines.removed)
    opened = _seconds(review.opened_at)
    return ReviewedLines(review.session, opened, head, added, removed, commits, review.findings)


def _seconds(at: str) -> float:
    """Seconds since 1970; 0 for a time that isn't one."""
    try:
        return datetime.fromisoformat(at).timestamp()
    except (ValueError, OverflowError):
        return 0.0
