"""Looking up what an answer quotes: in the change, else in the rest of the repository.

A report must point into the change. An answer may rest on code that the change did not touch: the
caller that checks before, the lock that is held. So where a model can read the repository, its
quotes are looked up there too.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from xreview.domain.change import Change
from xreview.domain.errors import ChangeError
from xreview.domain.identity.file_text import FileText
from xreview.domain.report import Lens
from xreview.ports.reviewer import ContentReader, RawReport
from xreview.review.session.ground import Grounding

ReadElsewhere = Callable[[str], bytes | None]
"""Reads a file of the repository by its path; None where there is none that may be read."""


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Where a quote stands: a path and a 1-based line; no path and 0 where it stands nowhere."""

    path: str = ""
    line: int = 0

    @property
    def is_there(self) -> bool:
        """Whether it stands anywhere."""
        return self.line > 0


class AnswerGrounding:
    """Looks quotes of answers up.

    Args:
        elsewhere: reads files outside of the change (`RepositoryTree.read`); None where a model
            could not read them either.
    """

    def __init__(
        self, change: Change, contents: ContentReader, elsewhere: ReadElsewhere | None = None
    ) -> None:
        self._change = change
        self._grounding = Grounding(change, contents)
        self._elsewhere = elsewhere

    async def find(self, statement: RawReport) -> QuotePlace:
        """Where the statement's quote stands; nowhere, too, where it could not be looked up."""
        try:
            return await self._find(statement)
        except ChangeError:
            return QuotePlace()

    async def _find(self, statement: RawReport) -> QuotePlace:
        if statement.path in self._change.by_path:
            # The lens is part of a report only; it does not alter where the quote is.
            report = await self._grounding.check(statement, Lens.RISK)
            return (
                QuotePlace(statement.path, report.anchor.start_line)
                if report.anchored
                else QuotePlace()
            )
        if self._elsewhere is None:
            return QuotePlace()
        return await asyncio.to_thread(self._find_elsewhere, self._elsewhere, statement)

    def _find_elsewhere(self, read: ReadElsewhere, statement: RawReport) -> QuotePlace:
        content = read(statement.path)
        if content is None:
            return QuotePlace()
        places = FileText(content.decode("utf-8", "surrogateescape")).occurrences(statement.quote)
        if not places:
            return QuotePlace()
        line = min(places, key=lambda place: (abs(place - statement.start_line), place))
        return QuotePlace(statement.path, line)
