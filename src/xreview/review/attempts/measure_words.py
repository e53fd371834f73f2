"""What is measured of an attempt, in words, for the tables of the app and of the command."""

from xreview.domain.report import Severity
from xreview.domain.text import clock_words
from xreview.review.attempts.snapshot import AttemptSnapshot

UNKNOWN = "–"
"""Stands for what isn't known."""

UNREAD = "?"
"""Follows a number of findings that a complete review could raise."""


def passed_words(attempt: AttemptSnapshot, broken: str) -> str:
    """How many tests of all pass: `213/214`, with `broken`, about a count, if it breaks some."""
    facts = attempt.facts
    if not facts.checks_run:
        return UNKNOWN
    told = broken.format(facts.checks_broken) if facts.checks_broken else ""
    return f"{facts.checks_passed}/{facts.checks_run}{told}"


def open_words(attempt: AttemptSnapshot, severity: Severity) -> str:
    """How many findings of a severity are open."""
    return _of_review(attempt, attempt.facts.open_of(severity))


def contested_words(attempt: AttemptSnapshot) -> str:
    """How many findings another model disputes."""
    return _of_review(attempt, attempt.facts.contested)


def size_words(attempt: AttemptSnapshot) -> str:
    """`+48 −2`."""
    return f"+{attempt.facts.added} −{attempt.facts.removed}"


def complexity_words(attempt: AttemptSnapshot) -> str:
    """`+3`, `−1`."""
    change = attempt.facts.complexity
    return UNKNOWN if change is None else f"{change:+d}".replace("-", "−")


def attempt_cost(attempt: AttemptSnapshot) -> str:
    """`$0.12`."""
    cost = attempt.facts.cost if attempt.facts.cost is not None else attempt.cost
    return UNKNOWN if cost is None else f"${cost:.2f}"


def attempt_time(attempt: AttemptSnapshot) -> str:
    """`2m05s`: of writing it, or so far."""
    return clock_words(attempt.facts.seconds or attempt.seconds)


def _of_review(attempt: AttemptSnapshot, count: int) -> str:
    """A number of findings; never one that looks clean where something is unread."""
    if not attempt.session:
        return UNKNOWN
    return f"{count}" if attempt.is_reviewed else f"{count}{UNREAD}"
