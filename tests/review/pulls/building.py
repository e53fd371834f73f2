"""Accepted findings on the diff of `tests.fakes.forge`, and a posting over that forge."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.export.build import FIX, INTENDED
from tests.fakes.forge import ADDRESS, HEAD, MemoryForge
from tests.fakes.reports import report
from xreview.domain.errors import JournalError
from xreview.domain.events.event import Event, PullPayload
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Report
from xreview.domain.state import Decided
from xreview.export.document import ExportEntry
from xreview.journal.store import Journal
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.post_consent import PostConsents
from xreview.review.pulls.posting import Posting
from xreview.review.pulls.pull_forge import pull_events_in

AT = "2026-01-31T09:30:00.000000+00:00"


def lone(*reports: Report) -> Finding:
    return Finding(reports, (), Disagreement.LONE)


def on_line(title: str = "Swallowed error", line: int = 2, quote: str = "zwei", **more) -> Finding:
    return lone(report(title, line=line, quote=quote, **more))


def from_thread(thread: str, title: str = "Said by a bot", **more) -> Finding:
    return lone(replace(report(title, line=4, quote="four", **more), source=thread))


def accepted(finding: Finding, decided: Decided | None = FIX, **more) -> ExportEntry:
    return ExportEntry(finding, decided, **more)


@dataclass
class Desk:
    """A posting with a journal of its own; what it records is read back from the disk.

    Attributes:
        decided: decisions by finding; accepted without one.
        notes: by finding.
        is_full: whether the disk takes no more events.
    """

    folder: Path
    forge: MemoryForge = field(default_factory=MemoryForge)
    commit: str = HEAD
    decided: dict[Finding, Decided | None] = field(default_factory=dict[Finding, Decided | None])
    notes: dict[Finding, str] = field(default_factory=dict[Finding, str])
    is_full: bool = False
    count: int = 0

    @property
    def journal(self) -> Path:
        return self.folder / "journal.sqlite3"

    def posting(self) -> Posting:
        """A new one, as after a restart."""
        return Posting(
            PostPlace(
                ADDRESS,
                self.commit,
                lambda: self.forge,
                self.entries,
                lambda: pull_events_in(self.journal, ADDRESS.url),
                self.record,
                PostConsents(self.folder / "state"),
                lambda: AT,
            )
        )

    def entries(self, findings: Sequence[Finding]) -> list[ExportEntry]:
        return [
            accepted(one, self.decided.get(one, FIX), note=self.notes.get(one, ""))
            for one in findings
        ]

    def reject(self, finding: Finding, note: str = "") -> Finding:
        self.decided[finding], self.notes[finding] = INTENDED, note
        return finding

    async def record(self, *payloads: PullPayload) -> None:
        if self.is_full:
            raise JournalError("The disk is full.")
        with Journal.open(self.journal) as journal:
            for one in payloads:
                self.count += 1
                at = f"2026-01-31T09:30:{self.count:02}.000000+00:00"
                journal.append([Event(str(self.count), "s1", "/src/.git", at, "Ada", one)])

    def recorded(self) -> list[PullPayload]:
        return [event.payload for event in pull_events_in(self.journal, ADDRESS.url)]
