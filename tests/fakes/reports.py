"""Reports, findings and file diffs made with as few words as a test needs."""

from xreview.disagreement.fold import findings_of
from xreview.disagreement.repeats import join_repeats
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import Anchor, fingerprint
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Report,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)

RISK = ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff", "1.0")
ECONOMY = ReviewerIdentity("economy", ReviewerKind.ANALYSER, "ast-grep", "1.0")


def report(
    title: str = "Swallowed error",
    *,
    path: str = "a.py",
    line: int = 1,
    end: int | None = None,
    reviewer: ReviewerIdentity = RISK,
    lens: Lens = Lens.RISK,
    category: Category = Category.ERROR_HANDLING,
    severity: Severity = Severity.MEDIUM,
    confidence: Confidence = Confidence.HIGH,
    quote: str = "pass",
    claim: str = "",
    request: tuple[Direction, str] | None = None,
    suggestion: str | None = None,
    anchored: bool = True,
    rule: str = "",
) -> Report:
    return Report(
        fingerprint=fingerprint(rule or title, quote, path, line),
        reviewer=reviewer,
        lens=lens,
        rule=rule,
        title=title,
        claim=claim or f"{title} in this place.",
        scenario="It fails at night.",
        category=category,
        severity=severity,
        confidence=confidence,
        anchor=Anchor(path, Side.NEW, line, line if end is None else end, quote),
        anchored=anchored,
        suggestion=None if suggestion is None else Suggestion("Write it so.", suggestion),
        request=request and Request(*request),
    )


def repeated(*reports: Report) -> Finding:
    """The finding of a rule with these places."""
    (only,) = join_repeats(findings_of(reports), lambda _: None)
    return only


def finding(*reports: Report) -> Finding:
    (only,) = findings_of(reports or (report(),))
    return only


def added_file(path: str, *lines: str) -> FileDiff:
    body = f"@@ -0,0 +1,{len(lines)} @@\n" + "".join(f"+{line}\n" for line in lines)
    return FileDiff(path, FileStatus.ADDED, new_mode="100644", body=body.encode())
