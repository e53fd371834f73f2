"""What is measured of attempts, as a table for a terminal: no score, and no order of merit."""

from collections.abc import Callable, Sequence

from xreview.cli.table import Column, columns_of, table
from xreview.domain.record import dataclass
from xreview.domain.report import Severity
from xreview.domain.text import count_of
from xreview.review.attempts.measure_words import (
    UNREAD,
    attempt_cost,
    attempt_time,
    complexity_words,
    contested_words,
    open_words,
    passed_words,
    size_words,
)
from xreview.review.attempts.snapshot import AttemptSnapshot

_LABEL = 12
_CELL = 14


@dataclass(frozen=True, slots=True)
class _Measure:
    """A heading for a column, a longer name for a row, and an attempt's value in words."""

    heading: str
    name: str
    words: Callable[[AttemptSnapshot], str]


def attempts_table(attempts: Sequence[AttemptSnapshot], width: int) -> str:
    """The attempts with all measures: a row for each where that fits into `width` columns, else a
    column for each, as many side by side as fit."""
    columns = [Column(""), *(Column(one.heading, is_number=True) for one in _MEASURES)]
    rows = table(columns, [[one.label, *_values(one)] for one in attempts], width)
    if max(map(columns_of, rows.split("\n"))) <= width:
        return rows
    at_once = max(1, (width - _LABEL) // _CELL)
    bands = [attempts[start : start + at_once] for start in range(0, len(attempts), at_once)]
    return "\n\n".join(_turned(band, width) for band in bands)


def _turned(attempts: Sequence[AttemptSnapshot], width: int) -> str:
    columns = [Column(""), *(Column(one.label, is_number=True) for one in attempts)]
    rows = [[one.name, *(one.words(attempt) for attempt in attempts)] for one in _MEASURES]
    return table(columns, rows, width)


def _values(attempt: AttemptSnapshot) -> list[str]:
    return [one.words(attempt) for one in _MEASURES]


def _open(severity: Severity) -> Callable[[AttemptSnapshot], str]:
    return lambda attempt: open_words(attempt, severity)


_MEASURES = (
    _Measure("CHECKS", "checks", lambda one: passed_words(one, " ({} broken)")),
    _Measure("CRIT", "critical", _open(Severity.CRITICAL)),
    _Measure("HIGH", "high", _open(Severity.HIGH)),
    _Measure("MED", "medium", _open(Severity.MEDIUM)),
    _Measure("LOW", "low", _open(Severity.LOW)),
    _Measure("CONTESTED", "contested", contested_words),
    _Measure("LINES", "lines", size_words),
    _Measure("FILES", "files", lambda one: f"{one.facts.files}"),
    _Measure("DEPS", "dependencies", lambda one: f"+{len(one.facts.dependencies)}"),
    _Measure("COMPLEXITY", "complexity", complexity_words),
    _Measure("COST", "cost", attempt_cost),
    _Measure("TIME", "time", attempt_time),
    _Measure("READ", "reviewed", lambda one: one.reading),
)


def table_notes(attempts: Sequence[AttemptSnapshot]) -> list[str]:
    """What the table leaves open, a sentence each."""
    told: list[str] = []
    if any(one.session and not one.is_reviewed for one in attempts):
        told.append(f"{UNREAD}: not everything was read, so there can be more.")
    if any(one.is_reviewed and not one.reviewers for one in attempts):
        told.append("no model: only the embedded analysers read it.")
    if not any(one.facts.checks_run for one in attempts):
        told.append("No check ran: set `fix.check`, or add --check CMD.")
    added = [
        f"{one.label} adds {', '.join(one.facts.dependencies)}."
        for one in attempts
        if one.facts.dependencies
    ]
    stopped = sum(one.is_stopped for one in attempts)
    if stopped:
        told.append(f"{count_of(stopped, 'attempt was', 'attempts were')} cut short.")
    return told + added
