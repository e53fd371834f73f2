"""Alignment while reports still come in."""

from collections import Counter
from collections.abc import Iterable, Sequence

from xreview.disagreement.align import ReportGroup, aligned, grouped, led, once
from xreview.disagreement.candidates import FEW_WITHOUT_PLACE
from xreview.disagreement.likeness import SAME_PROBLEM, Texts, are_apart, weighed
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import Wording, wording
from xreview.domain.record import dataclass, field
from xreview.domain.report import Report

_CANDIDATES = 24
_COMMON = 48
_MANY_MORE = 8
"""A file is aligned anew in full if more than an eighth of its reports are new."""


class Alignment:
    """The groups in the reports that have come so far.

    Small files are aligned anew with each report. In a file with more reports than are compared in
    full, unless many come at once, a new one joins the group it is most like, or starts its own,
    and nothing else moves, so that the list on the screen stays put. Word weights change with every
    report, so groups are provisional until `settle`; from then on they are those of `align`,
    whatever order the reports came in.
    """

    def __init__(self) -> None:
        self._came: list[Report] = []
        self._files: dict[str, _File] = {}
        self._vocabulary = Vocabulary()

    def add(self, reports: Iterable[Report]) -> frozenset[str]:
        """Add reports; return the paths whose groups may have changed."""
        fresh = self._take(reports)
        for path, keys in fresh.items():
            self._files[path].place(keys, self._vocabulary)
        return frozenset(fresh)

    def groups(self, path: str) -> list[ReportGroup]:
        """The groups in a file, in no particular order before `settle`."""
        return list(self._files[path].groups) if path in self._files else []

    def settle(self, reports: Iterable[Report] = ()) -> frozenset[str]:
        """Add the last reports and align everything anew; return the paths whose groups changed."""
        self._take(reports)
        settled: dict[str, list[ReportGroup]] = {path: [] for path in self._files}
        unique = once(self._came)
        wordings = [self._files[one.anchor.path].wording_of(one) for one in unique]
        for group in aligned(unique, wordings):
            settled[group[0].anchor.path].append(group)
        changed = [path for path, file in self._files.items() if file.groups != settled[path]]
        for path in changed:
            self._files[path].put(settled[path])
        return frozenset(changed)

    def _take(self, reports: Iterable[Report]) -> dict[str, list["_Key"]]:
        """Take reports apart; return the keys of the new ones by path."""
        came = list(reports)
        self._came += came
        fresh: dict[str, list[_Key]] = {}
        for report in once(came):
            path = report.anchor.path
            file = self._files.setdefault(path, _File())
            fresh.setdefault(path, []).extend(file.take(report, self._vocabulary))
        return fresh


_Key = tuple[str, str]


@dataclass(slots=True)
class _File:
    """The reports of one file, indexed to find those that a new one is like."""

    reports: dict[_Key, Report] = field(default_factory=dict[_Key, Report])
    wordings: dict[_Key, Wording] = field(default_factory=dict[_Key, Wording])
    holders: dict[str, list[_Key]] = field(default_factory=dict[str, list[_Key]])
    groups: list[ReportGroup] = field(default_factory=list[ReportGroup])
    places: dict[_Key, int] = field(default_factory=dict[_Key, int])

    def take(self, report: Report, vocabulary: Vocabulary) -> Iterable[_Key]:
        key = _key(report)
        if key in self.reports:
            return ()  # a repetition; `settle` chooses one, whichever came first
        self.reports[key] = report
        said = self.wordings[key] = wording(report)
        vocabulary.add([said])
        for word in said.words:
            self.holders.setdefault(word, []).append(key)
        return (key,)

    def place(self, fresh: Sequence[_Key], vocabulary: Vocabulary) -> None:
        is_small = len(self.reports) <= FEW_WITHOUT_PLACE
        if is_small or len(fresh) > len(self.reports) // _MANY_MORE:
            ordered = once(self.reports.values())
            self.put(grouped(ordered, [self.wordings[_key(one)] for one in ordered], vocabulary))
            return
        for key in fresh:
            self._join(key, vocabulary)

    def wording_of(self, report: Report) -> Wording:
        """The wording of a report of this file, from the index if it is the indexed one."""
        key = _key(report)
        return self.wordings[key] if self.reports[key] is report else wording(report)

    def put(self, groups: list[ReportGroup]) -> None:
        self.groups = groups
        self.places = {_key(one): at for at, group in enumerate(groups) for one in group}

    def _join(self, key: _Key, vocabulary: Vocabulary) -> None:
        """Put a new report into the group it is most like on average, or into its own."""
        best, home = self._nearest(key, vocabulary)
        if best >= SAME_PROBLEM:
            self.groups[home] = led((*self.groups[home], self.reports[key]))
        else:
            home = len(self.groups)
            self.groups.append((self.reports[key],))
        self.places[key] = home

    def _nearest(self, key: _Key, vocabulary: Vocabulary) -> tuple[float, int]:
        """The group that a report is most like, and how much."""
        homes = sorted({self.places[other] for other in self._candidates(key, vocabulary)})
        fresh = self.reports[key]
        open_to_it = [
            home for home in homes if not any(are_apart(fresh, one) for one in self.groups[home])
        ]
        members = [(home, one) for home in open_to_it for one in self.groups[home][:_CANDIDATES]]
        others = [self.wordings[_key(one)] for _, one in members]
        texts = Texts([self.wordings[key], *others], vocabulary)
        alike: dict[int, list[float]] = {}
        for at, (home, one) in enumerate(members, 1):
            said = texts.likeness(0, at)
            alike.setdefault(home, []).append(weighed(fresh, one, said))
        averages = [(sum(likes) / len(likes), -home) for home, likes in alike.items()]
        best, home = max(averages, default=(0.0, 0))
        return best, -home

    def _candidates(self, key: _Key, vocabulary: Vocabulary) -> list[_Key]:
        shared: Counter[_Key] = Counter()
        for word in self.wordings[key].words:
            holders = self.holders[word]
            if len(holders) <= _COMMON:
                weight = vocabulary.words[word]
                for other in holders:
                    shared[other] += weight
        start = self.reports[key].anchor.start_line
        for other, report in self.reports.items():
            if report.fingerprint == key[1] or report.anchor.start_line == start:
                shared[other] += 1
        best = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        return [other for other, _ in best if other in self.places][:_CANDIDATES]


def _key(report: Report) -> _Key:
    return (report.reviewer.name, report.fingerprint)
