"""Looking up what an answer quotes, in the change or else in the rest of the repository.

A report must point into the change. An answer may rest on unchanged code, such as the caller that
checks first. So quotes are looked up wherever the model could read.
"""

import asyncio
from collections.abc import Callable

from xreview.domain.change import Change
from xreview.domain.errors import ChangeError
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import dataclass
from xreview.domain.report import Lens
from xreview.ports.reviewer import ContentReader, RawReport
from xreview.review.session.ground import Grounding

ReadElsewhere = Callable[[str], bytes | None]
"""Reads a file of the repository by path; None if it doesn't exist or must not be read."""


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """The path and 1-based line of a quote; "" and 0 if it wasn't found."""

    path: str = ""
    line: int = 0

    @property
    def is_there(self) -> bool:
        """Whether the quote was found."""
        return self.line > 0


_NONE = QuotePlace()


class AnswerGrounding:
    """Looks up the quotes of answers; `elsewhere` reads files outside the change, None if the model
    couldn't read them either."""

    def __init__(
        self, change: Change, contents: ContentReader, elsewhere: ReadElsewhere | None = None
    ) -> None:
        self._change = change
        self._grounding = Grounding(change, contents)
        self._elsewhere = elsewhere

    async def find(self, statement: RawReport) -> QuotePlace:
        """The place of the statement's quote; not found, too, if git fails."""
        try:
            return await self._find(statement)
        except ChangeError:
            return _NONE

    async def _find(self, statement: RawReport) -> QuotePlace:
        if statement.path in self._change.by_path:
            # A report needs a lens; it doesn't affect where the quote is.
            report = await self._grounding.check(statement, Lens.RISK)
            return (
                QuotePlace(statement.path, report.anchor.start_line) if report.anchored else _NONE
            )
        if self._elsewhere is None:
            return _NONE
        return await asyncio.to_thread(self._find_elsewhere, self._elsewhere, statement)

    def _find_elsewhere(self, read: ReadElsewhere, statement: RawReport) -> QuotePlace:
        content = read(statement.path)
        if content is None:
            return _NONE
        places = FileText(content.decode("utf-8", "surrogateescape")).occurrences(statement.quote)
        if not places:
            return _NONE
        line = min(places, key=lambda place: (abs(place - statement.start_line), place))
        return QuotePlace(statement.path, line)
