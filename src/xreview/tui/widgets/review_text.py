"""The text of the review pane; what reviewers wrote is made safe here, and never is markup."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from xreview.disagreement.sides import side_words
from xreview.domain.change import Side
from xreview.domain.finding import Finding
from xreview.domain.identity.carry_over import CarriedState
from xreview.domain.proposal import Proposal, decision_in
from xreview.domain.report import Report
from xreview.domain.state import Decided, Triage
from xreview.domain.text import count_of, expand_tabs, visible, visible_block
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.text_pane import TextPart

_PROPOSALS_SHOWN = 5


def review_content(finding: Finding, snapshot: ReviewSnapshot) -> Content:
    """Return the decision, the proposals, and each report of a finding in full."""
    parts: list[TextPart] = [
        *_decision(finding, snapshot.triage),
        *_proposals(snapshot.proposed(finding)),
        *_carried(finding, snapshot),
    ]
    for number, report in enumerate(finding.reports):
        if number:
            parts.append(("\n" + "┄" * 24 + "\n", "$text-muted"))
        parts += _report(report)
    return Content.assemble(*parts)


def _decision(finding: Finding, triage: Triage) -> Iterator[TextPart]:
    if decided := triage.decided(finding):
        yield (f"{decided.decision.label.capitalize()}{_side(finding, decided)}", "bold")
        when = decided.at[:16].replace("T", " ")
        yield (f" by {visible(decided.actor)}, {when} UTC\n", "$text-muted")
    if note := triage.note(finding):
        yield ("Note: ", "bold")
        yield f"{visible_block(note)}\n"
    if decided or note:
        yield "\n"


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
        yield (f"{trust}{key}\n\n", "$text-muted")


def _carried(finding: Finding, snapshot: ReviewSnapshot) -> Iterator[TextPart]:
    state = snapshot.state_of(finding)
    if state is not CarriedState.NEW:
        yield (f"{state.value}: also found in an earlier session\n", "$text-muted")
    if suppression := snapshot.suppression(finding):
        why = f"Not asked again: {suppression.why} ({suppression.owner}, {suppression.at[:10]})"
        yield (f"{visible(why)}\n\n", "$text-warning")


def _report(report: Report) -> Iterator[TextPart]:
    anchor = report.anchor
    yield (visible(report.title), "bold")
    yield "\n"
    yield (report.severity.word.upper(), f"bold $severity-{report.severity.word}")
    yield (
        f" · {report.category} · {report.confidence.word} confidence · {report.lens} lens\n",
        "$text-muted",
    )
    yield (f"{visible(report.reviewer.label)}", "$text-muted")
    if report.rule:
        yield (f" · {visible(report.rule)}", "$text-muted")
    side = "" if anchor.side is Side.NEW else " (old side)"
    yield (f"\n{visible(anchor.path)}:{anchor.start_line}{side}\n", "$text-muted")
    if not report.anchored:
        yield ("Unanchored: the quoted code isn't in the file.\n", "bold $text-warning")
    yield f"\n{visible_block(report.claim)}\n"
    if report.scenario:
        yield ("\nHow it fails\n", "bold")
        yield f"{visible_block(report.scenario)}\n"
    yield from _suggestion(report)


def _suggestion(report: Report) -> Iterator[TextPart]:
    if (suggestion := report.suggestion) is None:
        return
    yield ("\nSuggestion\n", "bold")
    if suggestion.description:
        yield f"{visible_block(suggestion.description)}\n"
    if suggestion.replacement is None:
        return
    for row in report.anchor.quote.split("\n"):
        yield (f"- {visible(expand_tabs(row, 4))}\n", "$diff-removed-sign on $diff-removed")
    for row in suggestion.replacement.split("\n"):
        yield (f"+ {visible(expand_tabs(row, 4))}\n", "$diff-added-sign on $diff-added")


def many_content(count: int, meaning: str) -> Content:
    """Return the text for a folded group."""
    return Content.assemble(
        (f"{count_of(count, 'finding')} folded here.\n", "bold"),
        f"{meaning}\n" if meaning else "",
        "Press Enter to unfold the group.",
    )
