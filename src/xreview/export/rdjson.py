"""Findings for reviewdog, which posts them on pull and merge requests of many hosts.

A `DiagnosticResult` of the Reviewdog Diagnostic Format
(https://github.com/reviewdog/reviewdog/tree/master/proto/rdf, read by `reviewdog -f=rdjson`).
reviewdog posts everything, so rejected, suppressed, and fixed findings are omitted. Unread files
are warnings without a line, so that silence never looks clean. Lines are those of the new side: a
finding on removed lines or at an unconfirmed place has no range. A range without columns is whole
lines, including the last one.

The format has no place for what isn't about a line, so the account of the session and the attention
of the change and its files are omitted; a finding's attention is in its message.
"""

from collections.abc import Iterator
from typing import Any

from xreview.domain.change import Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import Report, Severity
from xreview.domain.text import visible, visible_block
from xreview.export import phrases
from xreview.export.ascii_json import ascii_json
from xreview.export.document import ExportDocument, ExportEntry, Standing
from xreview.export.format import ExportFormat
from xreview.export.statements import said_of

_SEVERITIES = {
    Severity.CRITICAL: "ERROR",
    Severity.HIGH: "ERROR",
    Severity.MEDIUM: "WARNING",
    Severity.LOW: "INFO",
}

_HELD = frozenset({Standing.ACCEPTED, Standing.ESCALATED, Standing.OPEN})


def _render(document: ExportDocument) -> str:
    """The findings that still need attention, then the gaps."""
    kept = [entry for entry in document.entries if entry.standing in _HELD and not entry.is_gone]
    result: dict[str, Any] = {
        "source": {"name": "xreview-tui"},
        "diagnostics": [_finding(entry) for entry in kept] + [*map(_gap, document.gaps)],
    }
    return ascii_json(result, indent=2) + "\n"


FORMAT = ExportFormat("rdjson", ".rdjson", "application/json", "for reviewdog", "r", _render, _HELD)


def _finding(entry: ExportEntry) -> dict[str, Any]:
    lead = entry.finding.lead
    diagnostic: dict[str, Any] = {
        "message": _message(entry),
        "location": _location(lead),
        "severity": _SEVERITIES[entry.finding.severity] if entry.finding.is_anchored else "INFO",
        "source": {"name": visible(phrases.reviewer(lead.reviewer, entry.same_family))},
        "code": {"value": visible(lead.rule or lead.category.value)},
    }
    if suggestions := [*_suggestions(entry)]:
        diagnostic["suggestions"] = suggestions
    return diagnostic


def _message(entry: ExportEntry) -> str:
    parts: list[str] = []
    if not entry.finding.is_anchored:
        parts.append(f"{phrases.APART}. {phrases.UNANCHORED}")
    for report in entry.finding.claims:
        parts += [report.title, report.claim, report.scenario]
        if report.suggestion is not None:
            parts.append(report.suggestion.description)
    parts.append(phrases.also_at(entry.finding))
    parts += [f"Disagreement: {kind}." for kind in phrases.not_lone(entry.finding)]
    parts += [said.plain for said in said_of(entry)]
    if entry.attention:
        parts.append(f"Attention: {phrases.attention(entry.attention)}.")
    if fix := phrases.fix_status(entry):
        parts.append(f"Fix: {fix}")
    if said := phrases.threads(entry):
        parts.append(f"Thread: {said}")
    if entry.note:
        parts.append(f"Note: {entry.note}")
    return "\n\n".join(visible_block(part) for part in dict.fromkeys(parts) if part) or "untitled"


def _location(report: Report) -> dict[str, Any]:
    location: dict[str, Any] = {"path": report.anchor.path}
    if report.anchored and report.anchor.side is Side.NEW:
        location["range"] = _range(report.anchor)
    return location


def _range(anchor: Anchor) -> dict[str, Any]:
    return {"start": {"line": anchor.start_line}, "end": {"line": anchor.end_line}}


def _suggestions(entry: ExportEntry) -> Iterator[dict[str, Any]]:
    lead = entry.finding.lead
    for report in entry.finding.reports:
        code = phrases.replacement_of(report)
        if code is not None and report.anchor.path == lead.anchor.path:
            yield {"range": _range(report.anchor), "text": code}


def _gap(gap: CoverageEntry) -> dict[str, Any]:
    path, who = phrases.missed(gap)
    why = f": {visible(gap.why)}" if gap.why else ""
    return {
        "message": f"Not reviewed by {visible(who)} ({gap.reading}){why}",
        "location": {"path": path},
        "severity": "WARNING",
        "code": {"value": "not-reviewed"},
    }
