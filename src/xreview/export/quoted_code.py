"""Checks of quoted code: whether it is whole, and what doesn't look like what it is."""

from collections.abc import Iterator

from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Report
from xreview.hardening.lookalikes import told_of


def is_whole(anchor: Anchor) -> bool:
    """Whether the quote has all lines of its place, so that a suggestion replaces exactly those."""
    return anchor.quote.count("\n") == anchor.end_line - anchor.start_line


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
