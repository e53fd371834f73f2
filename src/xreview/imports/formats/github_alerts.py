"""GitHub's code-scanning alerts, as its REST API lists them.

    gh api --paginate repos/OWNER/NAME/code-scanning/alerts > alerts.json

Each tool that raised one is a reviewer. Dismissed alerts are suppressed, fixed ones are gone. The
list does not say which files were analysed, nor by which tools where it is empty.
"""

from collections.abc import Iterator

from xreview.domain.report import Confidence, Lens, Severity
from xreview.imports.format import Content, Format
from xreview.imports.identity import analyser, titled
from xreview.imports.mapping import LEVELS, category_of, severity_of
from xreview.imports.names import of_path
from xreview.imports.node import Node
from xreview.imports.problem import FileName, ImportedProblem, Region, ToolStatement, Where
from xreview.imports.sarif_rules import help_with, plain_text
from xreview.imports.unread import Unread

_TOOL = "code-scanning"


def _tells(content: Content) -> bool:
    first = content.first
    if first is not None and first.is_list:  # pages, as `gh api --paginate --slurp` writes them
        first = next(first.each(), None)
    return first is not None and first.names.issuperset({"rule", "tool", "most_recent_instance"})


def read_alerts(content: Content) -> tuple[ToolStatement, ...]:
    """What each tool says by its alerts."""
    problems: dict[tuple[str, str], list[ImportedProblem]] = {}
    suppressed: dict[tuple[str, str], list[FileName]] = {}

    def read(alert: Node) -> tuple[tuple[str, str], ImportedProblem, bool] | None:
        state = alert.text_of("state")
        if state == "fixed":
            return None
        tool = alert.need("tool")
        key = (tool.text_of("name") or _TOOL, tool.text_of("version"))
        return key, _problem(alert, analyser(key[0]).family), state == "dismissed"

    unread = Unread()
    for key, problem, is_dismissed in unread.kept(_alerts(content), read):
        problems.setdefault(key, [])
        if is_dismissed:
            names = [where.file for where in problem.places if where.file]
            suppressed.setdefault(key, []).extend(names)
        else:
            problems[key].append(problem)
    said = [
        ToolStatement(
            analyser(*key),
            Lens.RISK,
            tuple(found),
            suppressed=tuple(suppressed.get(key, ())),
        )
        for key, found in problems.items()
    ]
    return unread.told(said or [ToolStatement(analyser(_TOOL), Lens.RISK)])


FORMAT = Format("GitHub code-scanning alerts", _tells, read_alerts)


def _alerts(content: Content) -> Iterator[Node]:
    for element in content.elements:
        if element.is_list:
            yield from element.each()
        else:
            yield element


def _problem(alert: Node, tool: str) -> ImportedProblem:
    rule, instance = alert.need("rule"), alert.need("most_recent_instance")
    id = rule.text_of("id") or rule.text_of("name")
    said = instance.get("message")
    message = plain_text(said.text_of("text") if said else "") or rule.text_of("description")
    tags = [tag.text() for tag in rule.items_of("tags")]
    texts = (rule.text_of("full_description"), plain_text(rule.text_of("help")))
    return ImportedProblem(
        rule=id,
        title=titled(message, id),
        message=message,
        detail=help_with(message, texts, alert.text_of("html_url")),
        category=category_of(tool, id, f"{rule.text_of('description')} {message}", tags),
        severity=_severity(rule, tool),
        confidence=Confidence.MEDIUM,
        places=(_where(instance.get("location")),),
    )


def _severity(rule: Node, tool: str) -> Severity:
    scored = rule.text_of("security_severity_level").upper()
    level = rule.text_of("severity").lower()
    return severity_of(tool, level if level in LEVELS else "", own=scored)


def _where(location: Node | None) -> Where:
    path = location.text_of("path") if location else ""
    if location is None or not path:
        return Where()
    start = max(0, location.whole_of("start_line") or 0)
    region = Region(
        start,
        max(start, location.whole_of("end_line") or 0),
        max(0, location.whole_of("start_column") or 0),
        max(0, location.whole_of("end_column") or 0),
    )
    return Where(of_path(path), region if start else None)
