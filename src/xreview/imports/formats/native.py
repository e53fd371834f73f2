"""This program's exports, `json` and `jsonl`: findings from another person's or an earlier review.

All reports are imported, whatever the decisions, which travel by the journal; stances aren't. A
report's identity is computed from its code and claim, so it stays the same.
"""

from collections.abc import Iterable
from enum import Enum, IntEnum
from typing import TypeVar

from xreview.domain.change import Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.imports.content import Content
from xreview.imports.describing import analyser
from xreview.imports.format import Format
from xreview.imports.node import Node
from xreview.imports.statement import ToolStatement
from xreview.ports.reviewer import RawReport

SCHEMA = 1

_NOBODY = "no reviewer read anything in that review"

_Word = TypeVar("_Word", bound=Enum)
_Level = TypeVar("_Level", bound=IntEnum)


def _matches(content: Content) -> bool:
    if not content.rows or content.rows[0].is_list:
        return False
    own = "findings" if len(content.rows) == 1 else "type"
    return content.begins_with("schema", own) or content.begins_with("schema", "type")


def _read(content: Content) -> tuple[ToolStatement, ...]:
    review, *rows = content.rows
    if "findings" in review.names:
        return _said(review, review.items_of("findings"))
    for row in rows:
        if row.need("type").text() != "finding":
            raise row.refusal("isn't a finding")
    return _said(review, rows)


FORMAT = Format("this program's json and jsonl", _matches, _read)


def _said(review: Node, findings: Iterable[Node]) -> tuple[ToolStatement, ...]:
    schema = review.need("schema")
    if schema.whole() != SCHEMA:
        raise schema.refusal(f"is {schema.whole()}, but this version reads only {SCHEMA}")
    identities = {
        identity.name: identity for identity in map(_identity, review.items_of("reviewers"))
    }
    reports: dict[tuple[str, Lens], list[RawReport]] = {}
    for finding in findings:
        for node in finding.need("reports").items():
            report, lens = _report(node), _word(node.need("lens"), Lens)
            identities.setdefault(report.reviewer.name, report.reviewer)
            reports.setdefault((report.reviewer.name, lens), []).append(report)
    gaps = [_gap(gap) for gap in review.items_of("coverage", "gap_entries")]
    failures = _failures(review, has_gaps=bool(gaps))
    for name in identities:
        if not any(reviewer == name for reviewer, _ in reports):
            reports[name, _lens_of(name)] = []
    return tuple(
        ToolStatement(
            identities[name],
            lens,
            reports=tuple(found),
            coverage=tuple(gap for gap in gaps if gap.reviewer == name),
            failed=failures.get(name, failures.get("", "")),
        )
        for (name, lens), found in reports.items()
    ) or (ToolStatement(analyser("xreview-tui"), Lens.RISK, failed=_NOBODY),)


def _failures(review: Node, *, has_gaps: bool) -> dict[str, str]:
    """Why each reviewer failed; by "" why all of them did."""
    found = {
        failure.text_of("reviewer"): f"it failed in that review: {failure.text_of('why')}"
        for session in review.items_of("sessions")
        for failure in session.items_of("failures")
    }
    if not found and not has_gaps and not review.truth_of("is_complete", default=True):
        return {"": "that review had not finished"}
    return found


def _lens_of(name: str) -> Lens:
    return next((lens for lens in Lens if lens.value == name), Lens.RISK)


def _report(node: Node) -> RawReport:
    anchor, suggestion, request = node.need("anchor"), node.get("suggestion"), node.get("request")
    rule, title, claim = node.text_of("rule"), node.need("title").text(), node.text_of("claim")
    category = _word(node.need("category"), Category)
    start, end = (max(1, anchor.need(name).whole()) for name in ("start_line", "end_line"))
    return RawReport(
        reviewer=_identity(node.need("reviewer")),
        claim_key=rule or claim_key_of(title, claim, category),
        rule=rule,
        title=title,
        claim=claim,
        scenario=node.text_of("scenario"),
        category=category,
        severity=_level(node.need("severity"), Severity),
        confidence=_level(node.need("confidence"), Confidence),
        path=anchor.need("path").text(),
        side=_word(anchor.need("side"), Side),
        start_line=start,
        end_line=max(start, end),
        quote=anchor.need("quote").text(),
        suggestion=_suggestion(suggestion) if suggestion else None,
        request=_request(request) if request else None,
        settle=node.text_of("settle"),
    )


def _suggestion(node: Node) -> Suggestion:
    replacement = node.get("replacement")
    return Suggestion(node.text_of("description"), replacement.text() if replacement else None)


def _request(node: Node) -> Request:
    return Request(_word(node.need("direction"), Direction), node.need("topic").text())


def _identity(node: Node) -> ReviewerIdentity:
    name = node.need("name")
    if not name.text():
        raise name.refusal("is empty")
    return ReviewerIdentity(
        name.text(),
        _word(node.need("kind"), ReviewerKind),
        node.text_of("family"),
        node.text_of("model"),
    )


def _gap(node: Node) -> CoverageEntry:
    return CoverageEntry(
        node.need("reviewer").text(),
        node.need("path").text(),
        _word(node.need("reading"), Reading),
        node.text_of("why"),
        max(0, node.whole_of("lines") or 0),
        node.truth_of("expected", default=False),
    )


def _word(node: Node, words: type[_Word]) -> _Word:
    return node.one_of({str(word.value): word for word in words})


def _level(node: Node, levels: type[_Level]) -> _Level:
    return node.one_of({level.name.lower(): level for level in levels})
