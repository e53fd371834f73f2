"""The lines of a patch in any encoding and with any line ends; PowerShell's `>` writes UTF-16."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

LINE_BYTES = 4 * 1024 * 1024
"""A longer line is truncated: a file of one line would be held in memory several times."""

_PROBED_BYTES = 64 * 1024
_LONGEST_MARK = 3
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class CutLine(bytes):
    """The beginning of a line; `lost` is the number of missing bytes, 0 if unknown."""

    lost: int

    @classmethod
    def of(cls, line: bytes, lost: int) -> "CutLine":
        """A line that lost this many bytes at its end."""
        cut = cls(line)
        cut.lost = lost
        return cut


def lines(chunks: Iterable[bytes], longest: int = LINE_BYTES) -> Iterator[bytes]:
    """The lines of a patch, without line feeds; chunks may be cut anywhere.

    A line of more than `longest` bytes is a `CutLine`; nothing longer is ever held. So is a last
    line without a line feed, because more may be missing.
    """
    pieces: list[bytes] = []
    held = lost = 0
    for chunk in _with_line_feeds(_decoded(chunks)):
        first, *others = chunk.split(b"\n")
        if others:
            yield _cut(b"".join((*pieces, first)), longest, lost)
            for line in others[:-1]:
                yield line if len(line) <= longest else _cut(line, longest, 0)
            pieces, held, lost = [], 0, 0
            first = others[-1]
        room = max(0, longest - held)
        lost += max(0, len(first) - room)
        if kept := first[:room]:
            pieces.append(kept)
            held += len(kept)
    if held or lost:
        yield CutLine.of(b"".join(pieces), lost)


def _cut(line: bytes, longest: int, lost: int) -> bytes:
    lost += max(0, len(line) - longest)
    return CutLine.of(line[:longest], lost) if lost else line


def _decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks without byte order mark, and as UTF-8 if it says UTF-16."""
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= _LONGEST_MARK:
            break
    encoding = _UTF_16.get(head[:2])
    if encoding is None:
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from rest
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chain((head[2:],), rest):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _with_line_feeds(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, with line feeds for carriage returns if the first 64 kB have only those."""
    rest = iter(chunks)
    pieces: list[bytes] = []
    size = 0
    for chunk in rest:
        pieces.append(chunk)
        size += len(chunk)
        if b"\n" in chunk or size >= _PROBED_BYTES:
            break
    head = b"".join(pieces)
    if b"\n" in head[:_PROBED_BYTES] or b"\r" not in head[:_PROBED_BYTES]:
        yield head
        yield from rest
        return
    for chunk in chain((head,), rest):
        yield chunk.replace(b"\r", b"\n")
