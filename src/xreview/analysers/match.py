"""What a rule matched, and its JSON form between the worker process and the reviewer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xreview.analysers.rules import PLACEHOLDER, AnalyserRule
from xreview.domain.change import Side
from xreview.domain.record import dataclass, field, replace
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

if TYPE_CHECKING:
    from xreview.ports.reviewer import RawReport


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule that matched: the quoted lines, and the values of `{names}` in the rule's texts.

    `head` is the first line of the matched code if the quote begins later.
    """

    rule: AnalyserRule
    start_line: int
    end_line: int
    quote: str
    replacement: str | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    head: int | None = None

    @property
    def is_critical(self) -> bool:
        """Whether it has the highest severity."""
        return self.rule.severity is Severity.CRITICAL

    def lowered(self) -> "RuleMatch":
        """The same match with the lowest severity."""
        return replace(self, rule=replace(self.rule, severity=Severity.LOW))

    def text(self, template: str) -> str:
        """A text of the rule with the values put in."""
        return PLACEHOLDER.sub(
            lambda found: self.words.get(found[1], found[2] or found[0]), template
        )

    def to_json(self) -> dict[str, Any]:
        """The match as the worker sends it."""
        rule = self.rule
        return {
            "lens": rule.lens,
            "engine": rule.engine,
            "rule": rule.id,
            "title": self.text(rule.title),
            "claim": self.text(rule.claim),
            "scenario": self.text(rule.scenario),
            "category": rule.category,
            "severity": rule.severity,
            "confidence": rule.confidence,
            "start_line": self.start_line,
            "end_line": self.end_line,
            "quote": self.quote,
            "suggestion": [rule.suggestion, self.replacement] if rule.suggestion else None,
            "request": [rule.request.direction, rule.request.topic] if rule.request else None,
        }


def report_from_json(
    row: Mapping[str, Any], path: str, versions: Mapping[str, str]
) -> "tuple[Lens, RawReport]":
    """The report about `path` and its lens; `versions` are those of the engines."""
    # The worker, which imports this module too, needs only the other half of it.
    from xreview.ports.reviewer import RawReport

    lens, engine = Lens(row["lens"]), row["engine"]
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
