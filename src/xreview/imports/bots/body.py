"""The findings that a bot lists in the body of a review or comment, in place of threads."""

import re
from collections.abc import Mapping

from xreview.domain.pull.markup import Fence, TextLine, comment_parts, lines_of
from xreview.domain.record import dataclass
from xreview.domain.report import Confidence
from xreview.imports.bots.adapter import BodySection, BotAdapter
from xreview.imports.bots.comment import ReadComment, read_comment

MOST_LISTED = 500
"""Findings that are read of one section."""

_LAST_LINE = 10_000_000

# Not of tildes: Sourcery lists its findings in such a fence.
_FENCE = re.compile(r"\s{0,9}(`{3,})([^`]*)$")


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
        entries = _Entries(section)
        for line in lines:
            entries.take(line)
        made = (_finding(entry, section, adapter) for entry in entries.found)
        found.extend(one for one in made if one is not None)
    return tuple(found)


@dataclass(slots=True)
class _Entry:
    """The lines of one finding."""

    path: str
    start: str
    end: str
    lines: list[str]


class _Entries:
    """The findings in one section, gathered line by line."""

    def __init__(self, section: BodySection) -> None:
        self.found: list[_Entry] = []
        self._section = section
        self._is_inside = False
        self._path = ""
        self._head = ""
        self._fence = ""
        self._entry: _Entry | None = None

    def take(self, line: str) -> None:
        """Take in the next line of the body."""
        section = self._section
        if self._entry and self._is_code(line):
            self._entry.lines.append(line)
        elif section.begin.matches(line):
            self._is_inside, self._path, self._entry = True, "", None
            self._head = line if section.head.matches(line) else ""
        elif not self._is_inside:
            return
        elif section.end.matches(line):
            self._is_inside, self._entry = False, None
        elif file := section.file.group(line, "path"):
            self._path, self._entry = file.strip(), None
        elif section.head.matches(line):
            self._head, self._entry = line, None
        elif (begun := section.entry.find(line)) is not None:
            self._begin(line, begun)
        elif self._entry:
            self._entry.lines.append(line)

    def _is_code(self, line: str) -> bool:
        """Whether a line is in a fence of a finding, or begins or ends one."""
        mark = _FENCE.match(line)
        if self._fence:
            if mark and mark[1].startswith(self._fence) and not mark[2].strip():
                self._fence = ""
            return True
        self._fence = mark[1] if mark else ""
        return bool(mark)

    def _begin(self, line: str, begun: Mapping[str, str]) -> None:
        self._entry = None
        if self._section.done.matches(line) or len(self.found) == MOST_LISTED:
            return
        start = begun.get("start", "")
        path = begun.get("path", self._path).strip()
        lines = [begun.get("rest", ""), self._head]  # a mark of its own comes first
        self._entry = _Entry(path, start, begun.get("end", start), lines)
        self.found.append(self._entry)


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
