"""The progress line on standard error."""

import shutil
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from xreview.domain.text import count_of, shorten, visible

if TYPE_CHECKING:
    from xreview.review.session.snapshot import ReviewSnapshot

_TO_LINE_START = "\r\x1b[K"


class ProgressLine:
    """A context manager that rewrites one line, and removes it at the end.

    It writes nothing where standard error isn't a terminal or `is_wanted` is false.
    """

    def __init__(self, *, is_wanted: bool) -> None:
        self._is_shown = is_wanted and sys.stderr.isatty()

    def __enter__(self) -> Self:
        self._write("reading the change …")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._write("")

    def show(self, snapshot: "ReviewSnapshot") -> None:
        """Show how far each reviewer is."""
        parts = [
            f"{reviewer.identity.name} {reviewer.done}/{reviewer.total}"
            for reviewer in snapshot.reviewers
        ]
        parts += [count_of(len(snapshot.findings), "finding"), snapshot.doing]
        self._write(" · ".join(filter(None, parts)))

    def _write(self, text: str) -> None:
        if self._is_shown:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(_TO_LINE_START + shorten(visible(text), width))
            sys.stderr.flush()
