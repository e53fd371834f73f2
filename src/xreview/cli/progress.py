"""The line on a terminal that tells how a long command gets on."""

import shutil
import sys
from types import TracebackType
from typing import Self

from xreview.domain.text import shorten, visible

_TO_LINE_START = "\r\x1b[K"


class ProgressLine:
    """A context manager that rewrites one line, and removes it at the end.

    It writes nothing if standard error isn't a terminal or `is_wanted` is false.
    """

    def __init__(self, *, is_wanted: bool) -> None:
        self._is_shown = is_wanted and sys.stderr.isatty()

    def __enter__(self) -> Self:
        self.write("reading the change …")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.write("")

    def write(self, text: str) -> None:
        """Show this text, raw, instead of what was there."""
        if self._is_shown:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(_TO_LINE_START + shorten(visible(text), width))
            sys.stderr.flush()
