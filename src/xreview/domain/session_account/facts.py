"""What the account of a session is counted from: of the journal, or of a running session."""

from collections.abc import Mapping

from xreview.domain.account import EMPTY_ACCOUNT, Account
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.changed_file import ChangedFile
from xreview.domain.coverage import CoverageEntry
from xreview.domain.events.outcome_events import AftermathSeen
from xreview.domain.events.person_events import ProblemMissed
from xreview.domain.events.review_events import AttentionWeighed
from xreview.domain.finding import Finding
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass, field
from xreview.domain.report import ReviewerIdentity
from xreview.domain.state import Decided


@dataclass(frozen=True, slots=True)
class AccountedFinding:
    """A finding with all its reports, and what is known about it.

    Args:
        is_settled: it wasn't asked again: an earlier decision or a convention answers it.
        wrote: the family that wrote its file; "" if several or unknown.
        level: the attention it deserves; None if that wasn't weighed.
        escalations: how many times it was escalated. answers: how many answers came back; None if
            that isn't known.
        fix: what its latest fix did; None if none was judged. is_working: whether that holds.
    """

    finding: Finding
    decided: Decided | None = None
    is_settled: bool = False
    wrote: str = ""
    level: AttentionLevel | None = None
    escalations: int = 0
    answers: int | None = 0
    fix: FixOutcome | None = None
    is_working: bool = False


@dataclass(frozen=True, slots=True)
class PartySpending:
    """What a reviewer, or a fix, used: US dollars and seconds; None for unknown."""

    name: str
    dollars: float | None
    seconds: float | None


@dataclass(frozen=True)
class SessionFacts:
    """All facts about one session.

    Args:
        opened_at: UTC, ISO 8601; "" if unknown.
        author: the family that wrote the change, and families: of files that another one wrote, by
            path; "" for several or unknown.
        read: whether each changed line was read. is_over: False if the review didn't finish.
        weighed: None if attention wasn't weighed.
        viewed: the paths of the files that the user marked as viewed.
        used: by reviewers and other models. fixing: by each fix; None if that isn't known.
        missed, aftermath: what came to light later, without what was undone; None if that isn't
            known.
    """

    session: str
    opened_at: str = ""
    author: str = ""
    families: Mapping[str, str] = field(default_factory=dict[str, str])
    reviewers: tuple[ReviewerIdentity, ...] = ()
    findings: tuple[AccountedFinding, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    coverage: tuple[CoverageEntry, ...] = ()
    read: Account = EMPTY_ACCOUNT
    failures: Mapping[str, str] = field(default_factory=dict[str, str])
    is_over: bool = False
    weighed: AttentionWeighed | None = None
    viewed: frozenset[str] = frozenset()
    used: tuple[PartySpending, ...] = ()
    fixing: tuple[PartySpending, ...] | None = ()
    missed: tuple[ProblemMissed, ...] | None = ()
    aftermath: tuple[AftermathSeen, ...] = ()

    def wrote(self, path: str) -> str:
        """The family that wrote a file; "" if several or unknown."""
        return self.families.get(path, self.author)
