"""The filter of the findings list: pure, no Textual."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import groupby

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.decision import Verdict
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerKind, Severity
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.diff.search import shown_pattern

OPEN, DECIDED, SUPPRESSED = "open", "decided", "suppressed"
DISPUTED = "not lone"
ANALYSERS = "analysers"
CLOSE = f"{AttentionLevel.STUDY.word}+"
APPLIED, NOT_APPLIED = "applied", "not applied"


class FilterKind(StrEnum):
    """What a part of a filter is about."""

    STATE = "state"
    SEVERITY = "severity"
    REVIEWER = "reviewer"
    VENDOR = "model family"
    CATEGORY = "category"
    DISAGREEMENT = "disagreement"
    LENS = "lens"
    FILE = "file"
    FIX = "fix"
    THREAD = "thread"
    ATTENTION = "attention"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FilterTerm:
    """One part of a filter: a value that a finding must have."""

    kind: FilterKind
    value: str

    @property
    def label(self) -> str:
        """The part in a word or two."""
        return f"“{self.value}”" if self.kind is FilterKind.TEXT else self.value


@dataclass(frozen=True, slots=True)
class Subject:
    """A finding as a filter sees it. A suppressed one doesn't count as open; `fix` has the values
    of its latest fix, `threads` the states of the threads that it was read from, `attention` the
    level that it deserves."""

    finding: Finding
    verdict: Verdict | None = None
    is_suppressed: bool = False
    fix: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    attention: AttentionLevel = AttentionLevel.READ


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings to show: of each kind, a finding needs one of the values; all of the texts."""

    terms: tuple[FilterTerm, ...] = ()

    def admits_subject(self, subject: Subject) -> bool:
        """Whether to show the finding."""
        return all(
            (all if kind is FilterKind.TEXT else any)(has_value(subject, term) for term in terms)
            for kind, terms in self._by_kind()
        )

    def has_kind(self, kind: FilterKind) -> bool:
        """Whether a part is of this kind."""
        return any(term.kind is kind for term in self.terms)

    def only(self, term: FilterTerm) -> "Filter":
        """Return the filter with this part as the only one of its kind."""
        return Filter((*self.without_kind(term.kind).terms, term))

    def toggled(self, term: FilterTerm) -> "Filter":
        """Return the filter without the part if it has it, else with it."""
        if term in self.terms:
            return Filter(tuple(one for one in self.terms if one != term))
        if term.kind is FilterKind.SEVERITY:  # a level includes the higher ones
            return self.only(term)
        return Filter((*self.terms, term))

    def without_kind(self, kind: FilterKind) -> "Filter":
        """Return the filter without the parts of a kind."""
        return Filter(tuple(term for term in self.terms if term.kind is not kind))

    @property
    def label(self) -> str:
        """The filter in words; "" for no filter."""
        return ", ".join(term.label for term in self.terms)

    def _by_kind(self) -> Iterator[tuple[FilterKind, Iterable[FilterTerm]]]:
        return groupby(sorted(self.terms, key=_kind_of), _kind_of)


def has_value(subject: Subject, term: FilterTerm) -> bool:
    """Whether a finding has the value of a part of a filter."""
    if term.kind is FilterKind.TEXT:
        return mentions(subject.finding, term.value)
    return term.value in _VALUES[term.kind](subject)


def value_counts(kind: FilterKind, subjects: Iterable[Subject]) -> dict[str, int]:
    """Return the values that the findings have, in the usual order, and how many have each."""
    counts = Counter(value for subject in subjects for value in set(_VALUES[kind](subject)))
    usual = _USUAL_ORDER.get(kind)
    if usual is None:
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return {value: counts[value] for value in usual if counts[value]}


def mentions(finding: Finding, text: str) -> bool:
    """Whether one of the reports has the text in what it says, quotes, or names.

    Upper case makes this case-sensitive, as in a search of the code.
    """
    pattern = shown_pattern(text)
    return any(
        pattern.search(part)
        for report in finding.reports
        for part in (report.title, report.claim, report.anchor.path, report.anchor.quote)
    )


def fix_values(snapshot: ReviewSnapshot, finding: Finding) -> tuple[str, ...]:
    """Return the values of a finding's latest fix: its outcome, and whether it is applied."""
    fix = snapshot.fix_of(finding)
    if snapshot.is_regressed(finding):
        return (FixOutcome.REGRESSED.value,)
    if fix is None:
        return ()
    return (fix.outcome.value, APPLIED if fix.is_applied else NOT_APPLIED)


def thread_values(snapshot: ReviewSnapshot, finding: Finding) -> tuple[str, ...]:
    """Return the states of the threads on the pull request that a finding was read from."""
    return tuple(dict.fromkeys(one.state.value for one in snapshot.threads_of(finding)))


def severity_floor(severity: Severity) -> str:
    """Return the value for a severity and higher ones: `high+`."""
    return severity.word if severity is max(Severity) else f"{severity.word}+"


def _kind_of(term: FilterTerm) -> FilterKind:
    return term.kind


def _states(subject: Subject) -> list[str]:
    if subject.verdict is not None:
        decided = [DECIDED, subject.verdict.done]
        return [*decided, SUPPRESSED] if subject.is_suppressed else decided
    return [SUPPRESSED if subject.is_suppressed else OPEN]


def _severities(subject: Subject) -> list[str]:
    return [severity_floor(level) for level in Severity if level <= subject.finding.severity]


def _reviewers(subject: Subject) -> list[str]:
    return [report.reviewer.name for report in subject.finding.reports]


def _vendors(subject: Subject) -> list[str]:
    reviewers = [report.reviewer for report in subject.finding.reports]
    return [one.family if one.kind is not ReviewerKind.ANALYSER else ANALYSERS for one in reviewers]


def _categories(subject: Subject) -> list[str]:
    return [report.category.value for report in subject.finding.reports]


def _disagreements(subject: Subject) -> list[str]:
    kind = subject.finding.disagreement
    return [kind.value] if kind is Disagreement.LONE else [kind.value, DISPUTED]


def _lenses(subject: Subject) -> list[str]:
    return [report.lens.value for report in subject.finding.reports]


def _files(subject: Subject) -> list[str]:
    return [*dict.fromkeys(place.path for place in subject.finding.places)]


def _fix(subject: Subject) -> list[str]:
    return [*subject.fix]


def _threads(subject: Subject) -> list[str]:
    return [*subject.threads]


def _attention(subject: Subject) -> list[str]:
    is_close = subject.attention >= AttentionLevel.STUDY
    return [subject.attention.word, *([CLOSE] if is_close else [])]


_VALUES: dict[FilterKind, Callable[[Subject], list[str]]] = {
    FilterKind.STATE: _states,
    FilterKind.SEVERITY: _severities,
    FilterKind.REVIEWER: _reviewers,
    FilterKind.VENDOR: _vendors,
    FilterKind.CATEGORY: _categories,
    FilterKind.DISAGREEMENT: _disagreements,
    FilterKind.LENS: _lenses,
    FilterKind.FILE: _files,
    FilterKind.FIX: _fix,
    FilterKind.THREAD: _threads,
    FilterKind.ATTENTION: _attention,
}
"""How to read a finding's values of each kind but a text, which is searched for."""
_USUAL_ORDER: dict[FilterKind, list[str]] = {
    FilterKind.STATE: [OPEN, DECIDED, *(verdict.done for verdict in Verdict), SUPPRESSED],
    FilterKind.SEVERITY: [severity_floor(level) for level in reversed(Severity)],
    FilterKind.ATTENTION: [CLOSE, *(level.word for level in reversed(AttentionLevel))],
    FilterKind.FIX: [*(outcome.value for outcome in FixOutcome), APPLIED, NOT_APPLIED],
    FilterKind.THREAD: [state.value for state in ThreadState],
    FilterKind.DISAGREEMENT: [DISPUTED, *(kind.value for kind in Disagreement)],
}
"""The order of values in a menu; else those that most findings have come first."""
