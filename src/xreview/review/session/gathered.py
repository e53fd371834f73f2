"""What the reviewers of one session said so far: progress, coverage, and findings by file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xreview.disagreement.alignment import Alignment
from xreview.disagreement.find import finding_of
from xreview.disagreement.rank import by_attention
from xreview.domain.change import FileDiff
from xreview.domain.coverage import IGNORED, CoverageEntry, Reading
from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Finding
from xreview.domain.report import Report, ReviewerIdentity
from xreview.ports.reviewer import Asked, Notice, Progress, Reviewer, Usage
from xreview.review.rebut.stances import TakenStances, with_stances
from xreview.review.session.runner import Joined, ReviewerUpdate
from xreview.review.session.snapshot import ReviewerProgress, ReviewerState

STOPPED = "the review was stopped before its end"

LeftOut = tuple[str, Reading, str]
"""A path that no reviewer gets, what that is called, and why."""

NO_PATHS: Mapping[str, str] = {}


class GatheredReports:
    """Takes in what the reviewers say, in the order in which it comes."""

    def __init__(self, reviewers: Sequence[Reviewer]) -> None:
        self.coverage: list[CoverageEntry] = []
        self.progress = [ReviewerProgress(one.identity, one.lens) for one in reviewers]
        self._panel = [one.identity for one in reviewers]
        self._left_out: list[LeftOut] = []
        self._readers: dict[str, set[str]] = {}
        self._alignment = Alignment()
        self._is_settled = True
        self._findings: dict[str, list[Finding]] = {}
        self._stances = TakenStances()
        self._lost: set[int] = set()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings in order of attention.

        Once all reviewers are through they are what the same reports give whenever they are read
        back; until then a late report may still part what an early one joined.
        """
        if not self._is_settled and all(one.is_over for one in self.progress):
            self._make(self._alignment.settle())
            self._is_settled = True
        findings = [
            with_stances(finding, self._stances)
            for group in self._findings.values()
            for finding in group
        ]
        return tuple(sorted(findings, key=by_attention))

    @property
    def failures(self) -> dict[str, str]:
        """Why each reviewer did not come to its end that is over and did not, by name."""
        return {
            one.identity.name: one.error or STOPPED
            for one in self.progress
            if one.state in (ReviewerState.FAILED, ReviewerState.CANCELLED)
        }

    def leave_out(self, ignored: Iterable[str], refused: Mapping[str, str] = NO_PATHS) -> None:
        """These files are not given to any reviewer.

        Args:
            ignored: the paths that a person left out.
            refused: the paths that no repository can have, with the reason: each is a gap.
        """
        more: list[LeftOut] = [(path, Reading.SKIPPED, why) for path, why in refused.items()]
        more += ((path, Reading.LEFT_OUT, IGNORED) for path in ignored)
        self._left_out += more
        self._tell_left_out(self._panel, more)

    def join(self, reviewers: Iterable[Reviewer]) -> None:
        """These read too from now on."""
        joined = list(reviewers)
        self.progress += [ReviewerProgress(one.identity, one.lens) for one in joined]
        identities = [one.identity for one in joined]
        self._panel += identities
        self._tell_left_out(identities, self._left_out)

    def hear(self, batch: Iterable[ReviewerUpdate]) -> list[Report]:
        """Take in progress and coverage; gives back the reports, which are `file`d later."""
        reports: list[Report] = []
        read: set[str] = set()
        for said in batch:
            if isinstance(said.what, Joined):
                self.join(said.what.reviewers)
            elif said.index >= 0 and said.index not in self._lost:
                self.progress[said.index] = _heard(self.progress[said.index], said)
            if isinstance(said.what, Report):
                reports.append(said.what)
            elif isinstance(said.what, CoverageEntry):
                self.coverage.append(said.what)
                if said.what.reading is Reading.READ:
                    self._readers.setdefault(said.what.path, set()).add(said.what.reviewer)
                    read.add(said.what.path)
        self._make(read & self._findings.keys())
        return reports

    def file(self, reports: Iterable[Report]) -> None:
        """Align these reports with the others of their files. Costs by the files that changed."""
        self._make(self._alignment.add(reports))
        self._is_settled = False

    def lose(self, batch: Iterable[ReviewerUpdate], error: XReviewError) -> None:
        """What was said in a batch could not be taken in: whoever said it has failed."""
        for index in {said.index for said in batch if said.index >= 0}:
            self._lost.add(index)
            self.progress[index] = replace(
                self.progress[index], state=ReviewerState.FAILED, error=str(error), doing=""
            )

    def take_stances(self, taken: Iterable[StanceTaken]) -> None:
        """Take in what models answered to reports."""
        self._stances = self._stances.with_more(taken)

    def ended(self, batch: Iterable[ReviewerUpdate]) -> list[ReviewerProgress]:
        """Who came to its end in a batch that was heard."""
        return [
            self.progress[said.index] for said in batch if said.what is None and said.index >= 0
        ]

    def _make(self, paths: Iterable[str]) -> None:
        for path in paths:
            names = self._readers.get(path, ())
            readers = [one for one in self._panel if one.name in names]
            groups = self._alignment.groups(path)
            self._findings[path] = [finding_of(group, readers) for group in groups]

    def _tell_left_out(self, panel: Iterable[ReviewerIdentity], files: Iterable[LeftOut]) -> None:
        self.coverage += [
            CoverageEntry(reviewer.name, path, reading, why)
            for reviewer in panel
            for path, reading, why in files
        ]

    def stop(self, files: Sequence[FileDiff]) -> list[ReviewerProgress]:
        """Nothing more comes: who was not through is cancelled, and what it had not read a gap.

        Gives back who was cancelled.
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
            self.coverage += [
                CoverageEntry(name, file.path, Reading.FAILED, "the review was stopped before")
                for file in files
                if (name, file.path) not in accounted
            ]
        return cancelled


def _heard(progress: ReviewerProgress, said: ReviewerUpdate) -> ReviewerProgress:
    match said.what:
        case Progress(done, total, doing):
            return replace(
                progress, state=ReviewerState.READING, done=done, total=total, doing=doing
            )
        case Usage():
            return replace(progress, usage=said.what)
        case ReviewerError():
            return replace(progress, state=ReviewerState.FAILED, error=str(said.what), doing="")
        case None if progress.state is not ReviewerState.FAILED:
            return replace(progress, state=ReviewerState.DONE, doing="")
        case Asked():
            return replace(progress, asked=said.what)
        case None | CoverageEntry() | Notice() | Joined():
            return progress
        case Report():
            return replace(progress, state=ReviewerState.READING)
