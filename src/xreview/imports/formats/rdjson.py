"""Results in the Reviewdog Diagnostic Format: `rdjson`, and `rdjsonl` with one of them a line.

The format: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Ends are exclusive; a
range without columns is whole lines, its last one included. Columns are in bytes of UTF-8 by the
format's definition; the tools of `_OF_CHARACTERS` write characters all the same. `ERROR` is a level
`error`, `WARNING` and unknown `warning`, `INFO` `note` (see `mapping`). Suggestions that do not
overlap are the parts of one fix (ruff), others alternatives. The format has no list of the files
that were read.
"""

from collections.abc import Iterable, Iterator

from xreview.domain.report import Confidence, Lens
from xreview.imports.format import Content, Format
from xreview.imports.identity import analyser, titled
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.names import of_path
from xreview.imports.node import Node
from xreview.imports.problem import (
    Columns,
    Fix,
    ImportedProblem,
    ProposedEdit,
    Region,
    ToolStatement,
    Where,
)
from xreview.imports.unread import Unread

_OF_CHARACTERS = frozenset({"ruff", "biome"})
"""Tools that count columns in code points, against the format's definition."""

_LEVELS: dict[object, str] = {
    "UNKNOWN_SEVERITY": "warning",
    "ERROR": "error",
    "WARNING": "warning",
    "INFO": "note",
    0: "warning",
    1: "error",
    2: "warning",
    3: "note",
}


def _tells(content: Content) -> bool:
    """Whether it is a `DiagnosticResult` or `Diagnostic` lines.

    Oxlint's own format has `diagnostics` too, but no `location` in them.
    """
    first = content.first
    if first is None or not content.rows[0].is_object:
        return False
    diagnostics = first.value_of("diagnostics")
    if isinstance(diagnostics, list):
        return not any("filename" in one.names for one in _some(first))
    return "diagnostics" in first.names or first.names.issuperset({"message", "location"})


def _some(result: Node) -> Iterator[Node]:
    yield from result.need("diagnostics").items()[:1]


def read_rdjson(content: Content) -> tuple[ToolStatement, ...]:
    """What each tool says. Raises UsageError where the file as a whole is malformed."""
    first = content.rows[0]
    if "diagnostics" not in first.names:
        return _said(content.rows, default="", level="warning")
    source = first.get("source")
    return _said(
        first.items_of("diagnostics"),
        default=source.text_of("name") if source else "",
        level=_level(first, "warning"),
    )


FORMAT = Format("rdjson and rdjsonl", _tells, read_rdjson)


def _said(diagnostics: Iterable[Node], default: str, level: str) -> tuple[ToolStatement, ...]:
    problems: dict[str, list[ImportedProblem]] = {default: []} if default else {}

    def read(diagnostic: Node) -> tuple[str, ImportedProblem]:
        source = diagnostic.get("source")
        tool = (source.text_of("name") if source else "") or default or "rdjson"
        return tool, _problem(diagnostic, analyser(tool).family, level)

    unread = Unread()
    for tool, problem in unread.kept(diagnostics, read):
        problems.setdefault(tool, []).append(problem)
    said = [
        ToolStatement(analyser(tool), Lens.RISK, tuple(found)) for tool, found in problems.items()
    ]
    return unread.told(said or [ToolStatement(analyser("rdjson"), Lens.RISK)])


def _problem(diagnostic: Node, tool: str, level: str) -> ImportedProblem:
    message = diagnostic.text_of("message")
    code = diagnostic.get("code")
    rule = code.text_of("value") if code else ""
    url = code.text_of("url") if code else ""
    location = diagnostic.need("location")
    columns = Columns.CODE_POINTS if tool in _OF_CHARACTERS else Columns.UTF8
    place = location.get("range")
    path = location.text_of("path")
    file = of_path(path) if path else None
    edits = [_edit(suggestion, columns) for suggestion in diagnostic.items_of("suggestions")]
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        detail=f"See {url}" if url.startswith(("https://", "http://")) else "",
        category=category_of(tool, rule, message),
        severity=severity_of(tool, _level(diagnostic, level)),
        confidence=Confidence.MEDIUM,
        places=(Where(file, _region(place, columns) if place else None),),
        fix=Fix(f"As {tool} proposes it.", tuple(edits), file) if edits else None,
    )


def _level(node: Node, default: str) -> str:
    severity = node.get("severity")
    if severity is None:
        return default
    if isinstance(severity.value, str | int) and severity.value in _LEVELS:
        return _LEVELS[severity.value]
    raise severity.refusal(f"is none of {', '.join(str(word) for word in _LEVELS)}")


def _edit(suggestion: Node, columns: Columns) -> ProposedEdit:
    region = _region(suggestion.need("range"), columns)
    return ProposedEdit(region or Region(), suggestion.text_of("text"))


def _region(place: Node, columns: Columns) -> Region | None:
    start, end = place.get("start"), place.get("end")
    first = max(0, (start.whole_of("line") if start else None) or 0)
    if not first or start is None:
        return None
    last = max(first, (end.whole_of("line") if end else None) or first)
    start_column = start.whole_of("column") or 0
    end_column = (end.whole_of("column") if end else None) or 0
    if start_column and not end_column:
        end_column = start_column if end is None else 1 if last > first else start_column
    return Region(
        start_line=first,
        end_line=last,
        start_column=max(0, start_column),
        end_column=max(0, end_column),
        columns=columns,
        is_certain=columns is not Columns.UTF8,
    )
