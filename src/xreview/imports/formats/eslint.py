"""ESLint's own JSON (`eslint --format json`): a list of the files that it looked at.

Columns and the ranges of fixes are in UTF-16 code units, ends exclusive. A fatal message is one
about a file that could not be read.
"""

from xreview.domain.report import Confidence, Lens
from xreview.imports.format import Content, Format
from xreview.imports.identity import analyser, titled
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.names import of_path
from xreview.imports.node import Node
from xreview.imports.problem import (
    Columns,
    FileName,
    Fix,
    ImportedProblem,
    ProposedEdit,
    Region,
    ToolStatement,
    Where,
)
from xreview.imports.unread import Unread

_TOOL = "eslint"
_LEVELS = {1: "warning", 2: "error"}


def _tells(content: Content) -> bool:
    return content.begins_with("filePath", "messages")


def read_eslint(content: Content) -> tuple[ToolStatement, ...]:
    """What ESLint says."""
    unread = Unread()
    problems: list[ImportedProblem] = []
    suppressed: list[FileName] = []
    failures: list[tuple[FileName, str]] = []

    def read(file: Node) -> FileName:
        name = of_path(file.need("filePath").text())
        messages = unread.kept(file.need("messages").each(), lambda node: _message(node, name))
        for message in messages:
            if isinstance(message, ImportedProblem):
                problems.append(message)
            else:
                failures.append((name, message))
        suppressed.extend([name] * len(file.items_of("suppressedMessages")))
        return name

    names = unread.kept(content.elements, read)
    said = ToolStatement(
        analyser(_TOOL),
        Lens.RISK,
        tuple(problems),
        read=tuple(names),
        suppressed=tuple(suppressed),
        failures=tuple(failures),
    )
    return unread.told([said])


FORMAT = Format("ESLint's JSON", _tells, read_eslint)


def _message(node: Node, name: FileName) -> ImportedProblem | str:
    """A problem, or why the file could not be read."""
    message, rule = node.text_of("message"), node.text_of("ruleId")
    if node.truth_of("fatal", default=False):
        return titled(message, "it could not be read")
    start, end = node.whole_of("line") or 0, node.whole_of("endLine") or 0
    region = Region(
        max(0, start),
        max(0, start, end),
        max(0, node.whole_of("column") or 0),
        max(0, node.whole_of("endColumn") or 0),
        columns=Columns.UTF16,
    )
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        category=category_of(_TOOL, rule, message),
        severity=severity_of(_TOOL, _LEVELS.get(node.whole_of("severity") or 0, "warning")),
        confidence=Confidence.MEDIUM,
        places=(Where(name, region if start > 0 else None),),
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
    return Fix(f"As {_TOOL} proposes it.", (ProposedEdit(region, fix.text_of("text")),), name)
