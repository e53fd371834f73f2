r"""Everything an export holds, for programs.

The shape is described by `findings.schema.json` beside this file; `"schema": 1` is raised when a
field changes its meaning or goes away, not when one is added. Texts are as they were, verbatim
(see `ascii_json`).
"""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

from xreview.domain.event import coverage_to_json, report_to_json
from xreview.domain.report import ReviewerIdentity, Severity
from xreview.domain.stance import Stance
from xreview.domain.state import Decided
from xreview.export.ascii_json import ascii_json
from xreview.export.base import ExportDocument, ExportEntry, Exporter, Standing

SCHEMA = 1
SCHEMA_FILE = "findings.schema.json"


@dataclass(frozen=True, slots=True)
class JsonExporter:
    """The `json` format."""

    name: str = "json"
    suffix: str = ".json"
    media_type: str = "application/json"

    def render(self, document: ExportDocument) -> str:
        """The document as one JSON object, indented."""
        findings = [finding_to_json(entry) for entry in document.entries]
        return ascii_json({**review_to_json(document), "findings": findings}, indent=2) + "\n"


EXPORTER: Exporter = JsonExporter()


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `render` writes."""
    return json.loads((resources.files("xreview.export") / SCHEMA_FILE).read_text("utf-8"))


def review_to_json(document: ExportDocument) -> dict[str, Any]:
    """All but the findings, as JSON values."""
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


def finding_to_json(entry: ExportEntry) -> dict[str, Any]:
    """A finding with what was decided about it, as JSON values."""
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
        "carried": entry.carried and entry.carried.value,
        "session": entry.session,
        "seen_at": entry.seen_at,
        "reports": [report_to_json(report) for report in finding.reports],
        "stances": [_stance(stance) for stance in finding.stances],
    }


def _decision(decided: Decided) -> dict[str, Any]:
    return {
        "verdict": decided.decision.verdict.value,
        "reason": decided.decision.reason.value,
        "until": decided.until,
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
