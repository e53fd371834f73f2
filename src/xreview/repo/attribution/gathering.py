"""Gathering what a repository itself tells of who wrote a change.

Import lazily, and call it in a thread: it runs git, a handful of times however many commits there
are.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xreview.domain.authorship.author import Evidence
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.errors import ChangeError
from xreview.domain.text import count_of
from xreview.repo.attribution.base import Deadline, GatheredTraces
from xreview.repo.attribution.changed_lines import LineCount
from xreview.repo.attribution.evidence.agent_trace import TRACE_BYTES, TRACES, trace_evidence
from xreview.repo.attribution.evidence.branch import branch_evidence
from xreview.repo.attribution.evidence.commits import committed_evidence
from xreview.repo.attribution.lineage import COMMITTED, Lineage, lineage_of
from xreview.repo.attribution.references import branches_at
from xreview.repo.attribution.uncommitted import read_below, uncommitted_evidence
from xreview.repo.circumstances import branch_name
from xreview.repo.repository import Repository

COMMITS = 500


def evidence_in(
    repository: Repository,
    source: ChangeSource,
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
    limit: int = COMMITS,
) -> GatheredTraces:
    """All that the repository itself tells of who wrote a change.

    Args:
        deadline: when to stop, in seconds of `clock`; what was found by then is returned.
        limit: the most commits that are looked at, the newest first.

    Nothing that is malformed, too large or missing raises: it is left out, with a notice where a
    person may want to know.
    """
    search = _Search(repository, source, Deadline(deadline, clock), limit)
    search.attempt("the size of its commits", search.start_count)
    search.attempt("which commits it is made of", search.find_commits)
    search.attempt("its commits", search.read_commits)
    search.attempt("what is not committed", search.read_uncommitted)
    search.attempt("agent traces", search.read_traces)
    search.attempt("the names of branches", search.read_branches)
    search.finish_count()
    return GatheredTraces(tuple(search.evidence), search.changed_lines, tuple(search.notices))


@dataclass
class _Search:
    """One look at a change; every step adds what it finds."""

    repository: Repository
    source: ChangeSource
    deadline: Deadline
    limit: int
    count: LineCount | None = None
    lineage: Lineage = field(default_factory=Lineage)
    evidence: list[Evidence] = field(default_factory=list[Evidence])
    changed_lines: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    notices: list[str] = field(default_factory=list[str])

    def attempt(self, what: str, step: Callable[[], None]) -> None:
        """Take a step; a notice where git fails or the time is over."""
        if not self.deadline.left:
            self.notices.append(f"Who wrote this: {what} not looked at, the time was over.")
            return
        try:
            step()
        except ChangeError as error:
            self.notices.append(f"Who wrote this: {what} not looked at. {error.message}")

    def start_count(self) -> None:
        if self.source.kind in COMMITTED:
            self.count = LineCount(self.repository, self.source, self.limit)

    def find_commits(self) -> None:
        self.lineage = lineage_of(self.repository, self.source, self.limit, self.deadline)
        if self.lineage.has_more:
            self.notices.append(
                f"Who wrote this: only the newest {count_of(self.limit, 'commit')} looked at."
            )

    def read_commits(self) -> None:
        if self.lineage.ids:
            found, notices = committed_evidence(self.repository, self.lineage.ids, self.deadline)
            self.evidence += found
            self.notices += notices

    def read_uncommitted(self) -> None:
        if self.lineage.head:
            self.evidence += uncommitted_evidence(self.repository, self.lineage.head)

    def read_traces(self) -> None:
        top = self.repository.top
        if top is not None and (traces := read_below(top, TRACES, TRACE_BYTES)):
            self.evidence += trace_evidence(traces, str(top), self._commit_of_trace)

    def read_branches(self) -> None:
        names: Sequence[str] = ()
        if self.source.kind in (ChangeKind.COMMIT, ChangeKind.RANGE) and self.source.head:
            names = branches_at(self.repository, self.source.head, self.deadline)
        elif self.source.kind is not ChangeKind.PATCH:
            names = (branch_name(self.repository),)
        self.evidence += branch_evidence(names)

    def finish_count(self) -> None:
        if self.count is None:
            return
        had_time = self.deadline.left > 0
        try:
            self.changed_lines = self.count.finish(self.deadline)
        except ChangeError as error:
            self.notices.append(f"Who wrote this: sizes of commits not counted. {error.message}")
        if not had_time or not self.deadline.left:
            counted, all = len(self.changed_lines), count_of(len(self.lineage.ids), "commit")
            self.notices.append(f"Who wrote this: {counted} of {all} measured, the time was over.")

    def _commit_of_trace(self, revision: str, is_before: bool) -> str | None:
        if revision and revision == self.lineage.head:
            return ""
        if is_before:
            return self.lineage.children.get(revision)
        return revision if revision in self.lineage.known else None
