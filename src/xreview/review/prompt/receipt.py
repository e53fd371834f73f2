"""What became of every file of a plan: exactly one coverage entry for each, as requests end."""

from xreview.domain.authorship import line_ranges
from xreview.domain.authorship.line_ranges import Ranges
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.text import count_of
from xreview.review.prompt.plan import Part, Plan

_NAMED_RANGES = 5


class PlanReceipt:
    """Gathers how the requests of a plan ended.

    A file is told of once its last request has ended; `Plan.skipped` are told by the caller. The
    reviewer must have answered the whole request for a file in it to count as read.
    """

    def __init__(self, plan: Plan, reviewer: str) -> None:
        self._reviewer = reviewer
        self._unsent = plan.unsent
        self._open: dict[str, int] = {}
        self._lines: dict[str, int] = {}
        self._pieces: dict[str, int] = {}
        self._missed: dict[str, list[tuple[str, Ranges]]] = {}
        for part in plan.requests:
            for piece in part.pieces:
                self._open[piece.path] = self._open.get(piece.path, 0) + 1
                self._pieces[piece.path] = self._pieces.get(piece.path, 0) + 1

    def answered(self, part: Part, note: str = "") -> list[CoverageEntry]:
        """The part was answered.

        Args:
            note: what of the answer was not usable, "2 findings were not as asked for and kept
                out"; its files are then truncated, since something was said that is not shown.
        """
        for piece in part.pieces:
            self._lines[piece.path] = self._lines.get(piece.path, 0) + piece.line_count
            if note:
                self._missed.setdefault(piece.path, []).append((note, ()))
        return self._ended(part)

    def failed(self, part: Part, why: str) -> list[CoverageEntry]:
        """The part was not answered, or not to the end: it was refused, cut off, or the model
        could not be asked."""
        for piece in part.pieces:
            self._missed.setdefault(piece.path, []).append((why, piece.changed))
        return self._ended(part)

    def _ended(self, part: Part) -> list[CoverageEntry]:
        ended: list[CoverageEntry] = []
        for piece in part.pieces:
            self._open[piece.path] -= 1
            if not self._open[piece.path]:
                ended.append(self._entry(piece.path))
        return ended

    def _entry(self, path: str) -> CoverageEntry:
        missed = self._missed.get(path, [])
        lines = self._lines.get(path, 0)
        if not lines:
            why = "; ".join(dict.fromkeys(why for why, _ in missed))
            return CoverageEntry(self._reviewer, path, Reading.FAILED, why)
        told = [f"{named(ranges)}: {why}" if ranges else why for why, ranges in missed]
        if unsent := self._unsent.get(path):
            told.append(f"{named(unsent)}: not sent (whole), over what is sent of one file")
        pieces = self._pieces[path]
        if told:
            return CoverageEntry(
                self._reviewer, path, Reading.TRUNCATED, "; ".join(dict.fromkeys(told)), lines
            )
        why = f"in {count_of(pieces, 'request')}" if pieces > 1 else ""
        return CoverageEntry(self._reviewer, path, Reading.READ, why, lines)


def named(ranges: Ranges) -> str:
    """Ranges of lines in words, the first few of them: `lines 1-5, 9 and 3 more places`."""
    told = [str(start) if start == end else f"{start}-{end}" for start, end in ranges]
    more = len(told) - _NAMED_RANGES
    words = ", ".join(told[:_NAMED_RANGES])
    lines = "line" if line_ranges.count(ranges) == 1 else "lines"
    return f"{lines} {words} and {count_of(more, 'more place')}" if more > 0 else f"{lines} {words}"
