"""What the reviewers of a running session have said: progress, coverage, and findings."""

from collections.abc import Iterable, Mapping, Sequence

from xreview.disagreement.fold import FindingsFold
from xreview.disagreement.rank import Record, ranked
from xreview.disagreement.repeats import Handling, join_repeats
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.change import FileDiff
from xreview.domain.coverage import IGNORED, CoverageEntry, Reading
from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.events.event import Payload, StanceTaken
from xreview.domain.finding import Finding
from xreview.domain.record import replace
from xreview.domain.report import Report, ReviewerIdentity
from xreview.ports.reviewer import Asked, Notice, Progress, Reviewer, Usage
from xreview.review.session.runner import Joined, ReviewerUpdate
from xreview.review.session.snapshot import ReviewerProgress, ReviewerState, failures_of

LeftOut = tuple[str, Reading, str]
"""A path that no reviewer gets, how it counts, and why."""

_RankedBy = tuple[tuple[Finding, ...], str, Record, ChangeAttention | None]

NO_PATHS: Mapping[str, str] = {}


class GatheredReports:
    """Takes in reviewer updates in the order they come."""

    def __init__(self, reviewers: Sequence[Reviewer]) -> None:
        self.progress = [ReviewerProgress(one.identity, one.lens) for one in reviewers]
        self._fold = FindingsFold(one.identity for one in reviewers)
        self._left_out: list[LeftOut] = []
        self._lost: set[int] = set()
        self._joining: tuple[tuple[Finding, ...], object, tuple[Finding, ...]] | None = None
        self._ranking: tuple[_RankedBy, tuple[Finding, ...]] | None = None

    @property
    def coverage(self) -> tuple[CoverageEntry, ...]:
        """All coverage so far."""
        return tuple(self._fold.coverage)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, by path; final once all reviewers are done."""
        if all(one.is_over for one in self.progress):
            self._fold.settle()
        return self._fold.findings

    def ranked(
        self,
        author: str,
        record: Record,
        attention: ChangeAttention | None,
        handling: Handling,
        basis: object,
    ) -> tuple[Finding, ...]:
        """All findings in reading order (`rank.ranked`), each rule's places joined where `handling`
        is the same; the same tuple until one of them changes.

        `handling` isn't asked again while the findings are the same and `basis` is equal.
        """
        by = self._joined(handling, basis), author, record, attention
        known = self._ranking
        if known is None or known[0] != by:
            known = self._ranking = by, tuple(ranked(*by))
        return known[1]

    def _joined(self, handling: Handling, basis: object) -> tuple[Finding, ...]:
        found, known = self.findings, self._joining
        if known is None or known[0] is not found or known[1] != basis:
            known = self._joining = found, basis, join_repeats(found, handling)
        return known[2]

    @property
    def failures(self) -> dict[str, str]:
        """Why each reviewer that failed or was cancelled did, by name."""
        return failures_of(self.progress)

    def leave_out(self, ignored: Iterable[str], refused: Mapping[str, str] = NO_PATHS) -> None:
        """Keep files from every reviewer: those that the settings exclude, and those that no
        repository can have, with the reason: each is a gap."""
        more: list[LeftOut] = [(path, Reading.SKIPPED, why) for path, why in refused.items()]
        more += ((path, Reading.LEFT_OUT, IGNORED) for path in ignored)
        self._left_out += more
        self._cover_left_out(self._fold.panel, more)

    def join(self, reviewers: Iterable[Reviewer]) -> None:
        """Add reviewers that read too from now on."""
        joined = [ReviewerProgress(one.identity, one.lens) for one in reviewers]
        self.progress += joined
        identities = [one.identity for one in joined]
        self._fold.join(identities)
        self._cover_left_out(identities, self._left_out)

    def hear(self, batch: Iterable[ReviewerUpdate]) -> list[Report]:
        """Take in progress and coverage; return the reports, to be passed to `file` later."""
        reports: list[Report] = []
        for update in batch:
            if isinstance(update.what, Joined):
                self.join(update.what.reviewers)
            elif update.index >= 0 and update.index not in self._lost:
                self.progress[update.index] = _heard(self.progress[update.index], update)
            if isinstance(update.what, Report):
                reports.append(update.what)
            elif isinstance(update.what, CoverageEntry):
                self._fold.cover([update.what])
        return reports

    def file(self, reports: Iterable[Report]) -> None:
        """Add reports to the findings."""
        self._fold.add(reports)

    def take_own(self, payload: Payload) -> None:
        """Add, edit or remove a person's finding."""
        self._fold.take(payload)

    def alike(self, own: Report) -> tuple[str, ...]:
        """The identities of the reports that a person's report would join."""
        return self._fold.alike(own)

    def lose(self, batch: Iterable[ReviewerUpdate], error: XReviewError) -> None:
        """Mark the reviewers of a batch that could not be taken in as failed."""
        for index in {said.index for said in batch if said.index >= 0}:
            self._lost.add(index)
            self.progress[index] = replace(
                self.progress[index], state=ReviewerState.FAILED, error=str(error), doing=""
            )

    def take_stances(self, taken: Iterable[StanceTaken]) -> None:
        """Add what models answered to reports."""
        self._fold.answer(taken)

    def ended(self, batch: Iterable[ReviewerUpdate]) -> list[ReviewerProgress]:
        """The reviewers that a batch ended."""
        return [
            self.progress[said.index] for said in batch if said.what is None and said.index >= 0
        ]

    def _cover_left_out(self, panel: Iterable[ReviewerIdentity], files: Iterable[LeftOut]) -> None:
        listed = list(files)
        self._fold.cover(
            CoverageEntry(reviewer.name, path, reading, why)
            for reviewer in panel
            for path, reading, why in listed
        )

    def stop(self, files: Sequence[FileDiff]) -> list[ReviewerProgress]:
        """Cancel the reviewers that are not done and count their unread files as gaps.

        Return those that were cancelled.
        """
        cancelled: list[ReviewerProgress] = []
        accounted = {(entry.reviewer, entry.path) for entry in self.coverage}
        for index, progress in enumerate(self.progress):
            if progress.is_over:
                continue
            progress = replace(progress, state=ReviewerState.CANCELLED, doing="")
            self.progress[index] = progress
            cancelled.append(progress)
            name = progress.identity.name
            self._fold.cover(
                CoverageEntry(name, file.path, Reading.FAILED, "the review was stopped before")
                for file in files
                if (name, file.path) not in accounted
            )
        return cancelled


def _heard(progress: ReviewerProgress, update: ReviewerUpdate) -> ReviewerProgress:
    match update.what:
        case Progress(done, total, doing):
            return replace(
                progress, state=ReviewerState.READING, done=done, total=total, doing=doing
            )
        case Usage():
            return replace(progress, usage=update.what)
        case ReviewerError():
            return replace(progress, state=ReviewerState.FAILED, error=str(update.what), doing="")
        case None if progress.state is not ReviewerState.FAILED:
            return replace(progress, state=ReviewerState.DONE, doing="")
        case Asked():
            return replace(progress, asked=update.what)
        case None | CoverageEntry() | Notice() | Joined():
            return progress
        case Report():
            return replace(progress, state=ReviewerState.READING)
