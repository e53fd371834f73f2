"""A table for spreadsheets and data frames, one finding per row (RFC 4180, every cell quoted).

`kind` is `finding`, or for each session: `session` (its author in `claim`, and its reviewers),
`notice`, `attention` (of the change, and of each file by its path; `claim` has the reasons),
`session-account` (a statement of the session's account in `claim`, under the heading in `title`),
and `incomplete`, `failed`, and `not-reviewed` with the reason in `claim`, so that a table without
findings doesn't look clean. A finding's row has all its reviewers; other columns are from
its first report. Control characters are visible signs, nothing is a formula (see `_cell`), and rows
end with a line feed. For verbatim texts, use `json`.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from xreview.domain.account import NO_APPROVAL
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.coverage import CoverageEntry
from xreview.domain.fixing.state import FindingFix
from xreview.domain.session_account.sections import account_sections
from xreview.domain.text import visible_block
from xreview.export import phrases
from xreview.export.document import ExportDocument, ExportEntry, ExportSession
from xreview.export.format import ExportFormat
from xreview.export.statements import Statement, answers, opinions, outcomes

COLUMNS: tuple[str, ...] = (
    "kind", "fingerprint", "decision", "reason", "until", "decided_at", "decided_by", "note",
    "severity", "category", "disagreement", "carried", "suppressed", "path", "side", "start_line",
    "end_line", "reviewers", "same_family", "lens", "rule", "title", "claim", "scenario",
    "suggestion", "replacement", "quote", "session", "seen_at", "stances", "opinions", "outcomes",
    "author_family", "anchored", "ruling", "fix", "fix_applied", "fix_evidence", "fixer",
    "fixed_at", "threads", "attention",
)  # fmt: skip

# Spreadsheets recognise a formula by its first character, including the wide forms of East Asian
# keyboards. One whose separator isn't the comma (but `;` or a tab, and then also a line feed) finds
# cells within ours; our doubled quotation marks are an empty quotation at the start of such a cell,
# followed by its text.
_FORMULA = re.compile(
    r"""(^|[;\t\n])(?=(?:[^\S\t\n]|")*[=+\-@＝＋－＠]) | ([;\n])(?="*\t)""", re.VERBOSE
)


def _render(document: ExportDocument) -> str:
    """A header, the findings, then the rows of each session."""
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    for row in _rows(document):
        writer.writerow({column: _cell(text) for column, text in row.items()})
    return table.getvalue()


FORMAT = ExportFormat("csv", ".csv", "text/csv", "for a spreadsheet", "c", _render)


def _cell(text: str) -> str:
    """The text with an apostrophe before what would be a formula, as OWASP's page on CSV injection
    advises: to spreadsheets it means "text follows"."""
    neutral = visible_block(text)
    cell = _FORMULA.sub(r"\1\2'", neutral)
    return f"'{cell}" if neutral[:1] in ("\t", "\n") else cell


def _rows(document: ExportDocument) -> Iterator[dict[str, str]]:
    for entry in document.entries:
        yield _finding(entry)
    for session in document.sessions:
        for row in _session(session):
            yield {**row, "session": session.id, "seen_at": session.last_at}


def _session(session: ExportSession) -> Iterator[dict[str, str]]:
    yield {
        "kind": "session",
        "title": session.source.title,
        "claim": f"author: {phrases.author(session.author)}",
        "reviewers": ", ".join(reviewer.label for reviewer in session.reviewers),
        "same_family": ", ".join(sorted(session.same_family)),
    }
    if session.account.entries:
        yield {"kind": "account", "claim": phrases.account(session)}
    if session.is_by_analysers:
        yield {"kind": "notice", "claim": NO_APPROVAL}
    for notice in session.notices:
        yield {"kind": "notice", "claim": notice}
    if weighed := session.attention:
        yield _attention(weighed.level, "; ".join(weighed.why))
        for file in weighed.files:
            yield {**_attention(file.level, ", ".join(file.topics)), "path": file.path}
    if session.session_account:
        for section in account_sections(session.session_account):
            for said in section.lines:
                yield {"kind": "session-account", "title": section.title, "claim": said}
    if not session.is_complete:
        yield {"kind": "incomplete", "claim": f"{phrases.INCOMPLETE} {phrases.NOT_CLEAN}"}
    for name, why in session.failures.items():
        yield {"kind": "failed", "reviewers": name, "claim": why}
    for gap in session.gaps:
        yield _gap(gap)


def _finding(entry: ExportEntry) -> dict[str, str]:
    finding, lead, decided = entry.finding, entry.finding.lead, entry.decided
    suggestion = lead.suggestion
    return {
        "kind": "finding",
        "fingerprint": finding.fingerprint,
        "decision": entry.standing.value,
        "reason": decided.decision.reason.value if decided else "",
        "until": (decided.until or "") if decided else "",
        "decided_at": decided.at if decided else "",
        "decided_by": phrases.person(decided.actor) if decided else "",
        "note": entry.note,
        "severity": finding.severity.word,
        "category": finding.category.value,
        "disagreement": finding.disagreement.value,
        "carried": entry.carried.value if entry.carried else "",
        "suppressed": phrases.suppression(entry.suppression) if entry.suppression else "",
        "path": lead.anchor.path,
        "side": lead.anchor.side.value,
        "start_line": str(lead.anchor.start_line),
        "end_line": str(lead.anchor.end_line),
        "reviewers": ", ".join(dict.fromkeys(report.reviewer.label for report in finding.reports)),
        "same_family": ", ".join(sorted(entry.same_family)),
        "lens": lead.lens.value,
        "rule": lead.rule,
        "title": lead.title,
        "claim": lead.claim,
        "scenario": lead.scenario,
        "suggestion": suggestion.description if suggestion else "",
        "replacement": (suggestion.replacement or "") if suggestion else "",
        "quote": lead.anchor.quote,
        "session": entry.session,
        "seen_at": entry.seen_at,
        "stances": _plain(answers(entry)),
        "opinions": _plain(opinions(entry)),
        "outcomes": _plain(outcomes(entry)),
        "author_family": entry.author_family,
        "anchored": "yes" if finding.is_anchored else "no",
        "ruling": (decided.ruling or "") if decided else "",
        **(_fix(entry.fix) if entry.fix else {}),
        "threads": " ".join(one.url for one in entry.threads),
        "attention": phrases.attention(entry.attention) if entry.attention else "",
    }


def _attention(level: AttentionLevel, claim: str) -> dict[str, str]:
    return {"kind": "attention", "attention": phrases.attention(level), "claim": claim}


def _fix(fix: FindingFix) -> dict[str, str]:
    return {
        "fix": fix.outcome.value,
        "fix_applied": ("in part" if fix.is_partial else "yes") if fix.is_applied else "no",
        "fix_evidence": fix.evidence,
        "fixer": fix.fixer.label,
        "fixed_at": fix.at,
    }


def _plain(said: Iterable[Statement]) -> str:
    return "\n\n".join(one.plain for one in said)


def _gap(gap: CoverageEntry) -> dict[str, str]:
    path, who = phrases.missed(gap)
    return {
        "kind": "not-reviewed",
        "path": path,
        "reviewers": who,
        "claim": f"{gap.reading}: {gap.why}" if gap.why else gap.reading.value,
    }
