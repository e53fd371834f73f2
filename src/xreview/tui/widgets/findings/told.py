"""A text in place of the findings, or below the last of them: pure, no Textual."""

from xreview.tui.widgets.findings.paint import wrapped

_NARROWEST = 10


class ToldText:
    """The lines of a text at a width, below an empty one."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._lines: list[str] = []
        self._width = -1

    def height(self, width: int) -> int:
        """Return how many lines it takes."""
        return len(self._wrapped(width)) + 1 if self.text else 0

    def line(self, y: int, width: int) -> str:
        """Return a line, counted from 0; "" for one that it doesn't have."""
        lines = self._wrapped(width)
        return f" {lines[y - 1]}" if 1 <= y <= len(lines) else ""

    def _wrapped(self, width: int) -> list[str]:
        if width != self._width:
            self._width = width
            self._lines = wrapped(self.text, max(_NARROWEST, width - 2))
        return self._lines
