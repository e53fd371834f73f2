"""The facts of a session's account, but for its findings: of its events, or while it runs."""

from collections.abc import Iterable, Sequence

from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.coverage import CoverageEntry
from xreview.domain.events.event import (
    AttentionWeighed,
    Event,
    FileUnviewed,
    FileViewed,
    FixEnded,
    FixStarted,
    ProblemMissed,
    UsageReceived,
)
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.record import replace
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.facts import ReviewerUsage
from xreview.domain.session_account.facts import PartySpending, SessionFacts
from xreview.export.document import ExportSession
from xreview.review.session.snapshot import ReviewSnapshot


class SessionAccountFold:
    """What was used, weighed, viewed and found later, folded from the events of one session."""

    def __init__(self) -> None:
        self._used: dict[str, ReviewerUsage] = {}
        self._fixers: dict[str, FixerIdentity] = {}
        self._ended: dict[str, FixEnded] = {}
        self._viewed: set[str] = set()
        self._missed: list[ProblemMissed] = []
        self.weighed: AttentionWeighed | None = None

    def take(self, event: Event) -> None:
        """Fold in one more event; other kinds are skipped."""
        payload = event.payload
        if isinstance(payload, UsageReceived):
            name = payload.reviewer
            new = ReviewerUsage(event.session, name, payload.cost, payload.seconds)
            self._used[name] = self._used[name] + new if name in self._used else new
        elif isinstance(payload, AttentionWeighed):
            self.weighed = payload
        elif isinstance(payload, ProblemMissed):
            self._missed.append(payload)
        elif isinstance(payload, FixStarted):
            self._fixers[payload.fix] = payload.fixer
        elif isinstance(payload, FixEnded):
            self._ended[payload.fix] = payload
        elif isinstance(payload, FileViewed):
            self._viewed.add(payload.path)
        elif isinstance(payload, FileUnviewed):
            self._viewed.discard(payload.path)

    def facts(self, about: ExportSession, coverage: Sequence[CoverageEntry]) -> SessionFacts:
        """All of them."""
        return replace(
            _told_of(about, coverage),
            viewed=frozenset(self._viewed),
            used=self._all_used(about.reviewers),
            fixing=tuple(self._fix(fix, fixer) for fix, fixer in self._fixers.items()),
            missed=tuple(self._missed),
        )

    def _all_used(self, panel: Iterable[ReviewerIdentity]) -> tuple[PartySpending, ...]:
        """What reviewers and other models used; unknown for a model that recorded nothing."""
        told = [
            PartySpending(one.reviewer, one.dollars, one.seconds) for one in self._used.values()
        ]
        silent = (one for one in panel if one.name not in self._used)
        return (
            *told,
            *(
                PartySpending(one.name, 0.0 if one.kind is ReviewerKind.ANALYSER else None, None)
                for one in silent
                if one.kind is not ReviewerKind.PERSON
            ),
        )

    def _fix(self, fix: str, fixer: FixerIdentity) -> PartySpending:
        ended = self._ended.get(fix)
        dollars = ended.cost if ended else None
        is_free = fixer.kind is FixerKind.MECHANICAL
        return PartySpending(
            fixer.name,
            0.0 if is_free and dollars is None else dollars,
            ended.seconds if ended else None,
        )


def facts_now(snapshot: ReviewSnapshot, about: ExportSession) -> SessionFacts:
    """The facts of a session in memory. Only the journal knows times, what fixes cost, and what
    came to light later."""
    spent = [(one.identity.name, one.usage) for one in snapshot.reviewers]
    spent += [(one.party.name, one.usage) for one in snapshot.answered]
    return replace(
        _told_of(about, snapshot.coverage),
        viewed=snapshot.viewed,
        used=tuple(PartySpending(name, usage.cost, None) for name, usage in spent),
        fixing=None,
        missed=None,
    )


def weighed_now(attention: ChangeAttention | None) -> AttentionWeighed | None:
    """The attention as the journal holds it, as far as the screen knows it."""
    if attention is None:
        return None
    why = tuple(dict.fromkeys(reason.words for reason in attention.change.reasons))
    files = (WeighedFile(path, one.level) for path, one in attention.files.items())
    return AttentionWeighed(attention.change.level, why, tuple(files))


def _told_of(about: ExportSession, coverage: Iterable[CoverageEntry]) -> SessionFacts:
    """The facts of a session's account that exports tell too."""
    return SessionFacts(
        about.id,
        about.opened_at,
        about.author.family,
        about.families,
        about.reviewers,
        files=about.files,
        coverage=tuple(coverage),
        read=about.account,
        failures=about.failures,
        is_over=about.is_over,
        weighed=about.attention,
    )
