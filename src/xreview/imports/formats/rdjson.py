"""The Reviewdog Diagnostic Format: `rdjson`, and `rdjsonl` with a result on each line.

By https://github.com/reviewdog/reviewdog/tree/master/proto/rdf: ends are exclusive; a range without
columns is whole lines, including the last. Columns count bytes of UTF-8, although the tools of
`_OF_CHARACTERS` count characters. Suggestions that don't overlap are parts of one fix (ruff),
others are alternatives. The format doesn't list the files that the tool read.
"""

from collections.abc import Iterable

from xreview.domain.report import ReviewerIdentity
from xreview.imports.content import Content
from xreview.imports.describing import analyser, titled, web_url
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.node import Node
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import (
    Columns,
    Fix,
    ImportedProblem,
    ProposedEdit,
    Region,
    ToolStatement,
    Where,
)

_OF_CHARACTERS = frozenset({"ruff", "biome"})
"""Tools that count columns in code points, against the definition."""

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


def _matches(content: Content) -> bool:
    """Whether it is a `DiagnosticResult` or lines of `Diagnostic`.

    Oxlint's own format also has `diagnostics`, but without a `location` in them.
    """
    first = content.first
    if first is None or not content.rows[0].is_object:
        return False
    diagnostics = first.value_of("diagnostics")
    if isinstance(diagnostics, list):
        some = first.need("diagnostics").items()[:1]
        return not any("filename" in one.names for one in some)
    return "diagnostics" in first.names or first.names.issuperset({"message", "location"})


def _read(content: Content) -> tuple[ToolStatement, ...]:
    first = content.rows[0]
    if "diagnostics" not in first.names:
        return _statements(content.rows, default="", level="warning")
    nodes, default = first.items_of("diagnostics"), first.text_of("source", "name")
    return _statements(nodes, default, _level(first, "warning"))


FORMAT = Format("rdjson and rdjsonl", _matches, _read)


def _statements(nodes: Iterable[Node], default: str, level: str) -> tuple[ToolStatement, ...]:
    file_tool = analyser(default or "rdjson")

    def read(diagnostic: Node) -> tuple[ReviewerIdentity, ImportedProblem, bool]:
        name = diagnostic.text_of("source", "name")
        tool = analyser(name) if name else file_tool
        return tool, _problem(diagnostic, tool.family, level), False

    results = ResultReader()
    return results.by_tool(results.read(nodes, read), file_tool, has_default=bool(default))


def _problem(diagnostic: Node, tool: str, level: str) -> ImportedProblem:
    message = diagnostic.text_of("message")
    rule, url = diagnostic.text_of("code", "value"), diagnostic.text_of("code", "url")
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
        detail=f"See {url}" if (url := web_url(url)) else "",
        category=category_of(tool, rule, message),
        severity=severity_of(tool, _level(diagnostic, level)),
        places=(Where(file, _region(place, columns) if place else None),),
        fix=Fix(f"Proposed by {tool}.", tuple(edits), file) if edits else None,
    )


def _level(node: Node, default: str) -> str:
    severity = node.get("severity")
    if severity is None:
        return default
    if isinstance(severity.value, str | int) and severity.value in _LEVELS:
        return _LEVELS[severity.value]
    raise severity.refusal(f"isn't one of {', '.join(str(word) for word in _LEVELS)}")


def _edit(suggestion: Node, columns: Columns) -> ProposedEdit:
    region = _region(suggestion.need("range"), columns)
    return ProposedEdit(region or Region(), suggestion.text_of("text"))


def _region(place: Node, columns: Columns) -> Region | None:
    first, last = place.whole_of("start", "line") or 0, place.whole_of("end", "line") or 0
    if first <= 0:
        return None
    last = max(first, last)
    start_column = place.whole_of("start", "column") or 0
    end_column = place.whole_of("end", "column") or 0
    if start_column and not end_column:
        has_end = place.get("end") is not None
        end_column = 1 if has_end and last > first else start_column
    return Region(
        start_line=first,
        end_line=last,
        start_column=max(0, start_column),
        end_column=max(0, end_column),
        columns=columns,
        is_certain=columns is not Columns.UTF8,
    )
