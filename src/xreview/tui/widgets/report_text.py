"""What one report says: its title, facts, claim, failure, and suggestion; made safe here."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len

from xreview.domain.change import Side
from xreview.domain.report import Report, Suggestion
from xreview.domain.text import visible, visible_block
from xreview.tui.widgets.suggestion import SuggestedRow, suggested_rows
from xreview.tui.widgets.text_pane import TextPart

_STYLES = {
    "-": "$diff-removed-sign on $diff-removed",
    "+": "$diff-added-sign on $diff-added",
    " ": "$text-muted",
}


def report_parts(
    report: Report,
    width: int,
    number: int = 0,
    *,
    is_introduced: bool = False,
    under_facts: Iterable[TextPart] = (),
) -> Iterator[TextPart]:
    """Yield a report in full, but for the quote and its place, which the code pane shows.

    Where a finding has several reports, each has a `number`, which you choose it by. One that is
    introduced has its number and its reviewer above it. `under_facts` is told below its facts.
    """
    if number:
        yield (f"{number} ", "bold $text-accent")
    yield (f"{visible(report.title)}\n", "bold")
    yield from _facts(report, width, "" if is_introduced else visible(report.reviewer.name))
    yield from under_facts
    if not report.anchored:
        yield ("Unanchored: the quoted code isn't in the file.\n", "bold $text-warning")
    yield f"{visible_block(report.claim)}\n"
    if report.scenario:
        yield ("\nHow it fails  ", "bold")
        yield f"{visible_block(report.scenario)}\n"
    if report.suggestion is not None:
        yield from suggestion_parts(report.suggestion, report.anchor.quote)


def _facts(report: Report, width: int, reviewer: str) -> Iterator[TextPart]:
    severity, request = report.severity.word, report.request
    yield (severity.upper(), f"bold $severity-{severity}")
    facts = (
        reviewer,
        report.category.value,
        f"{report.confidence.word} confidence",
        "" if reviewer.endswith(f"/{report.lens}") else f"{report.lens} lens",
        "" if report.anchor.side is Side.NEW else "old side",
        visible(report.rule),
        visible(f"asks to {request.direction} {request.topic}") if request else "",
    )
    texts = [f" · {fact}" for fact in facts if fact]
    yield ("".join(on_one_line(texts, width, len(severity))) + "\n", "$text-muted")


def on_one_line(texts: Iterable[str], width: int, taken: int) -> Iterator[str]:
    """Yield those of the texts that fit on a line of which some cells are taken, in order; all if
    the width is 0, which means that it isn't known yet."""
    for text in texts:
        if not width or taken + cell_len(text) <= width:
            taken += cell_len(text)
            yield text


def suggestion_parts(suggestion: Suggestion, quote: str) -> Iterator[TextPart]:
    """Yield a suggestion, as a small diff against the quoted lines if it replaces them."""
    yield ("\nSuggestion  ", "bold")
    yield f"{visible_block(suggestion.description)}\n"
    if suggestion.replacement is not None:
        for row in suggested_rows(quote, suggestion.replacement):
            yield from _row(row)


def _row(row: SuggestedRow) -> Iterator[TextPart]:
    style, at = _STYLES[row.sign], 0
    yield (f"{row.sign} ", style)
    for start, end in row.words:
        yield (row.text[at:start], style)
        # Reversed, since no theme promises that the sign's colour is legible on a word's.
        yield (row.text[start:end], f"{style} reverse")
        at = end
    yield (f"{row.text[at:]}\n", style)
