"""The disagreement pane's text, made safe here: stances, what would settle it, past records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.content import Content

from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import ReviewerKind
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.text import expand_tabs, visible, visible_block
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.text_pane import TextPart

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.domain.events.event import EscalationResolved, OpinionGiven
    from xreview.review.past.precedents import PairRecord, Precedents

SIDE_BY_SIDE_FROM = 72
"""Pane width for two columns: less than 34 cells each is hard to read."""
_GAP = " │ "
_QUOTED_LINES = 4
_NO_MODEL = "Read by analysers only; no model was asked to respond."


@dataclass(frozen=True, slots=True)
class FindingContext:
    """What is known in addition to the finding itself.

    Args:
        asked: who was asked to respond, so that silence doesn't look like agreement.
        author: the model family that wrote the code; "" for unknown.
        records: how often similar reports by the same reviewers were accepted.
    """

    asked: str = ""
    author: str = ""
    opinions: "Sequence[OpinionGiven]" = ()
    outcomes: "Sequence[EscalationResolved]" = ()
    records: "Sequence[PairRecord]" = ()


def finding_context(
    finding: Finding, snapshot: ReviewSnapshot, precedents: "Precedents | None"
) -> FindingContext:
    """Return what is known about a finding; `precedents` are None while they're being read."""
    attribution, triage = snapshot.attribution, snapshot.triage
    author = attribution.family_of(finding.anchor.path) if attribution else ""
    kinds = {reviewer.identity.kind for reviewer in snapshot.reviewers}
    kinds |= {stance.party.kind for stance in finding.stances}
    is_by_analysers = kinds == {ReviewerKind.ANALYSER}
    context = FindingContext(_NO_MODEL if is_by_analysers else "", author)
    if precedents is None:
        return context
    return replace(
        context,
        opinions=precedents.opinions_on(finding, triage),
        outcomes=precedents.outcomes_on(finding, triage),
        records=precedents.records_on(finding, snapshot.author.vendor),
    )


def disagreement_content(finding: Finding, context: FindingContext, width: int) -> Content:
    """Return the kind of disagreement, each side's stance, and what would settle it.

    The `width` of the pane is in columns; 0 if not known yet.
    """
    kind = finding.disagreement
    head: list[TextPart] = [
        (kind.value.upper(), f"bold $disagreement-{kind.value}"),
        f"  {kind.meaning}\n",
    ]
    parts: list[TextPart] = []
    for opinion in context.opinions:
        parts += _opinion(opinion)
    for outcome in context.outcomes:
        parts.append((f"\n{visible(outcome.by)} answered\n", "bold"))
        parts.append(f"{visible_block(outcome.outcome)}\n")
    parts.append(("\nWhat would settle it\n", "bold"))
    parts.append(visible_block("\n".join(_settles(finding, context))) + "\n")
    if context.records:
        parts.append(("\nTrack record\n", "bold"))
        parts += [f"{_record(record)}\n" for record in context.records]
    if context.asked:
        parts.append((f"\n{context.asked}", "$text-muted"))
    stances = _stances(finding, context.author, width)
    return Content.assemble(*head, stances, Content.assemble(*parts))


def _stances(finding: Finding, author: str, width: int) -> Content:
    left, right = _sides(finding)
    if not right or width < SIDE_BY_SIDE_FROM:
        return _column([*left, *right], finding, author)
    room = (width - len(_GAP)) // 2
    columns = [
        [line for row in _column(side, finding, author).split("\n") for line in row.wrap(room)]
        for side in (left, right)
    ]
    rows = [
        Content.assemble(one.pad_right(max(0, room - one.cell_length)), (_GAP, "$text-muted"), two)
        for one, two in zip_longest(*columns, fillvalue=Content(""))
    ]
    return Content.assemble(Content("\n").join(rows), "\n")


def _sides(finding: Finding) -> tuple[list[Stance], list[Stance]]:
    """Return who raises it and who responds; without a response, the first and the others."""
    raised = [one for one in finding.stances if one.kind is StanceKind.RAISES]
    responses = [
        one
        for one in finding.stances
        if one.kind not in (StanceKind.RAISES, StanceKind.SILENT) or one.argument
        if one not in raised
    ]
    silent = [one for one in finding.stances if one not in raised and one not in responses]
    if responses or len(raised) < 2:
        return raised, [*responses, *silent]
    return raised[:1], [*raised[1:], *silent]


def _column(stances: Iterable[Stance], finding: Finding, author: str) -> Content:
    parts: list[TextPart] = []
    for stance in stances:
        parts += _stance(stance, finding, author)
    return Content.assemble(*parts)


def _stance(stance: Stance, finding: Finding, author: str) -> Iterator[TextPart]:
    yield ("\n" + visible(stance.party.label), "bold")
    if author and stance.party.family == author:
        yield ", author's family,"
    if stance.kind is StanceKind.SILENT:
        if stance.argument:
            yield (f"\nsilent: {_continued(stance.argument)}\n", "$text-muted")
        else:
            yield (" silent: read the file, raised nothing here\n", "$text-muted")
        return
    yield (f" {stance.kind.value}\n", "bold $text-accent")
    if stance.argument and len(finding.stances) > 1:
        yield f"{visible_block(stance.argument)}\n"
    yield from _quote(stance.quote, *_place(stance, finding))


def _continued(why: str) -> str:
    text = visible(why)
    return text if text.endswith(".") else f"{text}."


def _place(stance: Stance, finding: Finding) -> tuple[str, int, bool]:
    if stance.kind is not StanceKind.RAISES:
        return stance.path, stance.line, stance.anchored
    for report in finding.reports:
        if report.reviewer == stance.party and report.anchor.quote == stance.quote:
            return report.anchor.path, report.anchor.start_line, report.anchored
    return stance.path, stance.line, stance.anchored


def _quote(quote: str, path: str, line: int, is_there: bool) -> Iterator[TextPart]:
    if not quote:
        return
    rows = quote.split("\n")
    for row in rows[:_QUOTED_LINES]:
        yield (f"│ {visible(expand_tabs(row, 4))}\n", "$text-muted")
    if len(rows) > _QUOTED_LINES:
        yield ("│ …\n", "$text-muted")
    if not is_there:
        yield ("(the quote isn't in the code)\n", "bold $text-warning")
    elif path:
        yield (f"{visible(path)}:{line}\n", "$text-muted")


def _opinion(opinion: "OpinionGiven") -> Iterator[TextPart]:
    yield (f"\n{visible(opinion.party.label)}", "bold")
    yield (f" {opinion.favours.meaning}\n", "bold $text-accent")
    yield ("a requested opinion, not a decision\n", "$text-muted")
    yield f"{visible_block(opinion.argument)}\n"
    yield from _quote(opinion.quote, opinion.path, opinion.line, opinion.anchored)


def _settles(finding: Finding, context: FindingContext) -> list[str]:
    texts = (
        *(report.settle for report in finding.reports),
        *(stance.settles for stance in finding.stances),
        *(opinion.settles for opinion in context.opinions),
    )
    return list(dict.fromkeys(text.strip() for text in texts if text.strip())) or [
        _default_settlement(finding)
    ]


def _default_settlement(finding: Finding) -> str:
    if finding.disagreement is Disagreement.CONFLICT:
        asks = [
            f"{report.reviewer.name}: {report.request.direction} {report.request.topic}"
            for report in finding.reports
            if report.request
        ]
        return "Decide which of the two this code needs. " + "; ".join(asks) + "."
    return "Check the claim against the quoted lines."


def _record(record: "PairRecord") -> str:
    who = f"{visible(record.reviewer.name)} on {visible(record.author or 'unknown author')}"
    share = record.share
    return f"{who}, {record.category}: {share.count} of {share.of} accepted"
