"""The JSON of a transcript, read tolerantly: what is torn, too long or no object is passed over.

Most lines of a transcript have nothing to do with edits. They are told by a search for a few bytes
and never parsed.
"""

import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from xreview.repo.attribution.sessions.reading import (
    CHUNK_BYTES,
    DOCUMENT_BYTES,
    LINE_BYTES,
    LeftOut,
    SearchBounds,
)
from xreview.repo.attribution.sessions.transcript import Transcript, opened

Record = dict[str, object]


def records(
    transcript: Transcript, marks: Sequence[bytes], reading: SearchBounds
) -> Iterator[Record]:
    """The objects on those lines of a JSONL file that hold one of the marks, in order."""
    with opened(transcript, reading) as file:
        if file is None:
            return
        for line in marked_lines(file, marks, reading, transcript.tool):
            found = json_object(line)
            if found is not None:
                yield found


def whole_file_object(
    transcript: Transcript, marks: Sequence[bytes], reading: SearchBounds
) -> Record | None:
    """The object that a whole file is; None where it holds none of the marks or is none."""
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
    """The lines that hold one of the marks; one longer than `LINE_BYTES` is never held whole."""
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
    """Where the lines begin that hold a mark, in one pass over the block."""
    found = block.find(mark)
    while found >= 0:
        yield block.rfind(b"\n", 0, found) + 1
        end = block.find(b"\n", found)
        found = block.find(mark, end) if end >= 0 else -1


def _note_length(line: bytes, marks: Sequence[bytes], reading: SearchBounds, tool: str) -> None:
    """Note a line that may have held an edit; most long lines are pictures."""
    if any(mark in line for mark in marks):
        reading.leave_out(tool, LeftOut.RECORD_TOO_LONG)


def json_object(text: bytes | str) -> Record | None:
    """The JSON object in a text; None where there is none, or nesting too deep to be meant."""
    whole = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    try:
        value: object = json.loads(whole)
    except (ValueError, RecursionError):
        return None
    return cast("Record", value) if isinstance(value, dict) else None


def at(value: object, *keys: str) -> object:
    """What stands in a field of a field of an object; None where any is missing."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = cast("Record", value).get(key)
    return value


def field_text(value: object, *keys: str) -> str:
    """The string in a field of a field; "" where there is none."""
    found = at(value, *keys)
    return found if isinstance(found, str) else ""


def items_at(value: object, *keys: str) -> list[object]:
    """The elements of the list in a field of a field; none where there is none."""
    found = at(value, *keys)
    return cast("list[object]", found) if isinstance(found, list) else []


def fields(value: object) -> tuple[str, ...]:
    """The names of an object's fields; none where it is no object."""
    return tuple(cast("Record", value)) if isinstance(value, dict) else ()


def lines_at(value: object, *keys: str) -> str:
    """A text that may be kept as one string or as a list of lines."""
    found = at(value, *keys)
    if isinstance(found, list):
        return "\n".join(row for row in cast("list[object]", found) if isinstance(row, str))
    return found if isinstance(found, str) else ""
