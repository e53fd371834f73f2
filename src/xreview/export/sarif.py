"""Findings for code scanning: SARIF 2.1.0 with errata 01 (OASIS).

There is one run per reviewer; a finding of several reviewers is a result in each run. Every run has
one invocation per session, and a result's provenance names the session that saw it last. Rules are
those of an analyser, or the categories of models' reports.

`partialFingerprints["xreviewFingerprint/v<version>"]` is the identity that survives commits;
`primaryLocationLineHash` is GitHub's. Prose is neutral text even when decoded, and its brackets
make no links (section 3.11.6); code is verbatim (see `ascii_json`).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

from xreview.domain.account import NO_APPROVAL
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.report import Category, Report, ReviewerIdentity, ReviewerKind, Severity
from xreview.domain.text import count_of, visible
from xreview.export import phrases
from xreview.export.ascii_json import ascii_json
from xreview.export.document import ExportDocument, ExportEntry, ExportSession
from xreview.export.format import ExportFormat
from xreview.export.sarif_result import LEVELS, ROOT, artifact, message, prose, result, rule_id
from xreview.export.session_account_json import attention_to_json, session_account_to_json

SCHEMA_URI = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_PROGRAM = ReviewerIdentity("xreview-tui", ReviewerKind.ANALYSER, "xreview-tui")

# The bands of https://docs.github.com/en/code-security/code-scanning (security-severity).
_SECURITY_SEVERITIES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}


def _render(document: ExportDocument) -> str:
    """All findings."""
    runs = [_run(document, reviewer) for reviewer in _reviewers(document)]
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": runs}
    return ascii_json(log, indent=2) + "\n"


FORMAT = ExportFormat(
    "sarif", ".sarif", "application/sarif+json", "for code scanning", "s", _render
)


def _reviewers(document: ExportDocument) -> tuple[ReviewerIdentity, ...]:
    """The reviewers that were asked or raised something; this program if there are none."""
    raised = (one.reviewer for entry in document.entries for one in entry.finding.reports)
    return tuple(dict.fromkeys((*document.reviewers, *raised))) or (_PROGRAM,)


def _run(document: ExportDocument, reviewer: ReviewerIdentity) -> dict[str, Any]:
    raised = [
        (entry, reports)
        for entry in document.entries
        if (reports := tuple(one for one in entry.finding.reports if one.reviewer == reviewer))
    ]
    rules = _rules(raised)
    indexes = {rule["id"]: index for index, rule in enumerate(rules)}
    places = {session.id: index for index, session in enumerate(document.sessions)}
    kinds = {session.source.kind for session in document.sessions}
    kind = f"{document.latest.source.kind}/" if len(kinds) == 1 else ""
    return {
        "tool": {
            "driver": {
                "name": visible(reviewer.name) or "unnamed",
                **({"version": visible(reviewer.model)} if reviewer.model else {}),
                "rules": rules,
                "properties": {
                    "kind": reviewer.kind.value,
                    "family": visible(reviewer.family),
                    "lens": next((reports[0].lens.value for _, reports in raised), None),
                },
            },
            "extensions": [
                {"name": _PROGRAM.name, "version": visible(document.program_version) or "unknown"}
            ],
        },
        "automationDetails": {"id": f"xreview-tui/{kind}"},
        "invocations": [_invocation(session, document) for session in document.sessions],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [
            result(entry, reports, indexes[rule_id(reports[0])], places.get(entry.session, 0))
            for entry, reports in raised
        ],
        "properties": {
            "leftOut": document.left_out,
            "sessions": [_session(session) for session in document.sessions],
        },
    }


def _session(session: ExportSession) -> dict[str, Any]:
    source, author = session.source, session.author
    return {
        "id": visible(session.id),
        "change": visible(source.title),
        "base": source.base,
        "head": source.head,
        "author": {
            "label": visible(author.label),
            "tool": visible(author.tool),
            "vendor": visible(author.vendor),
            "model": visible(author.model),
            "confidence": author.confidence and author.confidence.word,
            "evidence": [visible(sentence) for sentence in author.evidence],
        },
        "reviewers": [
            visible(phrases.reviewer(reviewer, session.same_family))
            for reviewer in session.reviewers
        ],
        "sameFamily": sorted(map(visible, session.same_family)),
        "taken": [visible(phrases.taken(take)) for take in session.taken],
        "attention": _neutral(attention_to_json(session.attention)),
        "account": _neutral(
            session.session_account and session_account_to_json(session.session_account)
        ),
    }


def _neutral(value: Any) -> Any:
    """JSON values with neutral texts: viewers show properties as they are."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list):
        return [_neutral(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _neutral(one) for name, one in cast("dict[str, Any]", value).items()}
    return value


def _rules(raised: Iterable[tuple[ExportEntry, tuple[Report, ...]]]) -> list[dict[str, Any]]:
    by_rule: dict[str, list[Report]] = {}
    for _, reports in raised:
        by_rule.setdefault(rule_id(reports[0]), []).append(reports[0])
    return [_rule(id, found) for id, found in by_rule.items()]


def _rule(id: str, found: list[Report]) -> dict[str, Any]:
    lead = found[0]
    worst = max(report.severity for report in found)
    properties: dict[str, Any] = {"tags": [lead.category.value, lead.lens.value]}
    if lead.category is Category.SECURITY:
        properties["security-severity"] = _SECURITY_SEVERITIES[worst]
    kind = f"{lead.category.capitalize()}, said by a reviewer"
    title = lead.title if lead.rule else kind
    # A model's report doesn't describe its category; an analyser's report does describe its rule.
    told = lead.claim if lead.rule else f"Problems of category {lead.category} that it reports."
    return {
        "id": id,
        "shortDescription": {"text": prose(title) or "untitled"},
        "fullDescription": {"text": prose(told) or "untitled"},
        "help": {"text": prose(_help(lead)) or "untitled"},
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": properties,
    }


def _help(lead: Report) -> str:
    """The help that code scanning shows beside an alert."""
    if not lead.rule:
        return (
            "A reviewer's opinion on this code, not the result of a rule: read it and decide who "
            "is right."
        )
    advice = lead.suggestion.description if lead.suggestion else ""
    return "\n\n".join(filter(None, (lead.claim, lead.scenario, advice)))


def _invocation(session: ExportSession, document: ExportDocument) -> dict[str, Any]:
    notifications: list[dict[str, Any]] = []
    if not session.is_complete:
        said = f"{phrases.INCOMPLETE} {phrases.NOT_CLEAN}"
        notifications.append({"level": "error", **message(said)})
    notifications += [
        {"level": "error", **message(f"{name} failed: {why}")}
        for name, why in session.failures.items()
    ]
    if session.account.entries:
        notifications.append({"level": "note", **message(phrases.account(session))})
    if session.is_by_analysers:
        notifications.append({"level": "note", **message(NO_APPROVAL)})
    notifications += [_gap(gap) for gap in session.gaps]
    notifications += [{"level": "note", **message(notice)} for notice in session.notices]
    if document.left_out and session is document.latest:
        said = f"{count_of(document.left_out, 'finding')} left out of this file by a filter."
        notifications.append({"level": "note", **message(said)})
    invocation: dict[str, Any] = {
        "executionSuccessful": session.is_complete,
        "toolExecutionNotifications": notifications,
    }
    if began := _utc(session.opened_at):
        invocation["startTimeUtc"] = began
    if ended := _utc(session.last_at):
        invocation["endTimeUtc"] = ended
    return invocation


def _gap(gap: CoverageEntry) -> dict[str, Any]:
    path, who = phrases.missed(gap)
    why = f": {gap.why}" if gap.why else ""
    return {
        "level": "error" if gap.reading is Reading.FAILED else "warning",
        **message(f"Not reviewed by {who} ({gap.reading}){why}"),
        "locations": [{"physicalLocation": {"artifactLocation": artifact(path)}}],
    }


def _utc(at: str) -> str:
    """The time as RFC 3339 in UTC, or ""."""
    try:
        moment = datetime.fromisoformat(at)
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    except (ValueError, OverflowError):
        return ""
