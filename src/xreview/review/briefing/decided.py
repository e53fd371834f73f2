"""What was decided about findings, and what is still open, one line of Markdown each."""

from collections.abc import Iterator

from xreview.domain.decision import Reason, Verdict
from xreview.domain.finding import Disagreement
from xreview.domain.report import Severity
from xreview.domain.text import count_of
from xreview.export.document import ExportEntry, Standing
from xreview.export.markdown_text import code_span
from xreview.export.phrases import person, place
from xreview.review.briefing.basis import BriefBasis
from xreview.review.briefing.prose import as_clause, inert_line

_LONGEST_TITLE = 160
_LONGEST_REASON = 600
_MOST_RISKS = 12
_MOST_OPEN = 6
_KEPT = {
    Reason.INTENDED: "kept, because it is intended",
    Reason.TRADE_OFF: "kept, as a trade-off",
    Reason.OUT_OF_SCOPE: "right, but left out of this change",
    Reason.LATER: "right, but left for later",
    Reason.REVIEWER_WRONG: "rejected, the reviewer is wrong",
}
_WAITS = {
    Reason.ARBITER: "waits for a third model's opinion",
    Reason.PERSON: "waits for a colleague",
    Reason.MEASURE: "waits for a test that settles it",
}
_OPEN = {
    Disagreement.CONTESTED: "the author's model rebuts it, and nobody has decided",
    Disagreement.CONFLICT: "two reviewers ask for opposite changes, and nobody has decided",
    Disagreement.TRADE_OFF: "both sides have a point, and nobody has decided",
    Disagreement.CORROBORATED: "two families found it independently, and nobody has decided",
    Disagreement.CONCEDED: "another model agrees with it, and nobody has decided",
    Disagreement.LONE: "nobody has decided",
}


def point_about(entry: ExportEntry) -> str:
    """The title, place and severity of a finding."""
    lead, severity = entry.finding.lead, entry.finding.severity.word
    title = inert_line(lead.title, _LONGEST_TITLE)
    return f"**{title}** ({code_span(place(lead.anchor))}, {severity})"


def decided_by(entry: ExportEntry) -> str:
    """`Decided by Ada.`; the mail address doesn't belong in public."""
    if entry.decided is None:
        return ""
    return f"Decided by {inert_line(person(entry.decided.actor), _LONGEST_TITLE) or 'unknown'}."


def reason_for(basis: BriefBasis, entry: ExportEntry) -> str:
    """Why it was decided so, in a person's words."""
    said = entry.note.strip() or basis.answer_about(entry)
    return as_clause(inert_line(said, _LONGEST_REASON)) if said else "No reason is given."


def kept_words(entry: ExportEntry) -> str:
    """What a rejection means for the code."""
    if entry.decided is None:
        return ""
    words = _KEPT.get(entry.decided.decision.reason, entry.decided.decision.label)
    until = f" until {inert_line(entry.decided.until, 40)}" if entry.decided.until else ""
    return f"{words}{until}"


def accepted_risks(basis: BriefBasis) -> Iterator[str]:
    """Yield what stays in the code although a reviewer reported it, with who decided and why.

    What a person found to be wrong is only counted, unless it was grave.
    """
    risks: list[ExportEntry] = []
    wrong = 0
    for entry in basis.document.entries:
        if entry.decided is None or entry.decided.decision.verdict is not Verdict.REJECT:
            continue
        reason = entry.decided.decision.reason
        is_minor = entry.finding.severity < Severity.HIGH and not entry.note.strip()
        if reason is Reason.DUPLICATE or entry.is_gone or not entry.finding.is_anchored:
            continue
        if reason is Reason.REVIEWER_WRONG and is_minor and not basis.answer_about(entry):
            wrong += 1
        else:
            risks.append(entry)
    risks.sort(key=lambda one: -one.finding.severity)
    for entry in risks[:_MOST_RISKS]:
        yield (
            f"{point_about(entry)}: {kept_words(entry)}. {reason_for(basis, entry)} "
            f"{decided_by(entry)}"
        )
    if (more := len(risks) - _MOST_RISKS) > 0:
        yield f"and {count_of(more, 'more finding')} rejected"
    if wrong:
        yield f"{count_of(wrong, 'finding')} of low or medium severity rejected as wrong."


def open_points(basis: BriefBasis) -> Iterator[str]:
    """Yield the findings that still need a person: open, escalated, or accepted and not fixed."""
    found: list[tuple[int, str]] = []
    for entry in basis.document.entries:
        if entry.is_gone or not entry.finding.is_anchored:
            continue
        if entry.standing is Standing.OPEN:
            said = basis.answer_about(entry)
            words = f"{_OPEN[entry.finding.disagreement]}."
            if said:
                words += f" The author says: {as_clause(inert_line(said, _LONGEST_REASON))}"
            found.append((0, f"{point_about(entry)}: {words}"))
        elif entry.standing is Standing.ESCALATED and entry.decided is not None:
            waits = _WAITS.get(entry.decided.decision.reason, "is escalated")
            by = decided_by(entry).replace("Decided", "Escalated", 1)
            found.append((0, f"{point_about(entry)}: {waits}. {by}"))
        elif entry.standing is Standing.ACCEPTED and not entry.is_fixed:
            said = basis.answer_about(entry)
            words = "accepted, and not known to be fixed."
            if said:
                words += f" {as_clause(inert_line(said, _LONGEST_REASON))}"
            found.append((1, f"{point_about(entry)}: {words}"))
    found.sort(key=lambda one: one[0])
    yield from (text for _, text in found[:_MOST_OPEN])
    if (more := len(found) - _MOST_OPEN) > 0:
        yield f"and {count_of(more, 'more finding')} not settled"


def settled_points(basis: BriefBasis) -> Iterator[str]:
    """Yield what reviewers needn't report again, with who decided it and why."""
    for entry in basis.document.entries:
        decided = entry.decided
        if decided is None or decided.decision.verdict is not Verdict.REJECT or entry.is_gone:
            continue
        if decided.decision.reason is not Reason.DUPLICATE and entry.finding.is_anchored:
            yield (
                f"{point_about(entry)}: {kept_words(entry)}. {reason_for(basis, entry)} "
                f"{decided_by(entry)}"
            )
