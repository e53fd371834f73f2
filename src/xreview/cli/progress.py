"""The line, or lines, on a terminal that tell how a long command gets on."""

import shutil
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from xreview.cli.table import cut
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


class ProgressBlock:
    """A context manager that rewrites several lines, and removes them at the end.

    It writes nothing if standard error isn't a terminal or `is_wanted` is false.
    """

    def __init__(self, *, is_wanted: bool) -> None:
        self._is_shown = is_wanted and sys.stderr.isatty()
        self._below = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.write([])

    def write(self, lines: Sequence[str]) -> None:
        """Show these lines, raw, instead of what was there; as many as the terminal has."""
        if not self._is_shown:
            return
        width, height = shutil.get_terminal_size()
        shown = [cut(visible(line), width - 1) for line in lines]
        if len(shown) >= height > 1:
            left = len(shown) - height + 2
            shown = [*shown[: height - 2], f"… and {left} more"]
        up = f"\x1b[{self._below}A" if self._below else ""
        sys.stderr.write(f"{up}\r\x1b[J" + "\n".join(shown))
        sys.stderr.flush()
        self._below = max(0, len(shown) - 1)
