"""What a party answers to a finding, made safe here: its argument, and its quote from elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import dedent
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import ReviewerIdentity
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.text import expand_tabs, visible, visible_block
from xreview.tui.widgets.report_text import on_one_line
from xreview.tui.widgets.text_pane import TextPart

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.domain.events.event import OpinionGiven

_QUOTED_LINES = 4
_BRIEF_LINES = 2
_VERBS = {
    StanceKind.REBUTS: "rebuts",
    StanceKind.CONCEDES: "concedes",
    StanceKind.TRADE_OFF: "calls it a trade-off",
    StanceKind.RAISES: "raises it too",
    StanceKind.SILENT: "is silent",
}


def answers_to(finding: Finding) -> list[list[Stance]]:
    """Return the answers by party and kind; those that decide the disagreement come first."""
    reporters = {report.reviewer for report in finding.reports}
    answers = [
        stance
        for stance in finding.stances
        if stance.kind is not StanceKind.SILENT
        and not (stance.kind is StanceKind.RAISES and stance.party in reporters)
    ]
    answers.sort(key=lambda one: one.counts_as is not _DECISIVE.get(finding.disagreement))
    grouped: dict[tuple[ReviewerIdentity, StanceKind], list[Stance]] = {}
    for stance in answers:
        grouped.setdefault((stance.party, stance.kind), []).append(stance)
    return list(grouped.values())


_DECISIVE = {
    Disagreement.CONTESTED: StanceKind.REBUTS,
    Disagreement.TRADE_OFF: StanceKind.TRADE_OFF,
    Disagreement.CONCEDED: StanceKind.CONCEDES,
}


def answer_parts(
    stances: Sequence[Stance], finding: Finding, author: str, width: int, *, is_brief: bool
) -> Iterator[TextPart]:
    """Yield what one party says, from who it is to its quote, if the code pane doesn't mark that.

    If it must be brief, an agreement is cut to two lines: it changes little.
    """
    first = stances[0]
    yield from heading(first.party, _VERBS[first.kind], author, width, kind=first.kind)
    is_cut = is_brief and first.kind in (StanceKind.CONCEDES, StanceKind.RAISES)
    for stance in stances[: 1 if is_cut else None]:
        if stance.argument:
            text = visible_block(stance.argument)
            yield f"{_cut(text, width) if is_cut and width else text}\n"
        if not is_cut and not _is_marked(stance, finding):
            yield from quote_parts(stance.quote, stance.path, stance.line, stance.anchored)


def _cut(text: str, width: int) -> str:
    """Return the first lines of a text; an ellipsis stands for the rest."""
    lines = Content(text).wrap(width)
    if len(lines) <= _BRIEF_LINES:
        return text
    *first, last = lines[:_BRIEF_LINES]
    ending = last.rstrip().truncate(width - 1).plain + "…"
    return "\n".join([*(line.plain for line in first), ending])


def heading(
    party: ReviewerIdentity, verb: str, author: str, width: int, *, kind: StanceKind | None = None
) -> Iterator[TextPart]:
    """Yield one line on who says what; what doesn't fit in the width is left out."""
    name = visible(party.name)
    yield (name, "bold")
    yield (f" {verb}", _STYLES.get(kind, "bold $text-accent"))
    extras = (
        "author's family" if author and party.family == author else "",
        visible(f"{party.family} {party.model}".strip()),
    )
    texts = [f" · {extra}" for extra in extras if extra]
    taken = cell_len(f"{name} {verb}")
    yield ("".join(on_one_line(texts, width, taken)) + "\n", "$text-muted")


_STYLES: Mapping[StanceKind | None, str] = {
    StanceKind.REBUTS: "bold $disagreement-contested",
    StanceKind.TRADE_OFF: "bold $disagreement-trade-off",
    StanceKind.CONCEDES: "bold $disagreement-conceded",
}


def _is_marked(stance: Stance, finding: Finding) -> bool:
    """Whether the code pane marks the stance's quote, as it marks the finding's."""
    if not stance.anchored:
        return False
    if not stance.path:
        return any(stance.quote in report.anchor.quote for report in finding.reports)
    end = stance.line + stance.quote.count("\n")
    return any(
        anchor.path == stance.path and anchor.start_line <= end and stance.line <= anchor.end_line
        for anchor in (report.anchor for report in finding.reports)
    )


def quote_parts(quote: str, path: str, line: int, is_there: bool) -> Iterator[TextPart]:
    """Yield the place and the first lines of a quote."""
    if not quote:
        return
    if not is_there:
        yield ("This quote isn't in the code:\n", "bold $text-warning")
    elif path:
        yield (f"{visible(path)}:{line}\n", "$text-muted")
    rows = dedent(expand_tabs(quote, 4)).split("\n")
    for row in rows[:_QUOTED_LINES]:
        yield (f"│ {visible(row)}\n", "$text-muted")
    if len(rows) > _QUOTED_LINES:
        yield ("│ …\n", "$text-muted")


def opinion_parts(opinion: "OpinionGiven", author: str, width: int) -> Iterator[TextPart]:
    """Yield an arbiter's opinion."""
    yield from heading(opinion.party, opinion.favours.meaning, author, width)
    yield ("An opinion that you asked for, not a decision.\n", "$text-muted")
    yield f"{visible_block(opinion.argument)}\n"
    yield from quote_parts(opinion.quote, opinion.path, opinion.line, opinion.anchored)


def silence(stances: Iterable[Stance]) -> str:
    """Return the silent parties, with why where one didn't just find nothing; "" for none."""
    return ", ".join(_silent_party(one) for one in stances if one.kind is StanceKind.SILENT)


def _silent_party(stance: Stance) -> str:
    why = visible(stance.argument).rstrip(".")
    return visible(stance.party.name) + (f" ({why})" if why else "")
