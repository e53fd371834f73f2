"""Ruff's own JSON (`ruff check --output-format json`): a list of diagnostics.

Columns count characters, ends are exclusive. The format doesn't list the files that ruff read.
"""

from xreview.imports.content import Content
from xreview.imports.describing import analyser, help_with, titled
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.node import Node
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import (
    FileName,
    Fix,
    ImportedProblem,
    ProposedEdit,
    Region,
    ToolStatement,
    Where,
)

_TOOL = "ruff"


def _matches(content: Content) -> bool:
    return content.begins_with("filename", "location", "message", "code")


def _read(content: Content) -> tuple[ToolStatement, ...]:
    results, tool = ResultReader(), analyser(_TOOL)
    problems = results.read(content.elements, _problem)
    return results.by_tool(((tool, problem, False) for problem in problems), tool)


FORMAT = Format("ruff's JSON", _matches, _read)


def _problem(diagnostic: Node) -> ImportedProblem:
    message, rule = diagnostic.need("message").text(), diagnostic.text_of("code")
    file = of_path(diagnostic.need("filename").text())
    # In a notebook, rows are those of a cell, not lines of the file.
    is_in_cell = diagnostic.get("cell") is not None
    fix = diagnostic.get("fix")
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        detail=help_with(message, (), diagnostic.text_of("url")),
        category=category_of(_TOOL, rule, f"{diagnostic.text_of('name')} {message}"),
        severity=severity_of(_TOOL, "error"),
        places=(Where(file, None if is_in_cell else _region(diagnostic)),),
        fix=_fix(fix, file, is_in_cell=is_in_cell) if fix else None,
    )


def _fix(fix: Node, file: FileName, *, is_in_cell: bool) -> Fix:
    nodes = () if is_in_cell else fix.items_of("edits")
    edits = (ProposedEdit(_region(edit) or Region(), edit.text_of("content")) for edit in nodes)
    return Fix(fix.text_of("message") or f"Proposed by {_TOOL}.", tuple(edits), file)


def _region(node: Node) -> Region | None:
    places = [(end, axis) for axis in ("row", "column") for end in ("location", "end_location")]
    return Region.of_lines(*(node.whole_of(*place) for place in places))
