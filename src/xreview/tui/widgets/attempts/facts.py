"""The columns of the table of attempts: what is measured, never a score."""

from collections.abc import Callable, Sequence

from xreview.domain.record import dataclass
from xreview.domain.report import Severity
from xreview.review.attempts.measure_words import (
    UNKNOWN,
    attempt_cost,
    attempt_time,
    complexity_words,
    contested_words,
    open_words,
    passed_words,
    size_words,
)
from xreview.review.attempts.snapshot import AttemptSnapshot


@dataclass(frozen=True, slots=True)
class AttemptMeasure:
    """One measure: its title, its width in cells, and an attempt's value in words."""

    title: str
    width: int
    words: Callable[[AttemptSnapshot], str]


def _open(severity: Severity) -> Callable[[AttemptSnapshot], str]:
    return lambda attempt: open_words(attempt, severity)


COLUMNS = (
    AttemptMeasure("checks", 10, lambda one: passed_words(one, " ✗{}")),
    AttemptMeasure("crit", 5, _open(Severity.CRITICAL)),
    AttemptMeasure("high", 5, _open(Severity.HIGH)),
    AttemptMeasure("med", 4, _open(Severity.MEDIUM)),
    AttemptMeasure("low", 4, _open(Severity.LOW)),
    AttemptMeasure("contested", 10, contested_words),
    AttemptMeasure("read", 9, lambda one: one.reading),
    AttemptMeasure("lines", 11, size_words),
    AttemptMeasure("files", 6, lambda one: str(one.facts.files)),
    AttemptMeasure("deps", 5, lambda one: f"+{len(one.facts.dependencies)}"),
    AttemptMeasure("complexity", 11, complexity_words),
    AttemptMeasure("cost", 7, attempt_cost),
    AttemptMeasure("time", 7, attempt_time),
)
"""What is shown of an attempt, in this order at any width."""


def in_lines(columns: Sequence[AttemptMeasure], width: int) -> list[list[AttemptMeasure]]:
    """Return the columns line by line, as many in each as fit into `width` cells."""
    lines: list[list[AttemptMeasure]] = [[]]
    left = width
    for column in columns:
        if column.width > left and lines[-1]:
            lines.append([])
            left = width
        lines[-1].append(column)
        left -= column.width
    return lines


def dash_words(attempt: AttemptSnapshot) -> tuple[str, ...]:
    """Why dashes stand in the row of an attempt that is over, a sentence each."""
    facts, has_no_cost = attempt.facts, attempt_cost(attempt) == UNKNOWN
    told = {
        "No check ran: set fix.check, or name checks for the task.": not facts.checks_run,
        "Its complexity isn't known: no changed file could be parsed.": facts.complexity is None,
        "Its cost isn't known: its writer or a reviewer doesn't tell.": has_no_cost,
    }
    return tuple(sentence for sentence, is_so in told.items() if is_so)
