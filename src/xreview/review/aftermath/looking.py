"""Looks through git's history for what came of reviewed changes. Offline; blocks for up to a
minute."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from xreview.domain.errors import ChangeError
from xreview.domain.events.outcome_events import AftermathSeen
from xreview.domain.record import dataclass, field
from xreview.domain.text import count_of, visible
from xreview.repo.attribution.base import Deadline
from xreview.repo.later.blame import LineOrigin, line_origins
from xreview.repo.later.commits import LaterCommit, later_commits
from xreview.repo.later.patches import commit_patches
from xreview.repo.repository import Repository
from xreview.review.aftermath.finding_again import find_again
from xreview.review.aftermath.judging import aftermath_of
from xreview.review.aftermath.lines import ChangedLines, ReviewedLines, changed_lines
from xreview.review.aftermath.sessions import PastReview

MOST_COMMITS = 3000
MOST_PATCHES = 1000
MOST_FILES = 400
"""Files of one commit that are looked at: larger commits are imports and reformatting."""
MOST_BLAMES = 500
SECONDS = 60.0
_LAST_SECOND = 253_402_300_799
"""Of the year 9999: a commit can claim any time."""


@dataclass
class AftermathSearch:
    """What was found, and what wasn't looked at, in sentences.

    Args:
        looked: how many sessions' changes were found in the history.
    """

    found: list[AftermathSeen] = field(default_factory=list[AftermathSeen])
    looked: int = 0
    notices: list[str] = field(default_factory=list[str])


def look_for_aftermath(
    repository: Repository, head: str, reviews: Sequence[PastReview], seconds: float = SECONDS
) -> AftermathSearch:
    """Look in the history of `head`, a full id, for what came of these reviews.

    Raises ChangeError where git fails.
    """
    deadline = Deadline(time.monotonic() + seconds, time.monotonic)
    search = AftermathSearch()
    commits = later_commits(repository, head, MOST_COMMITS, deadline)
    if len(commits) == MOST_COMMITS:
        search.notices.append(f"Only the newest {MOST_COMMITS:,} commits were looked at.")
    found_again = [find_again(repository, one, commits, deadline) for one in reviews]
    reviewed = [one for one in found_again if one is not None]
    search.looked = len(reviewed)
    if missing := len(reviews) - len(reviewed):
        search.notices.append(
            f"The changes of {count_of(missing, 'session')} aren't in this history: they were "
            "never committed, were changed first, or are on another branch or in another clone."
        )
    _Look(repository, commits, reviewed, deadline, search).run()
    if not deadline.left:
        search.notices.append(f"Stopped after {seconds:g} seconds: run it again to look further.")
    return search


class _Look:
    def __init__(
        self,
        repository: Repository,
        commits: Sequence[LaterCommit],
        reviewed: Sequence[ReviewedLines],
        deadline: Deadline,
        search: AftermathSearch,
    ) -> None:
        self._repository = repository
        self._commits = commits
        self._reviewed = reviewed
        self._deadline = deadline
        self._search = search
        self._blames = 0
        self._failures: list[ChangeError] = []
        self._known: dict[tuple[str, str], Mapping[int, LineOrigin]] = {}

    def run(self) -> None:
        """Go through the commits, the oldest first: names and commits of a change are followed."""
        by_id = {commit.id: commit for commit in self._commits}
        touching = self._touching()
        if (left_out := len(touching) - MOST_PATCHES) > 0:
            touching = touching[left_out:]
            said = count_of(left_out, "older commit")
            self._search.notices.append(f"{said} of the reviewed files weren't looked at.")
        for id, files in commit_patches(self._repository, touching, self._deadline):
            self._known.clear()
            lines = [changed_lines(file) for file in files[:MOST_FILES]]
            for reviewed in self._reviewed:
                _follow(reviewed, by_id[id])
                self._judge(by_id[id], lines, reviewed)
        if self._failures:
            files = count_of(len(self._failures), "file")
            said = f"git couldn't say where lines of {files} come from"
            self._search.notices.append(f"{said}: {visible(str(self._failures[0]))}")
        if self._blames >= MOST_BLAMES:
            self._search.notices.append(
                f"The origin of lines was looked up in {MOST_BLAMES} files, and in no more."
            )

    def _touching(self) -> list[str]:
        """The commits that touch a reviewed file, by any name since, the oldest first."""
        names = {name for reviewed in self._reviewed for name in reviewed.names}
        found: list[str] = []
        for commit in reversed(self._commits):
            touched = [one for one in commit.touched if one.old in names or one.new in names]
            if touched:
                found.append(commit.id)
                names.update(one.new for one in touched)
        return found

    def _judge(
        self, commit: LaterCommit, lines: Sequence[ChangedLines], reviewed: ReviewedLines
    ) -> None:
        if commit.id not in reviewed.commits and reviewed.is_brought_by(lines):
            reviewed.commits.add(commit.id)
            return

        def origins(path: str, numbers: Sequence[int]) -> Mapping[int, LineOrigin]:
            return self._origins(commit, path, numbers)

        for one in aftermath_of(commit, lines, reviewed, origins):
            self._search.found.append(
                AftermathSeen(
                    reviewed.session,
                    one.kind,
                    commit.id,
                    _moment(commit.at),
                    one.path,
                    one.lines,
                    one.subjects,
                    one.evidence,
                )
            )

    def _origins(
        self, commit: LaterCommit, path: str, numbers: Sequence[int]
    ) -> Mapping[int, LineOrigin]:
        if not numbers or not commit.parents or not self._deadline.left:
            return {}
        place = (commit.parents[0], path)
        if place not in self._known:
            self._blames += 1
            if self._blames > MOST_BLAMES:
                return {}
            try:
                found = line_origins(self._repository, *place, numbers, self._deadline)
            except ChangeError as error:
                self._failures.append(error)
                found = {}
            self._known[place] = found
        return self._known[place]


def _moment(at: int) -> str:
    moment = datetime.fromtimestamp(min(max(at, 0), _LAST_SECOND), UTC)
    return moment.isoformat(timespec="microseconds")


def _follow(reviewed: ReviewedLines, commit: LaterCommit) -> None:
    for one in commit.touched:
        if one.old != one.new and (path := reviewed.names.get(one.old)) is not None:
            reviewed.names.setdefault(one.new, path)
