"""Dividing the lines of one file in one commit among the evidence about it, by trust.

The order of trust: lines that the user took from an attempt and the user's answer, which is about
all others, notes of lines, session edits, trace ranges, checkpoints, then the commit's own data
(trailers and identities: several are co-authors), then the pull request and the branch. More
trusted evidence takes its lines first; less trusted evidence gets the rest, or nothing if it
contradicts more trusted evidence about the whole file. What was taken from attempts is never about
a whole file.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind
from xreview.domain.authorship.line_ranges import Ranges, count, merged_ranges, without
from xreview.domain.record import dataclass, field

TRUST: Mapping[EvidenceKind, int] = {
    EvidenceKind.ANSWER: 0,
    EvidenceKind.ATTEMPT: 0,
    EvidenceKind.NOTE: 1,
    EvidenceKind.SESSION: 2,
    EvidenceKind.TRACE: 3,
    EvidenceKind.CHECKPOINT: 4,
    EvidenceKind.TRAILER: 5,
    EvidenceKind.IDENTITY: 5,
    EvidenceKind.PULL: 6,
    EvidenceKind.BRANCH: 7,
}
"""The rank of each kind, most trusted first; kinds of one rank share lines."""

OF_BRANCH = (EvidenceKind.PULL, EvidenceKind.BRANCH)
"""What is about a whole branch, and counts only if nothing else names a vendor."""


class Naming(NamedTuple):
    """A kind of evidence and the vendor it names (or `PERSON`)."""

    kind: EvidenceKind
    who: str


class Clash(NamedTuple):
    """Evidence for different vendors of the same lines of a commit ("": uncommitted).

    The first is more trusted, unless `both_count`.
    """

    commit: str
    first: Naming
    second: Naming
    both_count: bool = False


class LineWriter(NamedTuple):
    """Who wrote lines, and how certain that is (a `Confidence` as a number)."""

    vendor: str
    tool: str
    model: str
    confidence: int

    @property
    def who(self) -> str:
        """The vendor, or `PERSON`; "" for unknown."""
        return self.vendor or (PERSON if self.tool == PERSON else "")


@dataclass
class LineClaims:
    """Who wrote how many of the changed lines of one or more files.

    `disputed` are lines of files with contradictory evidence.
    """

    lines: float = 0
    disputed: float = 0
    taken: dict[LineWriter, float] = field(default_factory=dict[LineWriter, float])

    def add(self, other: "LineClaims") -> None:
        """Add the claims of another file or commit."""
        self.lines += other.lines
        self.disputed += other.disputed
        self.give(other.taken)

    def times(self, lines: int) -> "LineClaims":
        """These claims, which are for one line, for a file of this many lines."""
        taken = {writer: part * lines for writer, part in self.taken.items()}
        return LineClaims(self.lines * lines, self.disputed * lines, taken)

    def give(self, given: Mapping[LineWriter, float]) -> None:
        """Add lines to writers."""
        for writer, lines in given.items():
            self.taken[writer] = self.taken.get(writer, 0) + lines


def claim(
    path: str, lines: int, speaking: Sequence[Evidence], naming: Sequence[Evidence]
) -> tuple[LineClaims, set[Clash]]:
    """Divide the changed lines of one file in one commit among the evidence.

    Args:
        lines: how many the commit adds to the file; 0 counts as one line, so that deletions and
            renames have an author too.
        speaking: the evidence about this file, most trusted first.
        naming: the evidence of the same commit that names a vendor, for any of its files.
    """
    sharing = _Sharing(path, max(1, lines))
    clashes: set[Clash] = set()
    telling = [trace for trace in speaking if trace.who]
    for _, group in groupby(telling, lambda trace: TRUST[trace.kind]):
        traces = list(group)
        clashes.update(sharing.clashes(traces, naming))
        refused = {clash.second for clash in clashes if not clash.both_count}
        sharing.share(
            [
                trace
                for trace in traces
                if _ranges(path, trace) or Naming(trace.kind, trace.who) not in refused
            ]
        )
    # A tool without a vendor contradicts no vendor.
    sharing.share([trace for trace in speaking if not trace.who])
    made = sharing.made
    made.disputed = made.lines if clashes else 0
    return made, clashes


class _Sharing:
    """The lines of one file while they are divided."""

    def __init__(self, path: str, lines: int) -> None:
        self.made = LineClaims(lines=lines)
        self._path = path
        self._taken: list[tuple[Naming, Ranges]] = []
        """Lines taken by number; () for the whole file."""

    def share(self, traces: Sequence[Evidence]) -> None:
        """Give lines to evidence of one rank."""
        # Lines are shared by fractions: their sum can exceed the whole by a rounding.
        room = max(0.0, self.made.lines - sum(self.made.taken.values()))
        gone = merged_ranges(one for _, ranges in self._taken for one in ranges)
        given: defaultdict[LineWriter, float] = defaultdict(float)
        for trace in traces:
            if ranges := _ranges(self._path, trace):
                given[_writer(trace)] += count(without(ranges, gone))
        named = sum(given.values())
        if named > room:  # evidence may name lines that the commit didn't add, or the same ones
            for writer in given:
                given[writer] *= room / named
        whole = _best_by_writer([trace for trace in traces if not _ranges(self._path, trace)])
        for trace in whole:
            given[_writer(trace)] += max(0.0, room - named) / len(whole)
        self.made.give(given)
        self._taken += [
            (Naming(trace.kind, trace.who), _ranges(self._path, trace)) for trace in traces
        ]

    def clashes(self, traces: Sequence[Evidence], naming: Sequence[Evidence]) -> Iterator[Clash]:
        """Where this evidence contradicts more trusted or equally trusted evidence."""
        for trace in traces:
            if trace.kind in OF_BRANCH:
                continue  # a branch is named before the code is written
            mine = Naming(trace.kind, trace.who)
            ranges = _ranges(self._path, trace)
            others = self._taken_with(ranges) if ranges else _more_trusted(trace, naming)
            if others and trace.who not in {other.who for other in others}:
                yield Clash(trace.commit, others[0], mine)
            for other in traces:
                if EvidenceKind.ATTEMPT in (trace.kind, other.kind):
                    continue  # each is about lines of its own, and an answer about the others
                if other.who != trace.who and other.kind.value > trace.kind.value:
                    yield Clash(trace.commit, Naming(other.kind, other.who), mine, True)

    def _taken_with(self, ranges: Ranges) -> list[Naming]:
        """The evidence that took some of these lines."""
        total = count(ranges)
        return [
            naming
            for naming, taken in self._taken
            if not taken or count(without(ranges, taken)) < total
        ]


def _more_trusted(trace: Evidence, naming: Sequence[Evidence]) -> list[Naming]:
    return [
        Naming(other.kind, other.who)
        for other in naming
        if TRUST[other.kind] < TRUST[trace.kind] and other.kind is not EvidenceKind.ATTEMPT
    ]


def _best_by_writer(traces: Sequence[Evidence]) -> list[Evidence]:
    """The best evidence for each vendor, or for each tool without a vendor."""
    best: dict[str, Evidence] = {}
    for trace in traces:
        name = trace.who or f"{trace.tool}?"
        if name not in best or _telling(trace) > _telling(best[name]):
            best[name] = trace
    return list(best.values())


def _telling(trace: Evidence) -> tuple[int, bool, bool]:
    return trace.confidence.value, bool(trace.model), bool(trace.tool)


def _writer(trace: Evidence) -> LineWriter:
    return LineWriter(trace.vendor, trace.tool, trace.model, trace.confidence.value)


def _ranges(path: str, trace: Evidence) -> Ranges:
    """The lines of a file that the evidence is about; () for all."""
    own = [lines for lines in trace.lines if lines.path == path]
    if any(not lines.ranges for lines in own):
        return ()
    return merged_ranges(one for lines in own for one in lines.ranges)
