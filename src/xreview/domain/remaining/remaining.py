"""Which findings and readers an estimate of unseen problems is made from, and when there is one.

A model family is one reader, whatever its models: they make the same mistakes. Analysers know only
their own rules, and a person who triages reads with the findings in view, so neither is an
independent reader. What a person found besides is known and so not left; `remaining_of` says how.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import combinations

from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.remaining.estimating import (
    FEWEST_ALONE,
    FEWEST_FOUND,
    FEWEST_SHARED,
    Unseen,
    unseen_of,
)
from xreview.domain.report import Lens, Report, ReviewerKind

_REAL_BUT_NOT_NOW = (Reason.OUT_OF_SCOPE, Reason.LATER)
_NO_PATHS = frozenset[str]()
_MOST_READERS = 6
"""More families than this aren't tried in all combinations."""


class NoEstimate(StrEnum):
    """Why nothing can be said about unseen problems."""

    ONE_READER = "one-reader"
    FEW_FOUND = "few-found"
    FEW_SHARED = "few-shared"
    FEW_ALONE = "few-alone"


@dataclass(frozen=True, slots=True)
class CodeReader:
    """A model family that read these files, looking for what one lens asks for."""

    family: str
    lens: Lens
    paths: frozenset[str]


@dataclass(frozen=True)
class Remaining:
    """What the readers of the same code found, and how many problems none of them did.

    Args:
        by_reader: how many problems each family found.
        found: how many they found together; shared: those that two or more of them found.
        lenses: what all of them looked for.
        files, of_files: how many files all of them read, of those that at least one did.
        unseen: None if there is too little to go by; then `why_not` says what is missing.
    """

    by_reader: Mapping[str, int]
    found: int
    shared: int
    lenses: frozenset[Lens]
    files: int
    of_files: int
    unseen: Unseen | None = None
    why_not: NoEstimate | None = None

    @property
    def is_of_a_part(self) -> bool:
        """Whether it says nothing about some of the files."""
        return self.files < self.of_files


def is_problem(decision: Decision | None) -> bool:
    """Whether a finding counts as a problem: undecided, accepted, escalated, or right but not now.

    An undecided one can be false; once all are decided, only those count that a person found right.
    """
    if decision is None or decision.verdict is not Verdict.REJECT:
        return True
    return decision.reason in _REAL_BUT_NOT_NOW


def remaining_of(problems: Iterable[Finding], readers: Iterable[CodeReader]) -> Remaining:
    """Return how many problems are likely to be left, by the readers that found most together.

    Only files count that all of these readers read, and only the lenses that all of them had. What
    a person or another model found there besides is known, so it isn't counted as left.

    Args:
        problems: those that count (`is_problem`), each once.
    """
    listed, known = list(problems), list(readers)
    parts = list(_parts(known))
    if not parts:
        found = sum(any(one.reviewer.is_model for one in each.reports) for each in listed)
        files = len(_NO_PATHS.union(*(one.paths for one in known)))
        return Remaining({}, found, 0, frozenset(), 0, files, why_not=NoEstimate.ONE_READER)
    return max(
        (part.remaining(listed, known) for part in parts),
        key=lambda one: (one.found, len(one.by_reader), len(one.lenses)),
    )


@dataclass(frozen=True)
class _Part:
    """The code that some families read with the same lenses."""

    families: frozenset[str]
    lenses: frozenset[Lens]
    paths: frozenset[str]

    def remaining(self, problems: Sequence[Finding], readers: Sequence[CodeReader]) -> Remaining:
        captures: list[frozenset[str]] = []
        known = 0
        for problem in problems:
            reports = [one for one in problem.reports if self._is_about(one)]
            by = frozenset(
                one.reviewer.family
                for one in reports
                if one.reviewer.is_model and one.reviewer.family in self.families
            )
            if by:
                captures.append(by)
            elif any(one.reviewer.kind is not ReviewerKind.ANALYSER for one in reports):
                known += 1
        shared = sum(len(by) > 1 for by in captures)
        why_not = _why_not(len(captures), shared)
        unseen = None if why_not else unseen_of(captures, self.families).without(known)
        return Remaining(
            {name: sum(name in by for by in captures) for name in sorted(self.families)},
            len(captures),
            shared,
            self.lenses,
            len(self.paths),
            len(_NO_PATHS.union(*(one.paths for one in readers))),
            unseen,
            why_not,
        )

    def _is_about(self, report: Report) -> bool:
        return report.anchored and report.lens in self.lenses and report.anchor.path in self.paths


def _why_not(found: int, shared: int) -> NoEstimate | None:
    if found < FEWEST_FOUND:
        return NoEstimate.FEW_FOUND
    if shared < FEWEST_SHARED:
        return NoEstimate.FEW_SHARED
    return NoEstimate.FEW_ALONE if found - shared < FEWEST_ALONE else None


def _parts(readers: Sequence[CodeReader]) -> Iterator[_Part]:
    """Each choice of two or more families and of lenses, with the files that all of them read."""
    read: dict[tuple[str, Lens], frozenset[str]] = {}
    for one in readers:
        if one.family:  # a model of unknown family may be one of the others
            before = read.get((one.family, one.lens), _NO_PATHS)
            read[one.family, one.lens] = before | one.paths
    sizes = {family: -len(paths) for (family, _), paths in read.items()}
    families = sorted(sizes, key=lambda family: (sizes[family], family))[:_MOST_READERS]
    for lenses in (frozenset(Lens), *(frozenset({lens}) for lens in Lens)):
        for count in range(len(families), 1, -1):
            for chosen in combinations(families, count):
                pairs = [(family, lens) for family in chosen for lens in lenses]
                first, *rest = (read.get(pair, _NO_PATHS) for pair in pairs)
                paths = first.intersection(*rest)
                if paths:
                    yield _Part(frozenset(chosen), lenses, paths)
