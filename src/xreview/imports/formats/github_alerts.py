"""GitHub's code-scanning alerts: `gh api --paginate repos/OWNER/NAME/code-scanning/alerts`.

The list doesn't say which files were analysed and, where it is empty, by which tools.
"""

from collections.abc import Iterator

from xreview.domain.report import ReviewerIdentity
from xreview.imports.content import Content
from xreview.imports.describing import analyser, help_with, plain_text, titled
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import LEVELS, category_of, severity_of
from xreview.imports.node import Node
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import ImportedProblem, Region, ToolStatement, Where

_TOOL = "code-scanning"


def _matches(content: Content) -> bool:
    first = content.first
    if first is not None and first.is_list:  # pages, as `gh api --paginate --slurp` writes them
        first = next(first.each(), None)
    return first is not None and first.names.issuperset({"rule", "tool", "most_recent_instance"})


def _read(content: Content) -> tuple[ToolStatement, ...]:
    results = ResultReader()
    return results.by_tool(results.read(_alerts(content), _alert), analyser(_TOOL))


FORMAT = Format("GitHub code-scanning alerts", _matches, _read)


def _alerts(content: Content) -> Iterator[Node]:
    for element in content.elements:
        if element.is_list:
            yield from element.each()
        else:
            yield element


def _alert(alert: Node) -> tuple[ReviewerIdentity, ImportedProblem, bool] | None:
    state = alert.text_of("state")
    if state == "fixed":
        return None
    named = alert.need("tool")
    tool = analyser(named.text_of("name") or _TOOL, named.text_of("version"))
    return tool, _problem(alert, tool.family), state == "dismissed"


def _problem(alert: Node, tool: str) -> ImportedProblem:
    rule, instance = alert.need("rule"), alert.need("most_recent_instance")
    id = rule.text_of("id") or rule.text_of("name")
    message = plain_text(instance.text_of("message", "text")) or rule.text_of("description")
    level = rule.text_of("severity").lower()
    tags = [tag.text() for tag in rule.items_of("tags")]
    texts = (rule.text_of("full_description"), plain_text(rule.text_of("help")))
    return ImportedProblem(
        rule=id,
        title=titled(message, id),
        message=message,
        detail=help_with(message, texts, alert.text_of("html_url")),
        category=category_of(tool, id, f"{rule.text_of('description')} {message}", tags),
        severity=severity_of(
            tool,
            level if level in LEVELS else "",
            own=rule.text_of("security_severity_level"),
        ),
        places=(_where(instance),),
    )


def _where(instance: Node) -> Where:
    if not (path := instance.text_of("location", "path")):
        return Where()
    names = ("start_line", "end_line", "start_column", "end_column")
    numbers = (instance.whole_of("location", name) for name in names)
    return Where(of_path(path), Region.of_lines(*numbers))
