"""The findings that a bot lists in the body of a review or comment, in place of threads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xreview.domain.report import Confidence
from xreview.imports.bots.adapter import BodySection, BotAdapter
from xreview.imports.bots.comment import ReadComment, read_comment
from xreview.imports.bots.markup import Fence, TextLine, comment_parts, lines_of

MOST_LISTED = 500
"""Findings that are read of one body."""

_LAST_LINE = 10_000_000


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """A finding in a body.

    Args:
        path, start_line, end_line: as the bot writes them; "" and 0 for not given.
        quote: the code that it quotes, "" for none.
        is_repeated: whether the bot posts such findings as threads too.
    """

    said: ReadComment
    path: str
    start_line: int = 0
    end_line: int = 0
    quote: str = ""
    confidence: Confidence | None = None
    is_repeated: bool = False


def listed_findings(body: str, adapter: BotAdapter) -> tuple[ListedFinding, ...]:
    """The findings in the sections of a body that its bot is known to write."""
    if not adapter.sections:
        return ()
    lines = [line.removeprefix("> ").removeprefix(">") for line in lines_of(body)]
    found: list[ListedFinding] = []
    for section in adapter.sections:
        for entry in _entries(lines, section):
            if len(found) == MOST_LISTED:
                return tuple(found)
            if (made := _finding(entry, section, adapter)) is not None:
                found.append(made)
    return tuple(found)


@dataclass(slots=True)
class _Entry:
    """The lines of one finding."""

    path: str
    start: str = ""
    end: str = ""
    lines: list[str] = field(default_factory=list[str])


def _entries(lines: Iterable[str], section: BodySection) -> Iterator[_Entry]:
    is_inside = False
    path, entry = "", None
    for line in lines:
        if section.begin.matches(line):
            if entry:
                yield entry
            is_inside, path, entry = True, "", None
        elif not is_inside:
            continue
        elif section.end.matches(line):
            if entry:
                yield entry
            is_inside, entry = False, None
        elif file := section.file.group(line, "path"):
            if entry:
                yield entry
            path, entry = file.strip(), None
        elif (begun := section.entry.find(line)) is not None:
            if entry:
                yield entry
            start, rest = begun.get("start", ""), begun.get("rest", "")
            entry = _Entry(begun.get("path", path).strip(), start, begun.get("end", start))
            entry.lines.append(rest)
        elif entry:
            entry.lines.append(line)
    if entry:
        yield entry


def _finding(entry: _Entry, section: BodySection, adapter: BotAdapter) -> ListedFinding | None:
    path, start, end = entry.path, entry.start, entry.end
    if not path:
        places = (section.place.find(line) for line in entry.lines) if section.place else ()
        if (place := next(filter(None, places), None)) is None:
            return None
        path, start = place.get("path", ""), place.get("start", "")
        end = place.get("end", start)
    lines = _taken(entry.lines, section)
    lines, quote = _quoted(lines) if section.quotes else (lines, "")
    if (said := read_comment("\n".join(lines), adapter)) is None:
        return None
    first = _number(start)
    last = max(first, _number(end))
    return ListedFinding(said, path, first, last, quote, section.confidence, section.is_repeated)


def _number(text: str) -> int:
    return min(int(text), _LAST_LINE) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _taken(lines: list[str], section: BodySection) -> list[str]:
    """The lines with the finding's text."""
    if section.take is None:
        return lines
    after, before = section.take
    start = next((i for i, line in enumerate(lines) if after.matches(line)), None)
    if start is None:
        return lines
    rest = lines[start + 1 :]
    stop = next((i for i, line in enumerate(rest) if before.matches(line)), len(rest))
    return rest[:stop]


def _quoted(lines: list[str]) -> tuple[list[str], str]:
    """The lines without their last fence, and its code."""
    parts = comment_parts(lines, lambda _: False)
    fences = [part for part in parts if isinstance(part, Fence) and not part.info]
    if not fences:
        return lines, ""
    kept: list[str] = []
    for part in parts:
        if isinstance(part, TextLine):
            kept.append(part.raw)
        elif part is not fences[-1]:
            kept += [f"```{part.info}", part.code, "```"]
    return kept, fences[-1].code
