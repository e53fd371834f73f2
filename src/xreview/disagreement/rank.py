"""In what order findings deserve to be read.

`ranked` is the order for a person who reads one card after the other; `by_attention` is the plain
key for tables and exports, which know of no reader.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from xreview.disagreement.groups import Group, group_of, supporters
from xreview.disagreement.stakes import is_high_stakes
from xreview.disagreement.wording import wording
from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import Category, Report, Severity
from xreview.domain.scorecard.figures import scored

Record = Mapping[tuple[str, str, Category], tuple[int, int]]
"""What became of earlier reports in a person's journal: how many were accepted, of how many that
were decided, by the author's vendor, the reviewer's ("" for analysers) and the category."""

_ATTENTION = {kind: place for place, kind in enumerate(Disagreement)}
_GROUPS = {group: place for place, group in enumerate(Group)}

_PANEL = 3
_ODDS = 4.56
_SEVERITY = {Severity.LOW: 0.5, Severity.MEDIUM: 1.0, Severity.HIGH: 2.0, Severity.CRITICAL: 4.0}
_HIGH_STAKES = 1.2
_MINDED = 0.75
_SELDOM_MATTERS = frozenset({Category.DOCUMENTATION, Category.CONSISTENCY})
_AS_IF_DECIDED = 4
"""Decisions, half of them accepting, that every record is thought to begin with."""

_SINKS = 0.6
_READ_AHEAD = 48
"""Findings of a group among which what resembles an earlier one sinks: more nobody has in mind."""


def ranked(
    findings: Iterable[Finding],
    author: str = "",
    record: Record | None = None,
) -> list[Finding]:
    """All findings, in the order in which reading the next one is worth most.

    Groups come in the order of `Group`; in a group, the likeliest to be real and worst if so, and
    later what resembles a finding before it.

    Args:
        author: the author's vendor, "" for not known.
        record: of this person's earlier decisions.
    """
    by_group: dict[Group, list[Finding]] = {}
    for finding in findings:
        by_group.setdefault(group_of(finding), []).append(finding)
    order: list[Finding] = []
    for group in sorted(by_group, key=_GROUPS.__getitem__):
        worth = [(_worth(one, author, record or {}), one) for one in by_group[group]]
        worth.sort(key=lambda item: (-item[0], -len(item[1].reports), *_identity(item[1])))
        order += _unlike_first(worth, order[-_READ_AHEAD:])
    return order


def chance(families: int, asked: int) -> float:
    """How likely a problem is real that so many families raised of those that were asked.

    Measured were .18, .53 and .82 for one, two and three of three (`triage-evidence.md`): a
    straight line in the logarithm of the odds. Fewer than three are taken for three.
    """
    share = families / max(asked, _PANEL)
    return 1 / (1 + exp(_ODDS * (2 / 3 - share)))


def _worth(finding: Finding, author: str, record: Record) -> float:
    behind = supporters(finding)
    asked = behind | {stance.party.family for stance in finding.stances}
    worth = chance(len(behind), len(asked)) * _SEVERITY[finding.severity]
    if is_high_stakes(finding):
        worth *= _HIGH_STAKES
    elif finding.category in _SELDOM_MATTERS:
        worth *= _MINDED
    rates = [_rate(report, author, record) for report in finding.reports]
    return worth * sum(rates) / len(rates)


def _rate(report: Report, author: str, record: Record) -> float:
    """The part of such reports that this person accepts, against half of them: from 0 to 2."""
    vendor = scored(report.reviewer).vendor
    accepted, decided = record.get((author, vendor, report.category), (0, 0))
    return 2 * (accepted + _AS_IF_DECIDED / 2) / (decided + _AS_IF_DECIDED)


@dataclass(slots=True)
class _Card:
    """A finding that is not read yet: `known` is how much of it was in one that was read."""

    finding: Finding
    worth: float
    words: frozenset[str]
    known: float = 0.0

    def seen(self, words: frozenset[str]) -> None:
        both = len(self.words | words)
        self.known = max(self.known, len(self.words & words) / both if both else 0.0)

    @property
    def worth_now(self) -> float:
        return self.worth * (1 - _SINKS * self.known)


def _unlike_first(
    worth: Sequence[tuple[float, Finding]], already_read: Iterable[Finding]
) -> list[Finding]:
    """Next is always what is worth most, less what it has in common with what is read by then."""
    left = [_Card(finding, value, _words(finding.lead)) for value, finding in worth[:_READ_AHEAD]]
    for finding in already_read:
        words = _words(finding.lead)
        for card in left:
            card.seen(words)
    order: list[Finding] = []
    while left:
        best = max(left, key=lambda card: card.worth_now)
        left.remove(best)
        order.append(best.finding)
        for card in left:
            card.seen(best.words)
    return order + [finding for _, finding in worth[_READ_AHEAD:]]


@lru_cache(maxsize=1 << 9)  # a list is put in order again with every batch that comes
def _words(report: Report) -> frozenset[str]:
    return wording(report).words


def _identity(finding: Finding) -> tuple[object, ...]:
    anchor = finding.anchor
    return (anchor.path, anchor.start_line, anchor.end_line, finding.fingerprint)


def merged_order(
    shown: Sequence[Finding], order: Sequence[Finding], settled: int = 0
) -> list[Finding]:
    """A new order that moves nothing a person sees: what is shown stays in its sequence.

    A finding counts as shown if one of its reports was; it is given as it is now. What is no longer
    in `order` is gone. A new finding goes right behind the one that comes before it in `order`.

    Args:
        shown: the findings as they stand in the list.
        order: all findings, as `ranked`.
        settled: so many of `shown` are read, or above the cursor: nothing new gets among them.
    """
    places = {name: at for at, finding in enumerate(shown) for name in finding.fingerprints}
    kept: dict[int, list[Finding]] = {}
    behind: dict[int, list[Finding]] = {}
    last = settled - 1
    for finding in order:
        known = [places[name] for name in finding.fingerprints if name in places]
        if known:
            last = min(known)
            kept.setdefault(last, []).append(finding)
        else:
            behind.setdefault(max(last, settled - 1), []).append(finding)
    return [
        finding
        for at in range(-1, len(shown))
        for finding in (*kept.get(at, ()), *behind.get(at, ()))
    ]


def by_attention(finding: Finding) -> tuple[bool, bool, int, int, int, str, int]:
    """Sort key: unanchored and minor last; then by kind of disagreement, severity and place."""
    lead = finding.lead
    return (
        not finding.is_anchored,
        is_minor(finding),
        _ATTENTION[finding.disagreement],
        -finding.severity,
        -lead.confidence,
        finding.anchor.path,
        finding.anchor.start_line,
    )


def is_minor(finding: Finding) -> bool:
    """Whether it may be folded away at first: lone and of low severity. Never dropped."""
    is_low = finding.disagreement is Disagreement.LONE and finding.severity is Severity.LOW
    return is_low and finding.is_anchored
