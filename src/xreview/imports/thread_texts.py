"""The code that the threads on one file are about, from wherever it can be read.

In this order: what the comment itself quotes, the diff that its forge quotes, the file at the
commented commit, and the lines of the present head where the forge says that they are now.
"""

from xreview.domain.change import FileDiff, Side
from xreview.domain.errors import ChangeError
from xreview.domain.pull.discussion import CommentPlace
from xreview.domain.record import replace
from xreview.imports.said import SaidProblem
from xreview.imports.thread_quotes import (
    ContentAt,
    QuotedCode,
    quoted_in_file,
    quoted_in_hunk,
)
from xreview.ports.reviewer import ContentReader


class ThreadTexts:
    """Quotes the code of the threads on one file; each version of it is read once.

    Args:
        content_at: reads a file at a commented commit; None where that isn't possible.
        head: the full id of the head commit; "" for unknown.
    """

    def __init__(
        self, file: FileDiff, contents: ContentReader, content_at: ContentAt | None, head: str
    ) -> None:
        self._file = file
        self._contents = contents
        self._content_at = content_at
        self._head = head
        self._present: dict[Side, bytes | None] = {}
        self._commented: dict[tuple[str, str], bytes | None] = {}

    async def quoted(self, problem: SaidProblem) -> QuotedCode | None:
        """The code that a problem is about, as it was commented; None if it isn't available."""
        place = suggested_place(problem)
        if not place.end_line:
            return None
        start, end = place.start_line or place.end_line, place.end_line
        if problem.quote.strip():
            rows = problem.quote.strip("\n").split("\n")
            return QuotedCode("\n".join(rows), start, start + len(rows) - 1)
        if place == problem.place and (found := quoted_in_hunk(place)) is not None:
            return found
        content = await self._as_commented(place)
        if content is not None and (found := quoted_in_file(content, start, end)) is not None:
            return found
        return await self._in_head(problem, start, end) or quoted_in_hunk(problem.place)

    async def _as_commented(self, place: CommentPlace) -> bytes | None:
        key = place.commit, place.path
        if self._content_at is not None and place.commit:
            if key not in self._commented:
                self._commented[key] = await self._content_at(*key)
            if (content := self._commented[key]) is not None:
                return content
        if place.side is Side.OLD:
            return await self._now(Side.OLD)
        is_head = bool(place.commit) and place.commit == self._head
        return await self._now(Side.NEW) if is_head else None

    async def _in_head(self, problem: SaidProblem, start: int, end: int) -> QuotedCode | None:
        """The lines where the forge says that they are now, numbered as they were."""
        place = problem.place
        if place.line_now is None or (content := await self._now(place.side)) is None:
            return None
        shift = place.line_now - place.end_line
        now = quoted_in_file(content, start + shift, end + shift)
        return now and replace(now, start_line=start, end_line=now.end_line - shift)

    async def _now(self, side: Side) -> bytes | None:
        if side not in self._present:
            try:
                self._present[side] = await self._contents.read(self._file, side)
            except ChangeError:
                self._present[side] = None
        return self._present[side]


def suggested_place(problem: SaidProblem) -> CommentPlace:
    """The lines of a problem or, where its suggestion names them, the lines of that."""
    place, edit = problem.place, problem.comment.suggestion
    if edit is None or edit.above is None or edit.below is None or not place.end_line:
        return place
    start = max(1, place.end_line - edit.above)
    return replace(place, start_line=start, end_line=place.end_line + edit.below)
