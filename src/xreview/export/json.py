r"""Everything an export holds, for programs.

The shape is described by `findings.schema.json` beside this file; `"schema": 1` is raised when a
field changes its meaning or goes away, not when one is added. Texts are as they were, verbatim:
whatever is not printable ASCII is written as a `\u` escape, so that the bytes can't move a
terminal and nothing of the code is lost. A lone surrogate (a byte that is not UTF-8) becomes
U+FFFD, since strict parsers refuse it (RFC 7493, section 2.1).
"""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

from xreview.domain.event import coverage_to_json, report_to_json
from xreview.domain.report import ReviewerIdentity, Severity
from xreview.domain.stance import Stance
from xreview.domain.state import Decided
from xreview.export.base import ExportDocument, ExportEntry, Exporter, Standing

SCHEMA = 1
SCHEMA_FILE = "findings.schema.json"

_Json = str | int | None | dict[str, "_Json"] | list["_Json"]


@dataclass(frozen=True, slots=True)
class JsonExporter:
    """The `json` format."""

    name: str = "json"
    suffix: str = ".json"
    media_type: str = "application/json"

    def render(self, document: ExportDocument) -> str:
        """The document as one JSON object, indented."""
        return json.dumps(_unicode(_document(document)), indent=2, allow_nan=False) + "\n"


EXPORTER: Exporter = JsonExporter()


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `render` writes."""
    return json.loads((resources.files("xreview.export") / SCHEMA_FILE).read_text("utf-8"))


def _document(document: ExportDocument) -> dict[str, Any]:
    source = document.source
    return {
        "schema": SCHEMA,
        "program": {"name": "xreview-tui", "version": document.program_version},
        "exported_at": document.exported_at,
        "change": {
            "kind": source.kind.value,
            "title": source.title,
            "repository": source.repository,
            "base": source.base,
            "head": source.head,
            "notices": list(source.notices),
        },
        "author": document.author,
        "reviewers": [_reviewer(reviewer) for reviewer in document.reviewers],
        "is_complete": document.is_complete,
        "coverage": {
            "read": document.coverage.read,
            "skipped": document.coverage.skipped,
            "gaps": document.coverage.gaps,
            "gap_entries": [coverage_to_json(gap) for gap in document.gaps],
        },
        "summary": _summary(document),
        "findings": [_entry(entry) for entry in document.entries],
    }


def _summary(document: ExportDocument) -> dict[str, Any]:
    severities = [entry.finding.severity for entry in document.entries]
    return {
        "findings": len(document.entries),
        "left_out": document.left_out,
        "by_decision": {
            standing.value: len(document.by_standing[standing]) for standing in Standing
        },
        "by_severity": {
            severity.word: severities.count(severity) for severity in reversed(Severity)
        },
    }


def _entry(entry: ExportEntry) -> dict[str, Any]:
    finding = entry.finding
    return {
        "fingerprint": finding.fingerprint,
        "fingerprints": list(finding.fingerprints),
        "disagreement": finding.disagreement.value,
        "severity": finding.severity.word,
        "category": finding.category.value,
        "standing": entry.standing.value,
        "decision": entry.decided and _decision(entry.decided),
        "note": entry.note,
        "reports": [report_to_json(report) for report in finding.reports],
        "stances": [_stance(stance) for stance in finding.stances],
    }


def _decision(decided: Decided) -> dict[str, Any]:
    return {
        "verdict": decided.decision.verdict.value,
        "reason": decided.decision.reason.value,
        "at": decided.at,
        "actor": decided.actor,
        "session": decided.session,
        "action": decided.action,
    }


def _stance(stance: Stance) -> dict[str, Any]:
    return {
        "party": _reviewer(stance.party),
        "kind": stance.kind.value,
        "argument": stance.argument,
        "quote": stance.quote,
        "settles": stance.settles,
    }


def _reviewer(reviewer: ReviewerIdentity) -> dict[str, Any]:
    return {
        "name": reviewer.name,
        "kind": reviewer.kind.value,
        "family": reviewer.family,
        "model": reviewer.model,
    }


def _unicode(value: _Json) -> _Json:
    match value:
        case str() if not value.isascii():
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case dict():
            return {key: _unicode(item) for key, item in value.items()}
        case list():
            return [_unicode(item) for item in value]
        case _:
            return value
