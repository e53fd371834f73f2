"""Issues of Code Climate engines, and GitLab's code quality reports, which are a subset.

A list of issues, one issue per line, or divided by NUL characters as engines write them.
"""

from xreview.domain.report import Category, ReviewerIdentity, Severity
from xreview.imports.content import Content
from xreview.imports.describing import analyser, help_with, titled
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import category_of
from xreview.imports.node import Node
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import ImportedProblem, Region, ToolStatement, Where

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


def _matches(content: Content) -> bool:
    first = content.first
    if first is None or not first.names.issuperset({"description", "location"}):
        return False
    return not first.names.isdisjoint({"check_name", "fingerprint"})


def _read(content: Content) -> tuple[ToolStatement, ...]:
    results = ResultReader()
    return results.by_tool(results.read(content.elements, _issue), analyser(_UNNAMED))


FORMAT = Format("Code Climate and GitLab code quality", _matches, _read)


def _issue(issue: Node) -> tuple[ReviewerIdentity, ImportedProblem, bool] | None:
    if issue.text_of("type") not in ("", "issue"):
        return None  # a measurement
    tool = analyser(issue.text_of("engine_name") or _UNNAMED)
    return tool, _problem(issue, tool.family), False


def _problem(issue: Node, tool: str) -> ImportedProblem:
    description, rule = issue.need("description").text(), issue.text_of("check_name")
    # Some tools repeat the rule before the text.
    message = description.removeprefix(f"{rule}: ") if rule else description
    categories = [category.text().lower() for category in issue.items_of("categories")]
    known = next((_CATEGORIES[word] for word in categories if word in _CATEGORIES), None)
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        detail=help_with(message, (issue.text_of("content", "body"),), issue.text_of("url")),
        category=known or category_of(tool, rule, message, categories),
        severity=_SEVERITIES.get(issue.text_of("severity").lower(), Severity.MEDIUM),
        places=(_where(issue.need("location")),),
    )


def _where(location: Node) -> Where:
    path = of_path(location.need("path").text())
    kind, line = ("lines", ()) if location.get("lines") else ("positions", ("line",))
    begin, end = (location.whole_of(kind, name, *line) for name in ("begin", "end"))
    return Where(path, Region.of_lines(begin, end))
