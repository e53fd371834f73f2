"""What is exported, and the formats, one module each.

A module of this package that has an `EXPORTER` is a format; dropping a file in adds one. What an
exporter renders is neutral: it may be printed to a terminal as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from xreview.disagreement.rank import ranked
from xreview.domain.account import EMPTY_ACCOUNT, Account
from xreview.domain.authorship.author import UNKNOWN_AUTHOR, Author
from xreview.domain.change import ChangeSource
from xreview.domain.changed_file import ChangedFile
from xreview.domain.coverage import CoverageEntry, CoverageSummary
from xreview.domain.escalation import Opinion, Outcome
from xreview.domain.events.carried import CarriedState, Suppression
from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.proposal import Proposal
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.state import Decided

NOTHING_READ = CoverageSummary()


class Standing(StrEnum):
    """What became of a finding so far, in the order in which exports list them.

    `suppressed`: nobody decided about it, since a convention of the repository answers it.
    """

    ACCEPTED = "accepted"
    ESCALATED = "escalated"
    OPEN = "open"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class ExportEntry:
    """A finding and what is known about it.

    Args:
        decided: the decision that holds for it, None while it is open. note: a person's note.
        note_by: who wrote the note, where that is not the person who exports; "" for that person.
        carried: what became of it since the review before; None where there was none.
        suppression: why it was not asked again; None where it was.
        session, seen_at: the session that saw it last, and when (UTC, ISO 8601); "" for unknown.
        same_family: the names of those of its reviewers that are of the author's own family.
        author_family: the family that wrote its file; "" for several, and where nobody knows.
        opinions, outcomes: what came back where it was escalated, in time; what was asked by an
            action that was undone is not in it.
        proposals: what others propose, which counts for nothing.
    """

    finding: Finding
    decided: Decided | None = None
    note: str = ""
    carried: CarriedState | None = None
    suppression: Suppression | None = None
    session: str = ""
    seen_at: str = ""
    same_family: frozenset[str] = frozenset()
    author_family: str = ""
    opinions: tuple[Opinion, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    note_by: str = ""
    proposals: tuple[Proposal, ...] = ()

    @property
    def standing(self) -> Standing:
        """What became of it so far."""
        if self.decided is not None:
            return Standing(self.decided.decision.verdict.done)
        return Standing.OPEN if self.suppression is None else Standing.SUPPRESSED

    @property
    def is_gone(self) -> bool:
        """Whether its problem was confirmed to be fixed."""
        return self.carried is CarriedState.FIXED

    @property
    def moments(self) -> tuple[str, ...]:
        """When something of what it tells happened (UTC, ISO 8601), where that is known."""
        came_back = (one.at for one in (*self.opinions, *self.outcomes))
        decided = self.decided.at if self.decided else ""
        return tuple(at for at in (self.seen_at, decided, *came_back) if at)


@dataclass(frozen=True)
class ExportSession:
    """One session of a document: what was reviewed, by whom, and how much of it was read.

    Args:
        id: of the session.
        opened_at, last_at: when it began, and when the last thing happened in it that an export
            tells of (UTC, ISO 8601); "" for unknown.
        source: where the change came from.
        author: who wrote it.
        reviewers: who was asked, whether or not they raised anything.
        coverage: counts for each reviewer and file.
        account: where each path and changed line of the change ended.
        gaps: what was not read, for lists (`domain.account.gaps_in`).
        failures: a sentence for each reviewer that did not come to its end, by its name.
        is_over: False where the review had not come to its end, or that is not known.
        notices: sentences that a person must know.
        files: of the change; () where they are not known.
        families: of those files, by path, that another family wrote than the whole change.
    """

    id: str
    opened_at: str
    last_at: str
    source: ChangeSource
    author: Author = UNKNOWN_AUTHOR
    reviewers: tuple[ReviewerIdentity, ...] = ()
    coverage: CoverageSummary = NOTHING_READ
    account: Account = EMPTY_ACCOUNT
    gaps: tuple[CoverageEntry, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict[str, str])
    is_over: bool = False
    notices: tuple[str, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    families: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_complete(self) -> bool:
        """False where a reviewer failed or was stopped, or something was not read."""
        return self.is_over and not self.failures and not self.gaps and self.account.is_complete

    @property
    def is_by_analysers(self) -> bool:
        """Whether only pattern checks read the change."""
        return {reviewer.kind for reviewer in self.reviewers} == {ReviewerKind.ANALYSER}

    def family_of(self, path: str) -> str:
        """The family that wrote a file: "" for several, and where nobody knows."""
        return self.families.get(path, self.author.family)

    def is_same_family(self, reviewer: ReviewerIdentity) -> bool:
        """Whether a model is of the family that wrote the change as a whole, as far as is known."""
        return reviewer.is_model_of(self.author.family)

    def same_family_in(self, finding: Finding) -> frozenset[str]:
        """The names of a finding's reviewers that are of the family that wrote its file."""
        raised = [(one.reviewer, self.family_of(one.anchor.path)) for one in finding.reports]
        return frozenset(reviewer.name for reviewer, wrote in raised if reviewer.is_model_of(wrote))

    @cached_property
    def same_family(self) -> frozenset[str]:
        """The names of the reviewers of the family that wrote the change as a whole."""
        return frozenset(filter(None, (r.name for r in self.reviewers if self.is_same_family(r))))

    def shows(self, anchor: Anchor) -> bool:
        """Whether one hunk of the diff shows all lines of the anchor."""
        file = self._by_path.get(anchor.path)
        return file is not None and file.shows(anchor.side, anchor.start_line, anchor.end_line)

    @cached_property
    def _by_path(self) -> dict[str, ChangedFile]:
        return {file.path: file for file in self.files}


@dataclass(frozen=True)
class ExportDocument:
    """Everything an export says, raw; the exporters neutralise it.

    Args:
        program_version: of xreview-tui.
        sessions: what it is about, the newest first; at least one.
        entries: the findings in order of attention, each once.
        left_out: how many findings a selection took out of `entries`.
    """

    program_version: str
    sessions: tuple[ExportSession, ...]
    entries: tuple[ExportEntry, ...]
    left_out: int = 0

    def __post_init__(self) -> None:
        if not self.sessions:
            raise ValueError("a document is about one session at least")

    @property
    def latest(self) -> ExportSession:
        """The newest session."""
        return self.sessions[0]

    @property
    def has_several(self) -> bool:
        """Whether it must be said which session is meant."""
        return len(self.sessions) > 1

    @property
    def title(self) -> str:
        """What it is about, in a few words."""
        return f"{len(self.sessions)} sessions" if self.has_several else self.latest.source.title

    @cached_property
    def as_of(self) -> str:
        """When the last thing happened that it tells of, so that it does not depend on the clock.

        UTC, ISO 8601.
        """
        told = [at for entry in self.entries for at in entry.moments]
        return max([*told, *(session.last_at for session in self.sessions)])

    @property
    def is_complete(self) -> bool:
        """Whether all sessions are."""
        return all(session.is_complete for session in self.sessions)

    @cached_property
    def coverage(self) -> CoverageSummary:
        """The counts of all sessions together."""
        counts = [session.coverage for session in self.sessions]
        return CoverageSummary(
            sum(one.read for one in counts),
            sum(one.skipped for one in counts),
            sum(one.gaps for one in counts),
        )

    @cached_property
    def reviewers(self) -> tuple[ReviewerIdentity, ...]:
        """Who was asked in any session."""
        asked = (reviewer for session in self.sessions for reviewer in session.reviewers)
        return tuple(dict.fromkeys(asked))

    @property
    def gaps(self) -> tuple[CoverageEntry, ...]:
        """What was not read in any session."""
        return tuple(gap for session in self.sessions for gap in session.gaps)

    def session_of(self, entry: ExportEntry) -> ExportSession:
        """The session that saw the finding last."""
        return self._by_id.get(entry.session, self.latest)

    @cached_property
    def _by_id(self) -> dict[str, ExportSession]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def by_standing(self) -> dict[Standing, tuple[ExportEntry, ...]]:
        """The entries of each standing, in their order."""
        return {
            standing: tuple(entry for entry in self.entries if entry.standing is standing)
            for standing in Standing
        }

    @cached_property
    def unanchored(self) -> tuple[ExportEntry, ...]:
        """The entries of which no quote stands in the code; they count for nothing."""
        return tuple(entry for entry in self.entries if not entry.finding.is_anchored)

    @property
    def to_fix(self) -> tuple[ExportEntry, ...]:
        """The accepted findings whose problem is still there."""
        return tuple(entry for entry in self.by_standing[Standing.ACCEPTED] if not entry.is_gone)


def in_reading_order(entries: Iterable[ExportEntry]) -> tuple[ExportEntry, ...]:
    """Entries by the ranking of their findings; those whose problem is gone come last."""
    known = tuple(entries)
    order = ranked(entry.finding for entry in known)
    places = {id(finding): place for place, finding in enumerate(order)}
    return tuple(sorted(known, key=lambda one: (one.is_gone, places[id(one.finding)])))
