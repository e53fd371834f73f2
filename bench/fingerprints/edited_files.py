"""A file edited in ways of which a history has too few, and where its lines went."""

import re
from collections.abc import Iterator

from xreview.domain.identity.file_text import FileText
from xreview.domain.report import Report

Edit = tuple[str, str, list[str], dict[int, int]]  # kind, new path, rows, old line → new


def edits(path: str, rows: list[str], reports: list[Report]) -> Iterator[Edit]:
    """The file edited in each of several ways, and where its lines went."""
    same = {line: line for line in range(1, len(rows) + 1)}
    comment = "#" if path.endswith((".py", ".rb")) else "//"
    is_python = path.endswith(".py")
    header = [f"{comment} edited {n}" for n in range(7)]
    yield "edited above", path, header + rows, {line: line + 7 for line in same}
    yield "edited below", path, rows + header, same
    folder, _, name = path.rpartition("/")
    yield "file renamed", f"{folder or 'lib'}/renamed_{name}", rows, same
    indented = [re.sub(r"^[ \t]+", lambda match: match[0] * 2, row) for row in rows]
    yield "re-indented", path, indented, same
    chunks = list(_chunks(rows))
    if len(chunks) > 2:
        order = [chunks[0], *reversed(chunks[1:])]
        lines = [line for chunk in order for line in chunk]
        moved = {old: new for new, old in enumerate(lines, start=1)}
        yield "moved in the file", path, [rows[line - 1] for line in lines], moved
    renamed = [re.sub(r"\b(def|class|function|func) (\w+)", r"\1 \2_renamed", row) for row in rows]
    yield "block renamed", path, renamed, same
    if is_python and len(chunks) > 1:
        wrapped: list[str] = []
        where: dict[int, int] = {}
        for chunk in chunks:
            wrapped.append("class Around:" if chunk is not chunks[0] else "if True:")
            for line in chunk:
                wrapped.append(f"    {rows[line - 1]}" if rows[line - 1].strip() else "")
                where[line] = len(wrapped)
        yield "block put around", path, wrapped, where
    for report in reports[:4]:
        twin = _with_twin(rows, report)
        if twin is not None:
            yield "twin put before", path, twin[0], twin[1]


def _chunks(rows: list[str]) -> Iterator[list[int]]:
    """Runs of lines that begin at the left margin with a definition."""
    chunk: list[int] = []
    start = re.compile(r"(?:@|def |async def |class |function |func |exports\.|module\.)")
    decorated = False
    for number, row in enumerate(rows, start=1):
        if start.match(row) and not decorated and chunk:
            yield chunk
            chunk = []
        if row and not row[0].isspace():
            decorated = row.startswith("@")
        chunk.append(number)
    if chunk:
        yield chunk


def _with_twin(rows: list[str], report: Report) -> tuple[list[str], dict[int, int]] | None:
    """The quoted code once more, as the first thing in the block around it."""
    anchor = report.anchor
    block = FileText("\n".join(rows)).outline.block(anchor.start_line, anchor.end_line)
    if block.start >= anchor.start_line - 1:
        return None
    depth = len(rows[block.start]) - len(rows[block.start].lstrip())
    quoted = rows[anchor.start_line - 1 : anchor.end_line]
    margin = len(quoted[0]) - len(quoted[0].lstrip())
    copy = [" " * depth + row[margin:] for row in quoted]
    at = block.start
    new = [*rows[:at], *copy, " " * depth + "unrelated = compute(7)", *rows[at:]]
    extra = len(copy) + 1
    return new, {n: n if n <= at else n + extra for n in range(1, len(rows) + 1)}
