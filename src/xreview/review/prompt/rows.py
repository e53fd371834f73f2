"""Drawing the lines of a file as text for a model: a mark, a number, a bar, and the code.

    === "src/pay.py" (modified), 210 lines
    ~~~ lines 1-11 are not shown
        12|def pay(amount):
    -   13|    charge(amount)
    +   13|    charge(amount, key=order.id)

Code never begins a line, so it can't pass for another part of the prompt: characters that some
readers take for a line end (CR, form feed, U+2028) are shown as signs, like invisible ones. A
remark below a line warns of deceptive characters. The name of a file is a JSON string on one line.
"""

import json
from collections.abc import Sequence

from xreview.domain.change import FileDiff, FileStatus, Line, LineKind
from xreview.domain.text import visible
from xreview.hardening.lookalikes import told
from xreview.review.prompt.context import Segment, ShownFile
from xreview.review.reply.quote import shown_line

LONGEST_ROW = 5_000
"""Characters of one line of code."""


def prompt_name(path: str) -> str:
    """A path as a JSON string, in ASCII if any character in it is deceptive."""
    is_plain = path.isprintable() and visible(path) == path
    return json.dumps(path, ensure_ascii=not is_plain)


def row(line: Line, longest: int = LONGEST_ROW) -> str:
    """One line of code, cut at `longest` characters."""
    number = line.old_number if line.kind is LineKind.REMOVED else line.new_number
    text = shown_line(line.text)
    if len(text) > longest:
        text = f"{text[:longest]} ~~~ {len(text) - longest:,} more characters are not shown"
    return f"{line.kind.value}{number or 0:>5}|{text}"


def remark(line: Line, longest: int = LONGEST_ROW) -> str:
    """The warning below a line with deceptive characters; "" for other lines."""
    said = told(line.text[:longest])
    number = line.old_number if line.kind is LineKind.REMOVED else line.new_number
    return f"~~~ line {number or 0} above {said}" if said else ""


def file_heading(file: FileDiff, line_count: int | None, part: tuple[int, int] = (1, 1)) -> str:
    """The line above a file.

    Args:
        line_count: of the new side; None if unknown.
        part: the number of the file's part in the request, and the count of parts.
    """
    was = f", was {prompt_name(file.old_path)}" if file.old_path not in (None, file.path) else ""
    said = [f"=== {prompt_name(file.path)} ({file.status.word}{was})"]
    if line_count is not None and file.status is not FileStatus.DELETED:
        said.append(f"{line_count} lines")
    if part[1] > 1:
        said.append(f"part {part[0]} of {part[1]}: the others are reviewed separately")
    if file.notice:
        said.append(visible(file.notice))
    return ", ".join(said)


def drawn(
    shown: ShownFile,
    segments: Sequence[Segment],
    part: tuple[int, int] = (1, 1),
    longest: int = LONGEST_ROW,
) -> str:
    """Segments of a file as text, with a heading and notes about gaps."""
    rows = [file_heading(shown.file, shown.line_count, part)]
    following = 1
    for segment in segments:
        first, last = _new_side(segment)
        if first is not None and first > following:
            rows.append(f"~~~ {_lines(following, first - 1)} not shown")
        for line in segment:
            rows += filter(None, (row(line, longest), remark(line, longest)))
        following = following if last is None else last + 1
    if shown.line_count is not None and following <= shown.line_count:
        rows.append(f"~~~ {_lines(following, shown.line_count)} not shown")
    return "\n".join(rows)


def _new_side(segment: Segment) -> tuple[int | None, int | None]:
    numbers = [line.new_number for line in segment if line.new_number is not None]
    return (numbers[0], numbers[-1]) if numbers else (None, None)


def _lines(first: int, last: int) -> str:
    return f"line {first} is" if first == last else f"lines {first}-{last} are"
