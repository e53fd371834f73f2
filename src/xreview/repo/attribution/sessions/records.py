"""Reading the JSON of transcripts; torn lines, overlong lines and other values are skipped.

Only lines with a few telling bytes are parsed: most have nothing to do with edits.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from xreview.repo.attribution.json_fields import Record, json_object
from xreview.repo.attribution.sessions.transcript import (
    CHUNK_BYTES,
    DOCUMENT_BYTES,
    LINE_BYTES,
    LeftOut,
    SearchBounds,
    Transcript,
    opened,
)


def records(
    transcript: Transcript, marks: Sequence[bytes], reading: SearchBounds
) -> Iterator[Record]:
    """The objects on those lines of a JSONL file that contain one of the marks, in order."""
    with opened(transcript, reading) as file:
        if file is None:
            return
        for line in marked_lines(file, marks, reading, transcript.tool):
            if (found := json_object(line)) is not None:
                yield found


def whole_file_object(
    transcript: Transcript, marks: Sequence[bytes], reading: SearchBounds
) -> Record | None:
    """The object in a file that is one JSON document; None if it contains none of the marks."""
    with opened(transcript, reading, DOCUMENT_BYTES) as file:
        if file is None:
            return None
        content = bytearray()
        while not reading.is_over and (chunk := file.read(CHUNK_BYTES)):
            reading.spend(len(chunk))
            content += chunk
    return json_object(bytes(content)) if any(mark in content for mark in marks) else None


def marked_lines(
    file: BinaryIO, marks: Sequence[bytes], reading: SearchBounds, tool: str
) -> Iterator[bytes]:
    """The lines that contain one of the marks; a line over `LINE_BYTES` is never held whole."""
    rest = b""
    is_too_long = False
    while not reading.is_over and (chunk := file.read(CHUNK_BYTES)):
        reading.spend(len(chunk))
        end = chunk.rfind(b"\n")
        if end < 0:
            rest = b"" if is_too_long else rest + chunk
        else:
            begin = chunk.find(b"\n") + 1 if is_too_long else 0
            yield from _with_marks(rest + chunk[begin:end], marks, reading, tool)
            is_too_long, rest = False, chunk[end + 1 :]
        if len(rest) > LINE_BYTES:
            _note_length(rest, marks, reading, tool)
            is_too_long, rest = True, b""
    yield from _with_marks(rest, marks, reading, tool)


def _with_marks(
    block: bytes, marks: Sequence[bytes], reading: SearchBounds, tool: str
) -> Iterator[bytes]:
    for start in sorted({start for mark in marks for start in _lines_with(block, mark)}):
        end = block.find(b"\n", start)
        line = block[start : end if end >= 0 else len(block)]
        if len(line) > LINE_BYTES:
            _note_length(line, marks, reading, tool)
        else:
            yield line


def _lines_with(block: bytes, mark: bytes) -> Iterator[int]:
    """Where the lines that contain a mark begin, in one pass over the block."""
    found = block.find(mark)
    while found >= 0:
        yield block.rfind(b"\n", 0, found) + 1
        end = block.find(b"\n", found)
        found = block.find(mark, end) if end >= 0 else -1


def _note_length(line: bytes, marks: Sequence[bytes], reading: SearchBounds, tool: str) -> None:
    """Note a line that may have held an edit; most long lines are images."""
    if any(mark in line for mark in marks):
        reading.leave_out(tool, LeftOut.RECORD_TOO_LONG)
