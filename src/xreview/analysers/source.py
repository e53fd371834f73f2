"""A file as the engines see it: its text, raw and for parsers, and the added lines."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from xreview.analysers.inner_tests import lines_of_tests
from xreview.domain.change import LineKind, parse_hunks
from xreview.domain.record import dataclass

MOST_BYTES = 600_000
"""A larger file is read up to here: parsing needs about 40 times its size in memory."""

QUOTED_LINES = 6
"""The most lines in a quote."""

_LONE_RETURN = re.compile(r"\r(?!\n)")


class OutOfDateError(Exception):
    """The file no longer fits the change: it was edited meanwhile."""


@dataclass(frozen=True)
class Source:
    """The new side of a file.

    Args:
        text: the content, with lone surrogates for bytes that aren't UTF-8.
        body: the file's hunks as git printed them.
        is_test: whether it is a test by its path.
        is_aside: whether it isn't part of the product, as tests aren't.
        is_cut: whether the file is longer than `text`.
    """

    language: str
    text: str
    body: bytes
    is_test: bool
    is_aside: bool
    is_cut: bool

    @classmethod
    def of(
        cls, language: str, content: bytes, body: bytes, *, is_test: bool, is_aside: bool
    ) -> "Source":
        """A source from a file's whole content, cut if it is too large."""
        is_cut = len(content) > MOST_BYTES
        text = (_head(content) if is_cut else content).decode("utf-8", "surrogateescape")
        return cls(language, text, body, is_test, is_aside, is_cut)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def clean(self) -> str:
        """The text for parsers, with the same lines and characters.

        Lone surrogates, which have no UTF-8, are replaced, and so are carriage returns inside a
        line, which ruff takes for line ends.
        """
        text = self.text if self.text.isascii() else self._without_surrogates()
        if "\r" in text:
            text = _LONE_RETURN.sub(" ", text)
        return text

    def _without_surrogates(self) -> str:
        return self.text.encode("utf-8", "replace").decode("utf-8")

    @cached_property
    def added(self) -> frozenset[int]:
        """The 1-based numbers of the added lines in the text.

        Raises OutOfDateError if the text has other lines there.
        """
        return frozenset(number for number, _ in self._added_lines())

    def _added_lines(self) -> Iterator[tuple[int, str]]:
        for number, text in lines_added_in(self.body):
            if self.is_cut and number >= len(self.lines):
                return
            if number > len(self.lines):
                raise OutOfDateError
            # git may have converted line ends in the diff.
            if self.lines[number - 1].rstrip("\r") != text.rstrip("\r"):
                raise OutOfDateError
            yield number, text

    @cached_property
    def inner_tests(self) -> set[int]:
        """The 1-based numbers of the lines of tests inside the file."""
        return lines_of_tests(enumerate(self.lines, 1), self.language)

    def touches(self, start_line: int, end_line: int) -> bool:
        """Whether the change added one of these lines (inclusive)."""
        return any(number in self.added for number in range(start_line, end_line + 1))

    def quote(self, start_line: int, end_line: int) -> str:
        """The lines verbatim."""
        return "\n".join(self.lines[start_line - 1 : end_line])


def lines_added_in(body: bytes) -> Iterator[tuple[int, str]]:
    """The added lines of a diff body: 1-based new number and text."""
    for hunk in parse_hunks(body):
        for line in hunk.lines:
            if line.kind is LineKind.ADDED and line.new_number is not None:
                yield line.new_number, line.text


def added_text(body: bytes) -> bytes:
    """The content of a new file, from its diff body."""
    rows: Iterable[str] = (text for _, text in lines_added_in(body))
    return "".join(f"{row}\n" for row in rows).encode("utf-8", "surrogateescape")


def _head(content: bytes) -> bytes:
    """The content up to the last line below the bound after which a top-level block begins."""
    head = content[: content.rfind(b"\n", 0, MOST_BYTES) + 1]
    at = head.rfind(b"\n\n")
    while at > len(head) // 2:
        if not head[at + 2 : at + 3].isspace():
            return head[: at + 1]
        at = head.rfind(b"\n\n", 0, at + 1)
    return head
