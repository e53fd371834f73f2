"""Issues of Code Climate engines, and GitLab's code quality reports, which are a part of it.

A list of issues, or one of them a line, or divided by NUL characters as engines write them.
`blocker` is critical, `critical` high, `major` medium, `minor` and `info` low.
"""

from xreview.domain.report import Category, Confidence, Lens, Severity
from xreview.imports.format import Content, Format
from xreview.imports.identity import analyser, titled
from xreview.imports.mapping import category_of
from xreview.imports.names import of_path
from xreview.imports.node import Node
from xreview.imports.problem import ImportedProblem, Region, ToolStatement, Where
from xreview.imports.sarif_rules import help_with
from xreview.imports.unread import Unread

_UNNAMED = "code-quality"
_SEVERITIES = {
    "blocker": Severity.CRITICAL,
    "critical": Severity.HIGH,
    "major": Severity.MEDIUM,
    "minor": Severity.LOW,
    "info": Severity.LOW,
}
_CATEGORIES = {
    "security": Category.SECURITY,
    "performance": Category.PERFORMANCE,
    "complexity": Category.OVER_ENGINEERING,
    "duplication": Category.SIMPLIFICATION,
    "clarity": Category.SIMPLIFICATION,
    "style": Category.CONSISTENCY,
    "compatibility": Category.EDGE_CASE,
}


def _tells(content: Content) -> bool:
    first = content.first
    if first is None or not first.names.issuperset({"description", "location"}):
        return False
    return not first.names.isdisjoint({"check_name", "fingerprint"})


def read_codeclimate(content: Content) -> tuple[ToolStatement, ...]:
    """What each engine says."""
    problems: dict[str, list[ImportedProblem]] = {}

    def read(issue: Node) -> tuple[str, ImportedProblem] | None:
        if issue.text_of("type") not in ("", "issue"):
            return None  # engines write measurements too
        tool = issue.text_of("engine_name") or _UNNAMED
        return tool, _problem(issue, analyser(tool).family)

    unread = Unread()
    for tool, problem in unread.kept(content.elements, read):
        problems.setdefault(tool, []).append(problem)
    said = [
        ToolStatement(analyser(tool), Lens.RISK, tuple(found)) for tool, found in problems.items()
    ]
    return unread.told(said or [ToolStatement(analyser(_UNNAMED), Lens.RISK)])


FORMAT = Format("Code Climate and GitLab code quality", _tells, read_codeclimate)


def _problem(issue: Node, tool: str) -> ImportedProblem:
    description, rule = issue.need("description").text(), issue.text_of("check_name")
    # Some tools repeat the rule before the text.
    message = description.removeprefix(f"{rule}: ") if rule else description
    content = issue.get("content")
    body = content.text_of("body") if content else ""
    categories = [category.text().lower() for category in issue.items_of("categories")]
    known = next((_CATEGORIES[word] for word in categories if word in _CATEGORIES), None)
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        detail=help_with(message, (body,), issue.text_of("url")),
        category=known or category_of(tool, rule, message, categories),
        severity=_SEVERITIES.get(issue.text_of("severity").lower(), Severity.MEDIUM),
        confidence=Confidence.MEDIUM,
        places=(_where(issue.need("location")),),
    )


def _where(location: Node) -> Where:
    path = of_path(location.need("path").text())
    if (lines := location.get("lines")) is not None:
        return Where(path, _lines(lines.whole_of("begin"), lines.whole_of("end")))
    if (positions := location.get("positions")) is not None:
        begin, end = positions.get("begin"), positions.get("end")
        first = begin.whole_of("line") if begin else None
        return Where(path, _lines(first, end.whole_of("line") if end else None))
    return Where(path)


def _lines(begin: int | None, end: int | None) -> Region | None:
    first = max(0, begin or 0)
    return Region(first, max(first, end or 0)) if first else None
