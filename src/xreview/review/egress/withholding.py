"""The change as it may leave the machine: lines that look like secrets are not in it.

Both the diff and the whole files around it go through here before a prompt is made of them. Lines
keep their numbers, so that what is said about other lines still points at them; quotes are looked
up in the files as they are (`review.ground`).
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from xreview.domain.change import HUNK_HEADER, FileDiff, Side
from xreview.domain.text import count_of
from xreview.review.egress.secrets import WITHHELD, secret_lines
from xreview.reviewers.base import ContentReader

_MARKS = (b"+", b"-", b" ")


class Withholding:
    """Reads files without their secrets, and counts what is left out (a `ContentReader`)."""

    def __init__(self, contents: ContentReader) -> None:
        self._contents = contents
        self._withheld: dict[str, int] = {}

    async def files(self, files: Iterable[FileDiff]) -> tuple[FileDiff, ...]:
        """The diffs without lines that look like secrets."""
        return tuple([await asyncio.to_thread(self._file, file) for file in files])

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """The content of that side without such lines. Raises ChangeError where git fails."""
        content = await self._contents.read(file, side)
        return None if content is None else await asyncio.to_thread(_cleaned, content, file.path)

    def note(self, path: str) -> str:
        """What was left out of a file's diff, for its coverage; "" where nothing was."""
        number = self._withheld.get(path, 0)
        return f"{count_of(number, 'line')} withheld, like secrets" if number else ""

    @property
    def total(self) -> int:
        """How many lines of diffs were left out in all."""
        return sum(self._withheld.values())

    def _file(self, file: FileDiff) -> FileDiff:
        body, count = _cleaned_body(file.body, file.path)
        if not count:
            return file
        self._withheld[file.path] = count
        return replace(file, body=body)


def _cleaned(content: bytes, path: str) -> bytes:
    numbers = secret_lines(content.decode("utf-8", "surrogateescape"), path)
    if not numbers:
        return content
    rows = content.split(b"\n")
    for number in numbers:
        rows[number - 1] = WITHHELD.encode()
    return b"\n".join(rows)


def _cleaned_body(body: bytes, path: str) -> tuple[bytes, int]:
    """A diff's body, and how many of its lines were left out.

    The marks are taken off first, so that a key over several lines is seen as one; old and new
    lines between each other do no harm to that, since a key stands on one side.
    """
    rows = body.split(b"\n")
    bare = [row[1:] if row[:1] in _MARKS else b"" for row in rows]
    numbers = secret_lines(b"\n".join(bare).decode("utf-8", "surrogateescape"), path)
    withheld = {number - 1 for number in numbers if rows[number - 1][:1] in _MARKS}
    for index in withheld:
        rows[index] = rows[index][:1] + WITHHELD.encode()
    for index, row in enumerate(rows):
        # The section of a hunk's header is a line of the file too.
        match = HUNK_HEADER.match(row)
        if match and match[5] and secret_lines(match[5].decode("utf-8", "replace"), path):
            rows[index] = row[: match.start(5)]
            withheld.add(index)
    return b"\n".join(rows), len(withheld)
