"""What is exported: sessions and findings, raw; each format neutralises them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property

from xreview.disagreement.rank import ranked
from xreview.domain.account import EMPTY_ACCOUNT, Account
from xreview.domain.attempt.takes import HeldTake
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author import UNKNOWN_AUTHOR, Author
from xreview.domain.change import ChangeSource
from xreview.domain.changed_file import ChangedFile
from xreview.domain.coverage import CoverageEntry, CoverageSummary
from xreview.domain.escalation import Opinion, Outcome
from xreview.domain.events.carried import CarriedState, Suppression
from xreview.domain.events.pull_events import SeenThread
from xreview.domain.events.review_events import AttentionWeighed
from xreview.domain.finding import Finding
from xreview.domain.fixing.state import FindingFix
from xreview.domain.identity.anchor import Anchor
from xreview.domain.proposal import Proposal
from xreview.domain.pull.discussion import RemoteComment
from xreview.domain.record import dataclass, field
from xreview.domain.related import RelatedPlace
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.session_account.account import SessionAccount
from xreview.domain.state import Decided

NOTHING_READ = CoverageSummary()


class Standing(StrEnum):
    """The status of a finding, in the order in which exports list them.

    `suppressed`: undecided, because a convention answers it.
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
        carried: how it compares with the review before; None if there was none.
        suppression: why it wasn't asked again, if so.
        session, seen_at: the session that saw it last, and when (UTC, ISO 8601); "" if unknown.
        same_family: the names of its reviewers that are of the author's own family.
        author_family: the family that wrote its file; "" if several or unknown.
        note_by: who wrote the note; "" for the user who exports.
        proposals: of others; they count for nothing.
        fix: what its latest fix did; None if none was judged.
        threads: the threads of a pull request that it was read from, as they were then.
        attention: how much human reading it deserves; None if that wasn't weighed.
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
    fix: FindingFix | None = None
    threads: tuple[SeenThread, ...] = ()
    attention: AttentionLevel | None = None

    @property
    def standing(self) -> Standing:
        """Its status."""
        if self.decided is not None:
            return Standing(self.decided.decision.verdict.done)
        return Standing.OPEN if self.suppression is None else Standing.SUPPRESSED

    @property
    def is_gone(self) -> bool:
        """Whether its problem was confirmed fixed."""
        return self.carried is CarriedState.FIXED

    @property
    def is_fixed(self) -> bool:
        """Whether a fix of it is in the user's files and works, and nobody reported it since."""
        if self.fix is None or self.carried is CarriedState.REGRESSED:
            return False
        return self.fix.is_working and self.seen_at <= self.fix.at

    @property
    def moments(self) -> tuple[str, ...]:
        """The known times of what it contains (UTC, ISO 8601)."""
        came_back = (one.at for one in (*self.opinions, *self.outcomes))
        decided = self.decided.at if self.decided else ""
        fixed = self.fix.at if self.fix else ""
        return tuple(at for at in (self.seen_at, decided, *came_back, fixed) if at)


@dataclass(frozen=True)
class ExportSession:
    """One session: what was reviewed, by whom, and how much of it was read.

    Args:
        opened_at, last_at: when it began, and the time of its last exported event (UTC, ISO 8601);
            "" if unknown.
        gaps: everything not read (`account.gaps_in`).
        failures: why each reviewer that didn't finish didn't, by name.
        is_over: False if the review didn't finish, or that is unknown.
        families: by path, for files that another family wrote than the whole change.
        taken: what of the change the user took from attempts, the oldest first.
        attention: how much human reading the change and its files deserve; None if that wasn't
            weighed.
        session_account: what the session came to, whatever a filter leaves out; None if unknown.
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
    taken: tuple[HeldTake, ...] = ()
    attention: AttentionWeighed | None = None
    session_account: SessionAccount | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every reviewer finished and everything was read."""
        return self.is_over and not self.failures and not self.gaps and self.account.is_complete

    @property
    def is_by_analysers(self) -> bool:
        """Whether only pattern checks read the change."""
        return {reviewer.kind for reviewer in self.reviewers} == {ReviewerKind.ANALYSER}

    def family_of(self, path: str) -> str:
        """The family that wrote a file; "" if several or unknown."""
        return self.families.get(path, self.author.family)

    def is_same_family(self, reviewer: ReviewerIdentity) -> bool:
        """Whether a reviewer is a model of the family that wrote the whole change."""
        return reviewer.is_model_of(self.author.family)

    def same_family_in(self, finding: Finding) -> frozenset[str]:
        """The names of a finding's reviewers of the family that wrote its file."""
        raised = [(one.reviewer, self.family_of(one.anchor.path)) for one in finding.reports]
        return frozenset(reviewer.name for reviewer, wrote in raised if reviewer.is_model_of(wrote))

    @cached_property
    def same_family(self) -> frozenset[str]:
        """The names of the reviewers of the family that wrote the whole change."""
        return frozenset(filter(None, (r.name for r in self.reviewers if self.is_same_family(r))))

    def shows(self, anchor: Anchor) -> bool:
        """Whether one hunk of the diff shows all lines of an anchor."""
        file = self._by_path.get(anchor.path)
        return file is not None and file.shows(anchor.side, anchor.start_line, anchor.end_line)

    @cached_property
    def _by_path(self) -> dict[str, ChangedFile]:
        return {file.path: file for file in self.files}


@dataclass(frozen=True)
class ExportDocument:
    """Everything an export contains.

    Args:
        sessions: the newest first; at least one.
        entries: in reading order (`in_reading_order`), each finding once.
        left_out: how many findings a filter removed from `entries`.
        related: where to look outside the change. said: what is said on a pull request as a whole,
            the oldest first. Both are only known while the session runs.
    """

    program_version: str
    sessions: tuple[ExportSession, ...]
    entries: tuple[ExportEntry, ...]
    left_out: int = 0
    related: tuple[RelatedPlace, ...] = ()
    said: tuple[RemoteComment, ...] = ()

    def __post_init__(self) -> None:
        if not self.sessions:
            raise ValueError("a document has at least one session")

    @property
    def latest(self) -> ExportSession:
        """The newest session."""
        return self.sessions[0]

    @property
    def has_several(self) -> bool:
        """Whether there is more than one session."""
        return len(self.sessions) > 1

    @property
    def title(self) -> str:
        """Its subject, in a few words."""
        return f"{len(self.sessions)} sessions" if self.has_several else self.latest.source.title

    @cached_property
    def as_of(self) -> str:
        """The latest time in it (UTC, ISO 8601), so that an export doesn't depend on the clock."""
        told = [at for entry in self.entries for at in entry.moments]
        return max([*told, *(session.last_at for session in self.sessions)])

    @property
    def is_complete(self) -> bool:
        """Whether all sessions are complete."""
        return all(session.is_complete for session in self.sessions)

    @cached_property
    def coverage(self) -> CoverageSummary:
        """The counts over all sessions."""
        counts = [session.coverage for session in self.sessions]
        return CoverageSummary(
            sum(one.read for one in counts),
            sum(one.skipped for one in counts),
            sum(one.gaps for one in counts),
        )

    @cached_property
    def reviewers(self) -> tuple[ReviewerIdentity, ...]:
        """The reviewers of all sessions."""
        asked = (reviewer for session in self.sessions for reviewer in session.reviewers)
        return tuple(dict.fromkeys(asked))

    @property
    def gaps(self) -> tuple[CoverageEntry, ...]:
        """The gaps of all sessions."""
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
        """The entries whose quotes aren't in the code; they count for nothing."""
        return tuple(entry for entry in self.entries if not entry.finding.is_anchored)

    @property
    def to_fix(self) -> tuple[ExportEntry, ...]:
        """The accepted findings whose problem is still there, as far as is known."""
        accepted = self.by_standing[Standing.ACCEPTED]
        return tuple(one for one in accepted if not (one.is_gone or one.is_fixed))


def in_reading_order(entries: Iterable[ExportEntry]) -> tuple[ExportEntry, ...]:
    """Entries by the ranking of their findings; those whose problem is gone come last."""
    known = tuple(entries)
    order = ranked(entry.finding for entry in known)
    places = {id(finding): place for place, finding in enumerate(order)}
    return tuple(sorted(known, key=lambda one: (one.is_gone, places[id(one.finding)])))
