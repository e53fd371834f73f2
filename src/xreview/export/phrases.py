"""Sentences that several formats share, raw: each format escapes them by its own rule."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

from xreview.domain.account import NO_APPROVAL
from xreview.domain.attempt.takes import HeldTake
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author import Author
from xreview.domain.change import Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.events.carried import CarriedState, Suppression
from xreview.domain.events.review_events import AttentionWeighed, WeighedFile
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.state import FindingFix
from xreview.domain.identity.anchor import Anchor
from xreview.domain.pull.discussion import RemoteComment
from xreview.domain.report import Report, ReviewerIdentity, Severity
from xreview.domain.state import Decided
from xreview.domain.text import count_of
from xreview.export.document import ExportDocument, ExportEntry, ExportSession, Standing
from xreview.hardening.lookalikes import told_of

NOT_OVER = "The review did not finish: what was read is unknown."
INCOMPLETE = "This review is incomplete."
NOTHING_KNOWN = "what was read is unknown"
NOT_CLEAN = "What wasn't read isn't known to be clean."
OF_AUTHOR = "of the author's family"
UNANCHORED = "The quote isn't in the file: the place is unconfirmed."
APART = "Unanchored"
"""The label of findings whose quotes aren't in the code."""


_PLACES_NAMED = 5
_FILES_NAMED = 20


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
    """A time to the minute, one without an offset as UTC; anything else unchanged."""
    try:
        moment = datetime.fromisoformat(at)
        moment = moment.astimezone(UTC) if moment.tzinfo is not None else moment
    except (ValueError, OverflowError):  # the year 1 has no day before
        return at
    return f"{moment:%Y-%m-%d %H:%M} UTC"


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
    name = person(decided.actor) or "unknown"
    return f"{decided.words}, by {name}, {minute_of(decided.at)}"


def judged_fix(fix: FindingFix) -> str:
    """What a fix did, with who, when, and the evidence: `fixed, not applied, by claude-code …`."""
    said = f"{fix.words}, by {fix.fixer.label}, {minute_of(fix.at)}"
    evidence = " ".join(fix.evidence.split())
    return f"{said}: {evidence}" if evidence else said


def fix_status(entry: ExportEntry) -> str:
    """What the latest fix of a finding did, and whether it held; "" if none was judged."""
    if entry.fix is None:
        return ""
    failed = entry.carried is CarriedState.REGRESSED and entry.fix.at <= entry.seen_at
    return f"{judged_fix(entry.fix)}{'. Reported again since' if failed else ''}"


def comment_heading(comment: RemoteComment) -> str:
    """Who said something on a pull request, when, and where it is."""
    when = minute_of(comment.at) if comment.at else ""
    return ", ".join(filter(None, (comment.author.login, when, comment.url)))


def threads(entry: ExportEntry) -> str:
    """The threads of a pull request that a finding was read from; "" for none."""
    return "; ".join(f"{one.author}, {one.state}: {one.url}".rstrip(": ") for one in entry.threads)


def session_facts(
    session: ExportSession, prose: Callable[[str], str], name: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """The label and text of each fact about a session; `prose` and `name` escape texts."""
    reviewers = (name(reviewer(one, session.same_family)) for one in session.reviewers)
    yield "Author", prose(author(session.author)) or "unknown"
    yield "Reviewers", ", ".join(reviewers) or "none"
    yield "Read", prose(account(session))
    if session.is_by_analysers:
        yield "Analysers only", NO_APPROVAL
    if not session.is_over:
        yield "Incomplete", NOT_OVER
    for who, why in session.failures.items():
        yield "Failed", f"{name(who)}: {prose(why)}".rstrip()
    for take in session.taken:
        yield "Taken", prose(taken(take))
    if weighed := session.attention:
        yield "Attention", prose(weighed_change(weighed))
        yield "Files", prose("; ".join(weighed_files(weighed)))
    for notice in session.notices:
        yield "Note", prose(notice)


def attention(level: AttentionLevel) -> str:
    """`5, decide`."""
    return f"{level:d}, {level.word}"


def weighed_change(weighed: AttentionWeighed) -> str:
    """The attention that a change deserves, with the reasons."""
    return ": ".join(filter(None, (attention(weighed.level), "; ".join(weighed.why))))


def weighed_files(weighed: AttentionWeighed) -> Iterator[str]:
    """For each level, the highest first, its files: by name where a person should read them."""
    for level in reversed(AttentionLevel):
        files = [one for one in weighed.files if one.level is level]
        if not files:
            continue
        if level < AttentionLevel.STUDY:
            yield f"{count_of(len(files), 'file')} at {attention(level)}"
            continue
        named = [f"{one.path}{_topics(one)}" for one in files[:_FILES_NAMED]]
        more = len(files) - _FILES_NAMED
        end = f" and {more:,} more" if more > 0 else ""
        yield f"{', '.join(named)}{end} at {attention(level)}"


def _topics(file: WeighedFile) -> str:
    return f" ({', '.join(file.topics)})" if file.topics else ""


def taken(take: HeldTake) -> str:
    """`attempt B (codex) of “Limit the retries”, 2026-12-01 10:00 UTC: It is the simplest.`"""
    labels = take.taken.labels
    named = [
        f"{label} ({take.seats[label].writer.name})" if label in take.seats else label
        for label in labels
    ]
    what = "pieces of attempts" if len(labels) > 1 else "attempt"
    of = f" of “{take.title}”" if take.title else ""
    reason = f": {take.taken.reason}" if take.taken.reason else ""
    return f"{what} {' and '.join(named)}{of}, {minute_of(take.at)}{reason}"


def replacement_of(report: Report) -> str | None:
    """The code that replaces exactly the quoted lines of the new side, if a report suggests it."""
    anchor, suggestion = report.anchor, report.suggestion
    is_whole = anchor.quote.count("\n") == anchor.end_line - anchor.start_line
    if suggestion is None or not report.anchored or anchor.side is not Side.NEW or not is_whole:
        return None
    return suggestion.replacement


def also_at(finding: Finding) -> str:
    """`Also at a.py:3, b.py:9 and 12 more.`, raw; "" if a finding has one place."""
    places = [place(report.anchor) for report in finding.repeats]
    if not places:
        return ""
    more = len(places) - _PLACES_NAMED
    end = f" and {more:,} more" if more > 0 else ""
    return f"Also at {', '.join(places[:_PLACES_NAMED])}{end}."


def looks(report: Report) -> Iterator[str]:
    """A sentence for each line of a report's code that isn't what it looks like; neutral text."""
    yield from told_of(enumerate(report.anchor.quote.split("\n"), report.anchor.start_line))
    suggestion = report.suggestion
    if suggestion is not None and suggestion.replacement is not None:
        for sentence in told_of(enumerate(suggestion.replacement.split("\n"), 1)):
            yield f"In the suggested code: {sentence}"


def looks_of(finding: Finding) -> list[str]:
    """The distinct sentences of `looks` for all reports of a finding."""
    return list(dict.fromkeys(said for report in finding.reports for said in looks(report)))


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
