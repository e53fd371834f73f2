"""GitLab's security reports: SAST and secret detection (`gl-sast-report.json`).

A scan whose status is no success did not look. Vulnerabilities that GitLab was told are false
positives are suppressed.
"""

from xreview.domain.report import Category, Confidence, Lens, ReviewerIdentity, Severity
from xreview.imports.format import Content, Format
from xreview.imports.identity import analyser, titled
from xreview.imports.mapping import category_of, confidence_of
from xreview.imports.names import of_path
from xreview.imports.node import Node
from xreview.imports.problem import FileName, Fix, ImportedProblem, Region, ToolStatement, Where
from xreview.imports.sarif_rules import help_with
from xreview.imports.unread import Unread

_SEVERITIES = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.LOW,
}


def _tells(content: Content) -> bool:
    return not content.rows[1:] and content.begins_with("vulnerabilities", "version")


def read_gitlab_security(content: Content) -> tuple[ToolStatement, ...]:
    """What the scanner says. Raises UsageError where the report as a whole is malformed."""
    report = content.rows[0]
    scan = report.get("scan")
    identity = _identity(scan)
    unread = Unread()
    problems: list[ImportedProblem] = []
    suppressed: list[FileName] = []
    nodes = report.need("vulnerabilities").each()
    for problem, is_suppressed in unread.kept(nodes, lambda node: _read(node, identity.family)):
        if is_suppressed:
            suppressed += [where.file for where in problem.places if where.file]
        else:
            problems.append(problem)
    said = ToolStatement(
        identity,
        Lens.RISK,
        tuple(problems),
        suppressed=tuple(suppressed),
        failed=_failure(scan) if scan else "",
    )
    return unread.told([said])


FORMAT = Format("GitLab SAST", _tells, read_gitlab_security)


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


def _read(node: Node, tool: str) -> tuple[ImportedProblem, bool]:
    flags = {flag.text_of("type") for flag in node.items_of("flags")}
    return _problem(node, tool), "flagged-as-likely-false-positive" in flags


def _problem(node: Node, tool: str) -> ImportedProblem:
    name, description = node.text_of("name"), node.text_of("description")
    message = node.text_of("message") or name or description
    identifiers = node.items_of("identifiers")
    rule = next((one.text_of("value") for one in identifiers), "")
    tags = [_tag(one) for one in identifiers]
    urls = (one.text_of("url") for one in identifiers)
    url = next((url for url in urls if url.startswith(("https://", "http://"))), "")
    solution = node.text_of("solution")
    category = category_of(tool, rule, f"{name} {message}", tags)
    return ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        detail=help_with(message, (name, description), url),
        # The report is a security scanner's, whatever words it has.
        category=Category.SECURITY if category is Category.EDGE_CASE else category,
        severity=_SEVERITIES.get(node.text_of("severity").lower(), Severity.MEDIUM),
        confidence=_confidence(node),
        places=(_where(node.get("location")),),
        fix=Fix(solution) if solution else None,
    )


def _tag(identifier: Node) -> str:
    value = identifier.text_of("value")
    return f"CWE-{value}" if identifier.text_of("type").lower() == "cwe" else value


def _confidence(node: Node) -> Confidence:
    return confidence_of(node.text_of("confidence"))


def _where(location: Node | None) -> Where:
    path = location.text_of("file") if location else ""
    if location is None or not path:
        return Where()
    start = max(0, location.whole_of("start_line") or 0)
    end = max(start, location.whole_of("end_line") or 0)
    return Where(of_path(path), Region(start, end) if start else None)
