"""Who takes which lines: the traces that speak of one file in one commit, by their trust.

The order of trust: answer, notes of lines, edits of sessions, trace ranges, checkpoints, then what
the commit says of itself (trailers and identities: several of them are co-authors), then the
branch. A trace that is trusted more takes its lines first; one that is trusted less gets what is
left, but nothing where it names another vendor than those before it did for all of the file.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind
from xreview.domain.authorship.line_ranges import Ranges, count, merged_ranges, without

TRUST: Mapping[EvidenceKind, int] = {
    EvidenceKind.ANSWER: 0,
    EvidenceKind.NOTE: 1,
    EvidenceKind.SESSION: 2,
    EvidenceKind.TRACE: 3,
    EvidenceKind.CHECKPOINT: 4,
    EvidenceKind.TRAILER: 5,
    EvidenceKind.IDENTITY: 5,
    EvidenceKind.BRANCH: 6,
}
"""The place of each kind in the order of trust; kinds of one place share what they speak of."""


class Naming(NamedTuple):
    """A kind of trace and the vendor it names (or `PERSON`)."""

    kind: EvidenceKind
    who: str


class Clash(NamedTuple):
    """Two traces that name different vendors for the same lines of a commit ("": uncommitted).

    The first one is trusted more; where `both_count` they are trusted alike.
    """

    commit: str
    first: Naming
    second: Naming
    both_count: bool = False


class LineWriter(NamedTuple):
    """Who wrote lines, and how sure that is (a `Confidence` as a number)."""

    vendor: str
    tool: str
    model: str
    confidence: int

    @property
    def who(self) -> str:
        """The vendor, or `PERSON`; "" where neither is known."""
        return self.vendor or (PERSON if self.tool == PERSON else "")


@dataclass
class LineClaims:
    """Who wrote how many of the changed lines, of one file or of several.

    `disputed` are lines of files whose traces clash.
    """

    lines: float = 0
    disputed: float = 0
    taken: dict[LineWriter, float] = field(default_factory=dict[LineWriter, float])

    def add(self, other: "LineClaims") -> None:
        """Take in the claims of another file or commit."""
        self.lines += other.lines
        self.disputed += other.disputed
        self.give(other.taken)

    def times(self, lines: int) -> "LineClaims":
        """As many times these claims: of a file with so many lines, where they are of one line."""
        taken = {writer: part * lines for writer, part in self.taken.items()}
        return LineClaims(self.lines * lines, self.disputed * lines, taken)

    def give(self, given: Mapping[LineWriter, float]) -> None:
        """Let writers have more lines."""
        for writer, lines in given.items():
            self.taken[writer] = self.taken.get(writer, 0) + lines


def claim(
    path: str, lines: int, speaking: Sequence[Evidence], naming: Sequence[Evidence]
) -> tuple[LineClaims, set[Clash]]:
    """Share the changed lines of one file in one commit among those who claim them.

    Args:
        lines: how many the commit adds to the file. A file with none counts as one line, so that
            deletions and renames have an author too.
        speaking: the traces that speak of this file, the most trusted first.
        naming: those of the same commit that name a vendor, for any of its files.
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
    # A tool without a vendor says nothing against one that was named.
    sharing.share([trace for trace in speaking if not trace.who])
    made = sharing.made
    made.disputed = made.lines if clashes else 0
    return made, clashes


class _Sharing:
    """The lines of one file while they are given away."""

    def __init__(self, path: str, lines: int) -> None:
        self.made = LineClaims(lines=lines)
        self._path = path
        self._taken: list[tuple[Naming, Ranges]] = []
        """Which lines were taken by their numbers; no ranges where it was the whole file."""

    def share(self, traces: Sequence[Evidence]) -> None:
        """Give lines to traces of one place in the order of trust."""
        # Lines are shared by fractions: their sum can exceed the whole by a rounding.
        room = max(0.0, self.made.lines - sum(self.made.taken.values()))
        gone = merged_ranges(one for _, ranges in self._taken for one in ranges)
        given: defaultdict[LineWriter, float] = defaultdict(float)
        for trace in traces:
            if ranges := _ranges(self._path, trace):
                given[_writer(trace)] += count(without(ranges, gone))
        named = sum(given.values())
        if named > room:  # a trace may name lines that the commit did not add, or two name one
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
        """What these traces name otherwise than those that are trusted more, or alike."""
        for trace in traces:
            if trace.kind is EvidenceKind.BRANCH:
                continue  # branches are named before anybody writes
            mine = Naming(trace.kind, trace.who)
            ranges = _ranges(self._path, trace)
            others = self._taken_with(ranges) if ranges else _more_trusted(trace, naming)
            if others and trace.who not in {other.who for other in others}:
                yield Clash(trace.commit, others[0], mine)
            for other in traces:
                if other.who != trace.who and other.kind.value > trace.kind.value:
                    yield Clash(trace.commit, Naming(other.kind, other.who), mine, True)

    def _taken_with(self, ranges: Ranges) -> list[Naming]:
        """Who took some of these lines."""
        total = count(ranges)
        return [
            naming
            for naming, taken in self._taken
            if not taken or count(without(ranges, taken)) < total
        ]


def _more_trusted(trace: Evidence, naming: Sequence[Evidence]) -> list[Naming]:
    return [
        Naming(other.kind, other.who) for other in naming if TRUST[other.kind] < TRUST[trace.kind]
    ]


def _best_by_writer(traces: Sequence[Evidence]) -> list[Evidence]:
    """One trace for each vendor (for each tool where no vendor is named): the most telling."""
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
    """The lines of a file that a trace speaks of; () where it is all of them."""
    own = [lines for lines in trace.lines if lines.path == path]
    if any(not lines.ranges for lines in own):
        return ()
    return merged_ranges(one for lines in own for one in lines.ranges)
