"""A report on its way from the worker's process to the reviewer: plain values for JSON."""

from collections.abc import Mapping
from typing import Any

from xreview.analysers.problem import RuleMatch
from xreview.domain.change import Side
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
from xreview.ports.reviewer import RawReport


def encode_match(problem: RuleMatch) -> dict[str, Any]:
    """The problem as the worker sends it."""
    rule = problem.rule
    return {
        "lens": rule.lens,
        "engine": rule.engine,
        "rule": rule.id,
        "title": problem.text(rule.title),
        "claim": problem.text(rule.claim),
        "scenario": problem.text(rule.scenario),
        "category": rule.category,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "start_line": problem.start_line,
        "end_line": problem.end_line,
        "quote": problem.quote,
        "suggestion": [rule.suggestion, problem.replacement] if rule.suggestion else None,
        "request": [rule.request.direction, rule.request.topic] if rule.request else None,
    }


def decode_match(
    row: Mapping[str, Any], path: str, versions: Mapping[str, str]
) -> tuple[Lens, RawReport]:
    """The report about `path`, and the lens it belongs to; `versions` are those of the engines."""
    lens = Lens(row["lens"])
    engine: str = row["engine"]
    suggestion, request = row["suggestion"], row["request"]
    report = RawReport(
        reviewer=ReviewerIdentity(
            lens.value, ReviewerKind.ANALYSER, engine, versions.get(engine, "")
        ),
        claim_key=row["rule"],
        rule=row["rule"],
        title=row["title"],
        claim=row["claim"],
        scenario=row["scenario"],
        category=Category(row["category"]),
        severity=Severity(row["severity"]),
        confidence=Confidence(row["confidence"]),
        path=path,
        side=Side.NEW,
        start_line=row["start_line"],
        end_line=row["end_line"],
        quote=row["quote"],
        suggestion=Suggestion(*suggestion) if suggestion else None,
        request=Request(Direction(request[0]), request[1]) if request else None,
    )
    return lens, report
