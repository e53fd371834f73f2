"""ESLint's own JSON (`eslint --format json`): a list of the files that it read.

Columns and the ranges of fixes are in UTF-16 code units, ends exclusive. A fatal message means that
the file could not be read.
"""

from xreview.domain.report import Lens
from xreview.imports.content import Content
from xreview.imports.describing import analyser, titled
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.node import Node
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import (
    Columns,
    FileName,
    Fix,
    ImportedProblem,
    ProposedEdit,
    Region,
    ToolStatement,
    Where,
)

_TOOL = "eslint"
_LEVELS = {1: "warning", 2: "error"}


def _matches(content: Content) -> bool:
    return content.begins_with("filePath", "messages")


def _read(content: Content) -> tuple[ToolStatement, ...]:
    results = ResultReader()
    problems: list[ImportedProblem] = []
    suppressed: list[FileName] = []
    failures: list[tuple[FileName, str]] = []

    def read(file: Node) -> FileName:
        name = of_path(file.need("filePath").text())
        messages = results.read(file.need("messages").each(), lambda node: _message(node, name))
        for message in messages:
            if isinstance(message, ImportedProblem):
                problems.append(message)
            else:
                failures.append((name, message))
        suppressed.extend([name] * len(file.items_of("suppressedMessages")))
        return name

    names = results.read(content.elements, read)
    said = ToolStatement(
        analyser(_TOOL),
        Lens.RISK,
        tuple(problems),
        read=tuple(names),
        suppressed=tuple(suppressed),
        failures=tuple(failures),
    )
    return results.with_unread(said)


FORMAT = Format("ESLint's JSON", _matches, _read)


def _message(node: Node, name: FileName) -> ImportedProblem | str:
    """A problem, or why the file could not be read."""
    message, rule = node.text_of("message"), node.text_of("ruleId")
    if node.truth_of("fatal", default=False):
        return titled(message, "it could not be read")
    place = map(node.whole_of, ("line", "endLine", "column", "endColumn"))
    region = Region.of_lines(*place, columns=Columns.UTF16)
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        category=category_of(_TOOL, rule, message),
        severity=severity_of(_TOOL, _LEVELS.get(node.whole_of("severity") or 0, "warning")),
        places=(Where(name, region),),
        fix=_fix(node, name),
    )


def _fix(node: Node, name: FileName) -> Fix | None:
    fix = node.get("fix")
    if fix is None:
        return None
    offsets = [offset.whole() for offset in fix.need("range").items()]
    if len(offsets) != 2 or not 0 <= offsets[0] <= offsets[1]:
        raise fix.refusal("has no range of two offsets")
    begin, end = offsets
    region = Region(char_offset=begin, length=end - begin, columns=Columns.UTF16)
    return Fix(f"Proposed by {_TOOL}.", (ProposedEdit(region, fix.text_of("text")),), name)
