"""Sentences that several formats share, raw: each format escapes them by its own rule."""

from collections.abc import Collection
from datetime import datetime

from xreview.domain.account import NO_APPROVAL
from xreview.domain.authorship.author import Author
from xreview.domain.change import Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.events.carried import Suppression
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import ReviewerIdentity, Severity
from xreview.domain.state import Decided
from xreview.export.document import ExportDocument, ExportSession, Standing

NOT_OVER = "The review did not finish: what was read is unknown."
INCOMPLETE = "This review is incomplete."
NOTHING_KNOWN = "what was read is unknown"
NOT_CLEAN = "What wasn't read isn't known to be clean."
OF_AUTHOR = "of the author's family"
UNANCHORED = "The quote isn't in the file: the place is unconfirmed."
APART = "Unanchored"
"""The label of findings whose quotes aren't in the code."""


def place(anchor: Anchor) -> str:
    """`shop/cart.py:12-13`."""
    last = "" if anchor.end_line == anchor.start_line else f"-{anchor.end_line}"
    return f"{anchor.path}:{anchor.start_line}{last}"


def weight(finding: Finding) -> str:
    """The severity of a finding, or that it is unanchored."""
    return finding.severity.word if finding.is_anchored else APART.lower()


def side_note(anchor: Anchor) -> str:
    """The suffix of a place on the old side."""
    return " before the change" if anchor.side is Side.OLD else ""


def not_lone(finding: Finding) -> list[str]:
    """The kind of disagreement; none for lone findings."""
    kind = finding.disagreement
    return [] if kind is Disagreement.LONE else [kind.value]


def minute_of(at: str) -> str:
    """A time of the journal to the minute; anything else unchanged."""
    try:
        return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return at


def person(actor: str) -> str:
    """An actor without the mail address, which doesn't belong in a public comment."""
    return actor.partition(" <")[0]


def reviewer(identity: ReviewerIdentity, same_family: Collection[str]) -> str:
    """A reviewer, marked if it is of the family that wrote the code."""
    return _marked(identity, is_of_author=identity.name in same_family)


def party(identity: ReviewerIdentity, family: str) -> str:
    """A party that answers, marked if it is of the family that wrote the code."""
    return _marked(identity, is_of_author=identity.is_model_of(family))


def _marked(identity: ReviewerIdentity, *, is_of_author: bool) -> str:
    return f"{identity.label}{f', {OF_AUTHOR}' if is_of_author else ''}"


def author(author: Author) -> str:
    """The author of the change, with confidence and evidence, in one line."""
    confidence = f"{author.confidence.word} confidence" if author.confidence else ""
    said = ": ".join(filter(None, (confidence, "; ".join(author.evidence))))
    return f"{author.label} ({said})" if said else author.label


def session(session: ExportSession) -> str:
    """`worktree against HEAD, 2026-01-31 09:30 UTC`."""
    return ", ".join(filter(None, (session.source.title, minute_of(session.opened_at))))


def suppression(suppression: Suppression) -> str:
    """Why a finding wasn't asked again, with who and when."""
    until = f" until {suppression.until}" if suppression.until else ""
    what = "by a convention" if suppression.convention else "decided earlier"
    said = f"not asked again{until}, {what}: {suppression.why}"
    return f"{said}, by {person(suppression.owner) or 'unknown'}, {minute_of(suppression.at)}"


def decision(decided: Decided) -> str:
    """A decision, with who and when."""
    until = f" until {decided.until}" if decided.until else ""
    name = person(decided.actor) or "unknown"
    return f"{decided.decision.label}{until}, by {name}, {minute_of(decided.at)}"


def finding_counts(document: ExportDocument) -> str:
    """The number of findings by status and severity, and of those that don't count."""
    severities = [entry.finding.severity for entry in document.entries if entry.finding.is_anchored]
    by_standing = [
        f"{len(entries)} {standing}"
        for standing, entries in document.by_standing.items()
        if entries or standing is not Standing.SUPPRESSED
    ]
    by_severity = [
        f"{severities.count(severity)} {severity.word}"
        for severity in reversed(Severity)
        if severity in severities
    ]
    unanchored = len(document.unanchored)
    apart = f"{unanchored} unanchored (not counted)" if unanchored else ""
    return "; ".join(filter(None, [", ".join(by_standing), ", ".join(by_severity), apart]))


def account(session: ExportSession) -> str:
    """How much of the change was read."""
    return session.account.words if session.account.entries else NOTHING_KNOWN


def missed(gap: CoverageEntry) -> tuple[str, str]:
    """What wasn't read, and by whom."""
    return gap.path or "part of the change", gap.reviewer or "anyone"


def nothing(document: ExportDocument) -> str:
    """What a document without findings says instead."""
    if document.left_out:
        return "This export contains no findings."
    if not document.is_complete:
        return "No findings in what was read."
    if all(session.is_by_analysers for session in document.sessions):
        return f"No findings. {NO_APPROVAL}"
    return "No findings."
