"""One finding as a `result` object of SARIF 2.1.0 (section 3.27)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from xreview.domain.change import Side
from xreview.domain.decision import REASON_MEANINGS, Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.finding import Finding
from xreview.domain.fixing.state import FindingFix
from xreview.domain.identity.anchor import FINGERPRINT_VERSION, Anchor
from xreview.domain.report import Report, Severity
from xreview.domain.text import visible, visible_block
from xreview.export import phrases
from xreview.export.document import ExportEntry
from xreview.export.session_account_json import level_to_json
from xreview.export.statements import Statement, answers, opinions, outcomes, proposals

ROOT = "%SRCROOT%"
FINGERPRINT_NAME = f"xreviewFingerprint/v{FINGERPRINT_VERSION}"
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}

_BASELINE_STATES = {
    CarriedState.NEW: "new",
    CarriedState.BACK: "new",
    CarriedState.REGRESSED: "new",
    CarriedState.STILL_THERE: "unchanged",
    CarriedState.FIXED: "absent",
}
_STATUSES = {Verdict.REJECT: "accepted", Verdict.ESCALATE: "underReview"}
_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def rule_id(lead: Report) -> str:
    """The id of a finding's rule."""
    return visible(lead.rule) or f"reviewer/{lead.category}"


def prose(text: str) -> str:
    """Prose in which nothing becomes a link (section 3.11.6)."""
    return _LINK.sub(r"\\[", visible_block(text))


def message(text: str) -> dict[str, Any]:
    """A `message` property."""
    return {"message": {"text": prose(text)}}


def artifact(path: str) -> dict[str, Any]:
    """A file of the repository as a relative reference (RFC 3986), with all but unreserved
    characters percent-encoded, byte by byte."""
    try:
        name = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        name = path.encode("utf-8", "replace")
    encoded = quote(name, safe="/")
    uri = f"%2F{encoded[1:]}" if encoded.startswith("/") else encoded
    return {"uri": uri, "uriBaseId": ROOT}


def result(
    entry: ExportEntry, reports: Sequence[Report], rule_index: int, invocation: int
) -> dict[str, Any]:
    """What one reviewer says about a finding in `reports` (at least one), with the finding's
    decision."""
    finding, lead = entry.finding, reports[0]
    made: dict[str, Any] = {
        "ruleId": rule_id(lead),
        "ruleIndex": rule_index,
        **_kind(finding, lead),
        **message(_statement(reports)),
        "locations": [{"physicalLocation": _physical(lead)}],
        "partialFingerprints": _fingerprints(lead),
    }
    if related := [*_related(finding, reports)]:
        made["relatedLocations"] = related
    if fixes := [*_fixes(reports)]:
        made["fixes"] = fixes
    if (suppression := _suppression(entry)) is not None:
        made["suppressions"] = [suppression]
    if entry.carried is not None:
        made["baselineState"] = _BASELINE_STATES[entry.carried]
    made["provenance"] = {"invocationIndex": invocation}
    return {**made, "properties": _properties(entry, lead)}


def _kind(finding: Finding, lead: Report) -> dict[str, str]:
    """Its level; an unanchored finding is for review and has none (3.27.10)."""
    if finding.is_anchored:
        return {"level": LEVELS[lead.severity]}
    return {"kind": "review", "level": "none"}


def _fingerprints(report: Report) -> dict[str, str]:
    prints = {FINGERPRINT_NAME: report.fingerprint}
    if report.anchored and report.anchor.side is Side.NEW and report.anchor.context.line_hash:
        prints["primaryLocationLineHash"] = visible(report.anchor.context.line_hash)
    return prints


def _statement(reports: Sequence[Report]) -> str:
    lead = reports[0]
    parts: list[str] = []
    for report in reports:
        parts += [report.title, report.claim, report.scenario]
        if (advice := report.suggestion) and phrases.replacement_of(report) is None:
            parts.append(f"Suggestion: {advice.description}" if advice.description else "")
    if lead.anchor.side is Side.OLD:
        parts.append(f"The lines are those{phrases.side_note(lead.anchor)}.")
    if not lead.anchored:
        parts.append(phrases.UNANCHORED)
    return "\n\n".join(part for part in dict.fromkeys(parts) if part)


def _physical(report: Report) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": artifact(report.anchor.path)}
    # Regions refer to the new file: removed and unconfirmed lines have none.
    if report.anchored and report.anchor.side is Side.NEW:
        location["region"] = _region(report.anchor)
    return location


def _region(anchor: Anchor) -> dict[str, Any]:
    """Whole lines: a region without columns."""
    return {
        "startLine": anchor.start_line,
        "endLine": anchor.end_line,
        "snippet": {"text": anchor.quote},
    }


def _related(finding: Finding, own: Sequence[Report]) -> Iterator[dict[str, Any]]:
    """The places of the finding's other reports."""
    lead = own[0]
    others = [report for report in finding.reports if report is not lead]
    for id, report in enumerate(others, start=1):
        if report.anchor != lead.anchor:
            said = message(f"{report.reviewer.label}: {report.title}")
            yield {"id": id, "physicalLocation": _physical(report), **said}


def _fixes(reports: Iterable[Report]) -> Iterator[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for report in reports:
        code = phrases.replacement_of(report)
        if report.suggestion is None or code is None:
            continue
        changes = {
            "artifactLocation": artifact(report.anchor.path),
            "replacements": [_replacement(report.anchor, code)],
        }
        fix = {
            "description": {"text": prose(report.suggestion.description)},
            "artifactChanges": [changes],
        }
        if fix not in made:
            made.append(fix)
            yield fix


def _replacement(anchor: Anchor, code: str) -> dict[str, Any]:
    start, end = anchor.start_line, anchor.end_line
    if not code:
        # Including the line end, up to the next line.
        place = {"startLine": start, "startColumn": 1, "endLine": end + 1, "endColumn": 1}
        return {"deletedRegion": place}
    # A region without columns is whole lines without the last line end (section 3.30.2).
    place = {"startLine": start, "endLine": end}
    return {"deletedRegion": place, "insertedContent": {"text": code}}


def _suppression(entry: ExportEntry) -> dict[str, Any] | None:
    if (kept := entry.suppression) is not None:
        said = phrases.suppression(kept)
        return _suppressed("accepted", said, entry.note, kept.owner, kept.at)
    decided = entry.decided
    if decided is None or (status := _STATUSES.get(decided.decision.verdict)) is None:
        return None
    until = f" until {decided.until}" if decided.until else ""
    meaning = REASON_MEANINGS[decided.decision.reason]
    said = f"{decided.decision.label}{until} ({meaning})"
    return _suppressed(status, said, entry.note, decided.actor, decided.at)


def _suppressed(status: str, said: str, note: str, by: str, at: str) -> dict[str, Any]:
    return {
        "kind": "external",
        "status": status,
        "justification": visible_block(f"{said}. {note}" if note else f"{said}."),
        "properties": {"by": visible(phrases.person(by)), "at": visible(at)},
    }


def _properties(entry: ExportEntry, lead: Report) -> dict[str, Any]:
    finding = entry.finding
    return {
        "finding": visible(finding.fingerprint),
        "title": visible(lead.title),
        "claim": visible_block(lead.claim),
        "scenario": visible_block(lead.scenario),
        "decision": entry.standing.value,
        "reason": entry.decided.decision.reason.value if entry.decided else None,
        "ruling": entry.decided.ruling if entry.decided else None,
        "note": visible_block(entry.note),
        "severity": lead.severity.word,
        "confidence": lead.confidence.word,
        "category": lead.category.value,
        "lens": lead.lens.value,
        "disagreement": finding.disagreement.value,
        "lookalikes": phrases.looks_of(finding),
        "reviewers": [
            visible(phrases.reviewer(report.reviewer, entry.same_family))
            for report in finding.reports
        ],
        "fingerprints": [visible(fingerprint) for fingerprint in finding.fingerprints],
        "sameFamily": sorted(map(visible, entry.same_family)),
        "authorFamily": visible(entry.author_family),
        "seenAt": visible(entry.seen_at),
        "anchored": finding.is_anchored,
        "attention": level_to_json(entry.attention),
        "side": lead.anchor.side.value,
        "startLine": lead.anchor.start_line,
        "endLine": lead.anchor.end_line,
        "stances": _plain(answers(entry)),
        "opinions": _plain(opinions(entry)),
        "outcomes": _plain(outcomes(entry)),
        "proposals": _plain(proposals(entry)),
        "fix": entry.fix and _fix(entry.fix),
        "threads": [visible(one.url) for one in entry.threads if one.url],
    }


def _fix(fix: FindingFix) -> dict[str, Any]:
    return {
        "outcome": fix.outcome.value,
        "evidence": visible_block(fix.evidence),
        "fixer": visible(fix.fixer.label),
        "isApplied": fix.is_applied,
        "isPartial": fix.is_partial,
        "isDiscarded": fix.is_discarded,
        "at": visible(fix.at),
    }


def _plain(said: Iterable[Statement]) -> list[str]:
    return [visible_block(one.plain) for one in said]
