"""GitLab's security reports: SAST and secret detection (`gl-sast-report.json`).

An unsuccessful scan is a failed run. Likely false positives count as suppressed.
"""

from xreview.domain.record import replace
from xreview.domain.report import Category, ReviewerIdentity, Severity
from xreview.imports.content import Content
from xreview.imports.describing import analyser, help_with, titled, web_url
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import category_of, confidence_of
from xreview.imports.node import Node
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import Fix, ImportedProblem, Region, ToolStatement, Where

_SEVERITIES = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.LOW,
}


def _matches(content: Content) -> bool:
    return not content.rows[1:] and content.begins_with("vulnerabilities", "version")


def _read(content: Content) -> tuple[ToolStatement, ...]:
    report = content.rows[0]
    scan = report.get("scan")
    tool = _identity(scan)
    results = ResultReader()
    nodes = report.need("vulnerabilities").each()
    found = results.read(nodes, lambda node: (tool, _problem(node, tool.family), _is_false(node)))
    (said,) = results.by_tool(found, tool)
    return (replace(said, failed=_failure(scan) if scan else ""),)


FORMAT = Format("GitLab SAST", _matches, _read)


def _identity(scan: Node | None) -> ReviewerIdentity:
    scanner = (scan.get("scanner") or scan.get("analyzer")) if scan else None
    name = scanner.text_of("name") or scanner.text_of("id") if scanner else ""
    return analyser(name or "gitlab-sast", scanner.text_of("version") if scanner else "")


def _failure(scan: Node) -> str:
    status = scan.text_of("status").lower()
    if status in ("", "success"):
        return ""
    said = [node.text_of("value") for node in scan.items_of("messages")]
    why = next(filter(None, said), "")
    return f"its scan failed{f': {titled(why, status)}' if why else ''}"


def _is_false(node: Node) -> bool:
    flags = {flag.text_of("type") for flag in node.items_of("flags")}
    return "flagged-as-likely-false-positive" in flags


def _problem(node: Node, tool: str) -> ImportedProblem:
    name, description = node.text_of("name"), node.text_of("description")
    message = node.text_of("message") or name or description
    identifiers = node.items_of("identifiers")
    rule = next((one.text_of("value") for one in identifiers), "")
    tags = [_tag(one) for one in identifiers]
    url = web_url(*(one.text_of("url") for one in identifiers))
    solution = node.text_of("solution")
    category = category_of(tool, rule, f"{name} {message}", tags)
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        detail=help_with(message, (name, description), url),
        # It is a security scanner's report, whatever its words.
        category=Category.SECURITY if category is Category.EDGE_CASE else category,
        severity=_SEVERITIES.get(node.text_of("severity").lower(), Severity.MEDIUM),
        confidence=confidence_of(node.text_of("confidence")),
        places=(_where(node),),
        fix=Fix(solution) if solution else None,
    )


def _tag(identifier: Node) -> str:
    value = identifier.text_of("value")
    return f"CWE-{value}" if identifier.text_of("type").lower() == "cwe" else value


def _where(node: Node) -> Where:
    if not (path := node.text_of("location", "file")):
        return Where()
    numbers = (node.whole_of("location", name) for name in ("start_line", "end_line"))
    return Where(of_path(path), Region.of_lines(*numbers))
