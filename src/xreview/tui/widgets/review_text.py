"""The text of the review pane; what reviewers wrote is made safe here, and never is markup."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.geometry import NULL_SIZE, Size

from xreview.disagreement.sides import side_words
from xreview.domain.events.carried import CarriedState
from xreview.domain.finding import Finding
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.proposal import Proposal, decision_in
from xreview.domain.state import Decided, Triage
from xreview.domain.text import count_of, visible, visible_block
from xreview.export.phrases import minute_of, person
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.attention_text import finding_attention_parts
from xreview.tui.widgets.findings.marks import FIX_SIGNS, FixTone, fix_tone
from xreview.tui.widgets.report_text import report_parts
from xreview.tui.widgets.text_pane import TextPart

_PROPOSALS_SHOWN = 5


def review_content(finding: Finding, snapshot: ReviewSnapshot, room: Size = NULL_SIZE) -> Content:
    """Return the decision, the proposals, and the leading report of a finding in full.

    Further reports are the other side's: `disagreement_text` shows them, numbered from 2.
    """
    return Content.assemble(
        *_decision(finding, snapshot.triage),
        *_proposals(snapshot.proposed(finding)),
        *_carried(finding, snapshot),
        *_fix(finding, snapshot),
        *report_parts(
            finding.lead,
            room.width,
            1 if len(finding.claims) > 1 else 0,
            under_facts=finding_attention_parts(finding, snapshot),
        ),
        *_places(finding),
    )


def _decision(finding: Finding, triage: Triage) -> Iterator[TextPart]:
    if decided := triage.decided(finding):
        yield (f"{decided.decision.label.capitalize()}{_side(finding, decided)}", "bold")
        yield (f"\nby {visible(person(decided.actor))}, {minute_of(decided.at)}\n", "$text-muted")
    if note := triage.note(finding):
        yield ("Note: ", "bold")
        yield f"{visible_block(note)}\n"


def _side(finding: Finding, decided: Decided) -> str:
    ruled = decided.ruling.words if decided.ruling else ""
    said = filter(None, (side_words(finding, decided.chosen), ruled))
    return "".join(f" · {visible(words)}" for words in said)


def _proposals(proposals: Sequence[Proposal]) -> Iterator[TextPart]:
    """Yield what others propose, worded unlike a decision."""
    for one in proposals[-_PROPOSALS_SHOWN:]:
        yield (f"Proposed by {visible(one.who)}: {visible(one.words)}\n", "$text-warning")
    if (more := len(proposals) - _PROPOSALS_SHOWN) > 0:
        yield (f"… and {more:,} more: `xreview-tui log proposals`\n", "$text-muted")
    if proposals:
        trust = "Not signed by an allowed signer, so it has no effect."
        key = " Press p to decide as last proposed." if decision_in(proposals) else ""
        yield (f"{trust}{key}\n", "$text-muted")


def _carried(finding: Finding, snapshot: ReviewSnapshot) -> Iterator[TextPart]:
    state = snapshot.state_of(finding)
    if state is not CarriedState.NEW:
        style = "$text-error" if state is CarriedState.REGRESSED else "$text-muted"
        yield (f"{state.value}: also found in an earlier session\n", style)
    if suppression := snapshot.suppression(finding):
        why = f"Not asked again: {suppression.why} ({suppression.owner}, {suppression.at[:10]})"
        yield (f"{visible(why)}\n", "$text-warning")


def _fix(finding: Finding, snapshot: ReviewSnapshot) -> Iterator[TextPart]:
    """Yield what the latest fix did, by whom, how that is known, and whether it held."""
    if (fix := snapshot.fix_of(finding)) is None:
        return
    is_regressed = snapshot.is_regressed(finding)
    tone = FixTone.ALARMING if is_regressed else fix_tone(fix.outcome)
    end = ", but reported again" if is_regressed else ""
    sign = FIX_SIGNS[FixOutcome.REGRESSED if is_regressed else fix.outcome]
    yield (f"Fix: {sign} {fix.words}{end}", f"bold {_TONES[tone]}")
    yield (f"\nby {visible(fix.fixer.label)}, {minute_of(fix.at)}\n", "$text-muted")
    if evidence := visible(" ".join(fix.evidence.split())):
        yield f"{evidence}\n"
    if fix.outcome is not FixOutcome.FIXED:
        yield (f"{fix.outcome.meaning}\n", "$text-muted")


_TONES = {
    FixTone.FIXED: "$text-success",
    FixTone.UNSETTLED: "$text-warning",
    FixTone.ALARMING: "$text-error",
}


def _places(finding: Finding) -> Iterator[TextPart]:
    if finding.repeats:
        yield (f"\nAlso in {count_of(len(finding.repeats), 'other place')}\n", "bold")
    for report in finding.repeats:
        yield f"{visible(report.anchor.path)}:{report.anchor.start_line}\n"


def many_content(count: int, meaning: str) -> Content:
    """Return the text for a folded group."""
    return Content.assemble(
        (f"{count_of(count, 'finding')} folded here.\n", "bold"),
        f"{meaning}\n" if meaning else "",
        "Press Enter to unfold the group.",
    )
