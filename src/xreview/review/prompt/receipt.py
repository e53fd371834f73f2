"""The coverage of a plan: exactly one entry for each file, as requests end."""

from xreview.domain.authorship.line_ranges import Ranges, in_words
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.text import count_of
from xreview.review.prompt.plan import Part, Plan


class PlanReceipt:
    """Collects how the requests of a plan end.

    A file gets its entry when its last request ends, and counts as read if all its requests were
    answered completely. The caller adds `Plan.skipped`.
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
        """The part was answered. A note says what was lost of the answer ("2 findings left out as
        malformed"); its files then count as truncated."""
        for piece in part.pieces:
            self._lines[piece.path] = self._lines.get(piece.path, 0) + piece.line_count
            if note:
                self._missed.setdefault(piece.path, []).append((note, ()))
        return self._ended(part)

    def failed(self, part: Part, why: str) -> list[CoverageEntry]:
        """The part was not answered, or not completely."""
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
        told = [f"{in_words(ranges)}: {why}" if ranges else why for why, ranges in missed]
        if unsent := self._unsent.get(path):
            told.append(f"{in_words(unsent)}: not sent (whole), over the limit for one file")
        pieces = self._pieces[path]
        if told:
            return CoverageEntry(
                self._reviewer, path, Reading.TRUNCATED, "; ".join(dict.fromkeys(told)), lines
            )
        why = f"in {count_of(pieces, 'request')}" if pieces > 1 else ""
        return CoverageEntry(self._reviewer, path, Reading.READ, why, lines)
