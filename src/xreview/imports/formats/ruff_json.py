"""Ruff's own JSON (`ruff check --output-format json`): a list of diagnostics.

Columns are in characters, ends exclusive. The format does not list the files that were read.
"""

from xreview.domain.report import Confidence, Lens
from xreview.imports.format import Content, Format
from xreview.imports.identity import analyser, titled
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.names import of_path
from xreview.imports.node import Node
from xreview.imports.problem import Fix, ImportedProblem, ProposedEdit, Region, ToolStatement, Where
from xreview.imports.sarif_rules import help_with
from xreview.imports.unread import Unread

_TOOL = "ruff"


def _tells(content: Content) -> bool:
    return content.begins_with("filename", "location", "message", "code")


def read_ruff(content: Content) -> tuple[ToolStatement, ...]:
    """What ruff says."""
    unread = Unread()
    problems = unread.kept(content.elements, _problem)
    return unread.told([ToolStatement(analyser(_TOOL), Lens.RISK, tuple(problems))])


FORMAT = Format("ruff's JSON", _tells, read_ruff)


def _problem(diagnostic: Node) -> ImportedProblem:
    message, rule = diagnostic.need("message").text(), diagnostic.text_of("code")
    file = of_path(diagnostic.need("filename").text())
    # In a notebook, rows are those of a cell: they are no lines of the file.
    is_in_cell = diagnostic.get("cell") is not None
    region = None if is_in_cell else _region(diagnostic)
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        detail=help_with(message, (), diagnostic.text_of("url")),
        category=category_of(_TOOL, rule, f"{diagnostic.text_of('name')} {message}"),
        severity=severity_of(_TOOL, "error"),
        confidence=Confidence.MEDIUM,
        places=(Where(file, region),),
        fix=_fix(diagnostic, is_in_cell),
    )


def _fix(diagnostic: Node, is_in_cell: bool) -> Fix | None:
    fix = diagnostic.get("fix")
    if fix is None:
        return None
    file = of_path(diagnostic.need("filename").text())
    edits = [ProposedEdit(_region(edit), edit.text_of("content")) for edit in fix.items_of("edits")]
    said = fix.text_of("message") or f"As {_TOOL} proposes it."
    return Fix(said, () if is_in_cell else tuple(edits), file)


def _region(node: Node) -> Region:
    (start, first), (end, last) = (_place(node, name) for name in ("location", "end_location"))
    return Region(start, max(start, end), first, last)


def _place(node: Node, name: str) -> tuple[int, int]:
    place = node.get(name)
    if place is None:
        return 0, 0
    return max(0, place.whole_of("row") or 0), max(0, place.whole_of("column") or 0)
