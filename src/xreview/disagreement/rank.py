"""The one order in which findings deserve to be read: on the screen and in every export."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import exp, prod

from xreview.disagreement.groups import Group, group_of, is_high_stakes, supporters
from xreview.disagreement.wording import wording
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Category, Report, Severity
from xreview.domain.scorecard.scored import scored

Record = Mapping[tuple[str, str, Category], tuple[int, int]]
"""The user's earlier decisions: how many reports were accepted, of how many decided, by the vendor
of the author, the vendor of the reviewer ("" for analysers), and the category."""

NO_RECORD: Record = {}

_GROUPS = {group: place for place, group in enumerate(Group)}

_PANEL = 3
_ODDS = 4.56
_SEVERITY = {Severity.LOW: 0.5, Severity.MEDIUM: 1.0, Severity.HIGH: 2.0, Severity.CRITICAL: 4.0}
_LEVEL = {
    AttentionLevel.SKIP: 0.8,
    AttentionLevel.SKIM: 0.9,
    AttentionLevel.READ: 1.0,
    AttentionLevel.STUDY: 1.1,
    AttentionLevel.DECIDE: 1.2,
}
"""A nudge: how many support a finding and how bad it would be say more than where it is.

It is the level of the finding's file, or the highest for high stakes. The severity and the
disagreement, which move the level of the finding itself too, are factors and groups of their own.
"""

_MINDED = 0.75
_SELDOM_MATTERS = frozenset({Category.DOCUMENTATION, Category.CONSISTENCY})
_AS_IF_DECIDED = 4
"""Decisions that every record is assumed to start with, half of them accepting."""

_SINKS = 0.6
_NEARLY_THE_SAME = 0.5
"""The share of common words from which a finding sinks. Most that have less in common with one read
before, say a function's name, are other problems."""

_READ_AHEAD = 48
"""How many findings of a group are compared: a reader doesn't remember more of them."""


def ranked(
    findings: Iterable[Finding],
    author: str = "",
    record: Record = NO_RECORD,
    attention: ChangeAttention | None = None,
) -> list[Finding]:
    """All findings, the one most worth reading next first.

    Groups come in the order of `Group`. Within a group, the likeliest to be real and worst if so
    come first, and one that says nearly the same as one before it sinks. The order findings came in
    has no effect. Exports have no record, so that they don't depend on who makes them. `attention`
    is what the change and its files deserve; None if that isn't known.
    """
    by_group: dict[Group, list[Finding]] = {}
    for finding in findings:
        by_group.setdefault(group_of(finding), []).append(finding)
    order: list[Finding] = []
    for group in sorted(by_group, key=_GROUPS.__getitem__):
        worth = [
            (_worth(one, author, record) * _matters(one, attention), one) for one in by_group[group]
        ]
        worth.sort(key=lambda item: (-item[0], -len(item[1].reports), *_identity(item[1])))
        order += _unlike_first(worth, order[-_READ_AHEAD:])
    return order


def chance(families: int, asked: int) -> float:
    """How likely a problem is real if so many of the families asked raised it.

    Measured were .18, .53 and .82 for one, two and three of three (`triage-evidence.md`): a
    straight line in the logarithm of the odds. Fewer than three count as three.
    """
    share = families / max(asked, _PANEL)
    return 1 / (1 + exp(_ODDS * (2 / 3 - share)))


def _is_real(finding: Finding) -> float:
    behind = supporters(finding)
    asked = behind | {stance.party.family for stance in finding.stances}
    return chance(len(behind), len(asked))


def _is_bad(finding: Finding) -> float:
    return _SEVERITY[finding.severity]


def _matters(finding: Finding, attention: ChangeAttention | None) -> float:
    if is_high_stakes(finding):
        return _LEVEL[AttentionLevel.DECIDE]
    level = attention.of(finding.anchor.path).level if attention else AttentionLevel.READ
    return _LEVEL[level] * (_MINDED if finding.category in _SELDOM_MATTERS else 1.0)


_RULES: tuple[Callable[[Finding], float], ...] = (_is_real, _is_bad)
"""The factors of a finding's worth besides its level: another rule is another function here."""


def _worth(finding: Finding, author: str, record: Record) -> float:
    rates = [_rate(report, author, record) for report in finding.reports]
    return prod(rule(finding) for rule in _RULES) * sum(rates) / len(rates)


def _rate(report: Report, author: str, record: Record) -> float:
    """The share of such reports that this user accepts, relative to a half: from 0 to 2."""
    vendor = scored(report.reviewer).vendor
    accepted, decided = record.get((author, vendor, report.category), (0, 0))
    return 2 * (accepted + _AS_IF_DECIDED / 2) / (decided + _AS_IF_DECIDED)


@dataclass(slots=True)
class _Card:
    """An unread finding; `known` is how much of it is in one that was read."""

    finding: Finding
    worth: float
    words: frozenset[str]
    known: float = 0.0

    def seen(self, words: frozenset[str]) -> None:
        both = len(self.words | words)
        known = len(self.words & words) / both if both else 0.0
        if known >= _NEARLY_THE_SAME:
            self.known = max(self.known, known)

    @property
    def worth_now(self) -> float:
        return self.worth * (1 - _SINKS * self.known)


def _unlike_first(
    worth: Sequence[tuple[float, Finding]], already_read: Iterable[Finding]
) -> list[Finding]:
    """Always the one worth most next, less what it has in common with those before it."""
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


@lru_cache(maxsize=1 << 9)  # every batch of reports ranks the list again
def _words(report: Report) -> frozenset[str]:
    return wording(report).words


def _identity(finding: Finding) -> tuple[object, ...]:
    anchor = finding.anchor
    return (anchor.path, anchor.start_line, anchor.end_line, finding.fingerprint)
