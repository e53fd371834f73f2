"""The columns of the table of attempts: what is measured, never a score."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.report import Severity
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.tui.widgets.fixing.words import clock_words

UNKNOWN = "—"
"""Stands for what isn't known; the detail of the attempt says why."""

UNREAD = "?"
"""Follows a number of findings that a complete review could raise."""


@dataclass(frozen=True, slots=True)
class AttemptMeasure:
    """One measure: its title, its width in cells, and an attempt's value in words."""

    title: str
    width: int
    words: Callable[[AttemptSnapshot], str]


def _checks(attempt: AttemptSnapshot) -> str:
    facts = attempt.facts
    if not facts.checks_run:
        return UNKNOWN
    broken = f" ✗{facts.checks_broken}" if facts.checks_broken else ""
    return f"{facts.checks_passed}/{facts.checks_run}{broken}"


def _open(severity: Severity) -> Callable[[AttemptSnapshot], str]:
    return lambda attempt: _of_review(attempt, attempt.facts.open_of(severity))


def _of_review(attempt: AttemptSnapshot, count: int) -> str:
    if not attempt.session:
        return UNKNOWN
    return str(count) if attempt.is_reviewed else f"{count}{UNREAD}"


def _size(facts: AttemptFacts) -> str:
    return f"+{facts.added} −{facts.removed}"


def _complexity(facts: AttemptFacts) -> str:
    change = facts.complexity
    return UNKNOWN if change is None else f"{change:+d}".replace("-", "−")


def _cost(attempt: AttemptSnapshot) -> str:
    cost = attempt.facts.cost if attempt.facts.cost is not None else attempt.cost
    return UNKNOWN if cost is None else f"${cost:.2f}"


COLUMNS = (
    AttemptMeasure("checks", 10, _checks),
    AttemptMeasure("crit", 5, _open(Severity.CRITICAL)),
    AttemptMeasure("high", 5, _open(Severity.HIGH)),
    AttemptMeasure("med", 4, _open(Severity.MEDIUM)),
    AttemptMeasure("low", 4, _open(Severity.LOW)),
    AttemptMeasure("contested", 10, lambda one: _of_review(one, one.facts.contested)),
    AttemptMeasure("read", 9, lambda one: one.reading),
    AttemptMeasure("lines", 11, lambda one: _size(one.facts)),
    AttemptMeasure("files", 6, lambda one: str(one.facts.files)),
    AttemptMeasure("deps", 5, lambda one: f"+{len(one.facts.dependencies)}"),
    AttemptMeasure("complexity", 11, lambda one: _complexity(one.facts)),
    AttemptMeasure("cost", 7, _cost),
    AttemptMeasure("time", 7, lambda one: clock_words(one.facts.seconds or one.seconds)),
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
    facts = attempt.facts
    told = {
        "No check ran: set fix.check, or name checks for the task.": not facts.checks_run,
        "Its complexity isn't known: no changed file could be parsed.": facts.complexity is None,
        "Its cost isn't known: its writer or a reviewer doesn't tell.": _cost(attempt) == UNKNOWN,
    }
    return tuple(sentence for sentence, is_so in told.items() if is_so)
