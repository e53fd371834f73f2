"""The lines that compilers print: `file:line:column: warning: message [-Wflag]`.

gcc, clang and clang-tidy write them, and many linters in a mode called "gcc". Other lines (code,
carets, "In function …") are skipped. A note without a flag belongs to the result before it; a note
with one is a result (ShellCheck).
"""

import re
from collections.abc import Iterator
from itertools import islice

from xreview.domain.record import dataclass, field
from xreview.domain.report import Lens
from xreview.domain.text import shorten
from xreview.imports.content import Content
from xreview.imports.describing import analyser, titled
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import FileName, ImportedProblem, Region, ToolStatement, Where

_LINE = re.compile(
    r"(?P<file>(?:[A-Za-z]:[\\/])?[^\s:][^:\n]{0,1000}):(?P<line>\d{1,9})(?::\d{1,9})?: "
    r"(?P<level>fatal error|error|warning|note|info|style): (?P<message>[^\n]{1,2000})"
)
_FLAG = re.compile(r" \[(?P<flag>[^\[\]\s]{1,200})\]$")
_LEVELS = {"fatal error": "error", "info": "note", "style": "note"}
_UNNAMED = "compiler"
_LOOKED_AT = 400
"""The first lines, one of which must be such a line."""

_LONGEST_LINE = 4000
_MOST_NOTES = 20


def _lines(text: str) -> Iterator[str]:
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        yield text[begin : min(end, begin + _LONGEST_LINE)].rstrip("\r")
        begin = end + 1


def _matches(content: Content) -> bool:
    if content.rows or content.text.lstrip()[:1] == "<":
        return False
    return any(map(_LINE.match, islice(_lines(content.text), _LOOKED_AT)))


@dataclass(slots=True)
class _Result:
    file: FileName
    line: int
    level: str
    message: str
    flag: str
    notes: list[str] = field(default_factory=list[str])


def _read(content: Content) -> tuple[ToolStatement, ...]:
    results: list[_Result] = []
    reader = ResultReader()
    for line in _lines(content.text):
        if (found := _LINE.match(line)) is None:
            continue
        flag = _FLAG.search(found["message"])
        is_note = found["level"] == "note" and flag is None
        if is_note and results:
            if len(results[-1].notes) < _MOST_NOTES:
                results[-1].notes.append(f"{found['file']}:{found['line']} {found['message']}")
        elif reader.takes_more():
            message = found["message"][: flag.start()] if flag else found["message"]
            file, line, level = of_path(found["file"]), int(found["line"]), found["level"]
            results.append(_Result(file, line, level, message, flag["flag"] if flag else ""))
    tool = _tool_of(results)
    fatal = (one for one in results if one.level == "fatal error")
    failures = tuple((one.file, f"its compilation stopped: {one.message}") for one in fatal)
    problems = tuple(_problem(one, tool) for one in results)
    return reader.with_unread(ToolStatement(analyser(tool), Lens.RISK, problems, failures=failures))


FORMAT = Format("the text of gcc, clang and ShellCheck", _matches, _read)


def _tool_of(results: list[_Result]) -> str:
    """The tool with such flags: `-Wunused`, `SC2086`, `bugprone-branch-clone`."""
    flags = [result.flag for result in results if result.flag]
    if any(flag.startswith("-") for flag in flags):
        return "gcc"
    if any(re.fullmatch(r"SC\d{4}", flag) for flag in flags):
        return "shellcheck"
    if any(re.fullmatch(r"[a-z]+-[\w.,-]+", flag) for flag in flags):
        return "clang-tidy"
    return _UNNAMED


def _problem(result: _Result, tool: str) -> ImportedProblem:
    rule, _, aliases = result.flag.partition(",")
    rule = rule.removeprefix("-W").removeprefix("error=")
    notes = "\n".join(shorten(note, 200) for note in result.notes)
    return ImportedProblem(
        rule=rule,
        title=titled(result.message, rule),
        message=result.message,
        detail=f"Also called {aliases.replace(',', ', ')}" if aliases else "",
        flow=f"Steps:\n{notes}" if notes else "",
        category=category_of(tool, rule, result.message),
        severity=severity_of(tool, _LEVELS.get(result.level, result.level)),
        places=(Where(result.file, Region.of_lines(result.line)),),
    )
