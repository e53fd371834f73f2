"""A review to read, in a pull-request comment or a file (GitHub Flavored Markdown).

Findings are grouped by status; rejected and suppressed ones take one line each. Long quotes are
cut, and so is the document, because GitHub comments are limited to 65,536 characters. No markup,
link, or mention in code, reports, or notes takes effect (see `markdown_text`).
"""

from collections.abc import Iterable, Iterator

from xreview.domain.coverage import CoverageEntry
from xreview.domain.identity.anchor import Anchor
from xreview.domain.pull.discussion import RemoteComment
from xreview.domain.pull.prose import prose_of
from xreview.domain.report import Report
from xreview.domain.session_account.sections import account_sections
from xreview.domain.text import count_of, shorten, visible, visible_block
from xreview.export import phrases
from xreview.export.document import ExportDocument, ExportEntry, Standing
from xreview.export.format import ExportFormat
from xreview.export.markdown_text import code_span, fence, inline, paragraphs, quotation
from xreview.export.statements import Statement, said_of

LONGEST = 65_000
"""The most characters of a document."""

_QUOTE_LINES = 40
_QUOTE_COLUMNS = 240
BETWEEN = "\n\n"
_ROOM_TO_SAY_SO = 200
_GAPS_LISTED = 20
_SAID_ROOM = 16_000
_ACCOUNT_ROOM = 8_000
_LONGEST_ROW = 240


def _render(document: ExportDocument) -> str:
    """The whole document."""
    tail = [*_tail(document)]
    room = LONGEST - _ROOM_TO_SAY_SO - _length(tail)
    parts, room = fitting([_head(document)], room)
    left_out = 0
    for heading, findings in _sections(document):
        shown, room = fitting(findings, room - len(heading) - len(BETWEEN))
        parts += [heading, *shown] if shown else []
        left_out += len(findings) - len(shown)
        room = 0 if left_out else room  # nothing of lower rank instead
    if left_out:
        parts.append(_left_out(left_out))
    return BETWEEN.join([*parts, *tail]) + "\n"


FORMAT = ExportFormat(
    "markdown", ".md", "text/markdown", "to read, or for a pull request's comment", "m", _render
)


def _joined(parts: Iterable[str]) -> str:
    return BETWEEN.join(part for part in parts if part)


def _length(parts: Iterable[str]) -> int:
    return sum(len(part) + len(BETWEEN) for part in parts)


def fitting(parts: Iterable[str], room: int) -> tuple[list[str], int]:
    """The leading parts that fit, each whole, and the room they leave."""
    shown: list[str] = []
    for part in parts:
        size = len(part) + len(BETWEEN)
        if size > room:
            break
        shown.append(part)
        room -= size
    return shown, room


def _left_out(count: int) -> str:
    return (
        f"**{count_of(count, 'finding')}** left out to fit here: `--format html` or `json` has all."
    )


def _head(document: ExportDocument) -> str:
    parts = [f"# Review: {inline(document.title) or 'untitled'}", _header(document)]
    if not document.is_complete:
        parts.append(f"**{phrases.INCOMPLETE}** {phrases.NOT_CLEAN}")
    if not document.entries:
        parts.append(phrases.nothing(document))
    return _joined(parts)


def _sections(document: ExportDocument) -> Iterator[tuple[str, list[str]]]:
    """Headings with their findings."""
    for standing in (Standing.ACCEPTED, Standing.ESCALATED, Standing.OPEN):
        if entries := document.by_standing[standing]:
            shown = [_joined(_finding(entry, document)) for entry in entries]
            yield f"## {standing.capitalize()} ({len(entries)})", shown
    for standing in (Standing.REJECTED, Standing.SUPPRESSED):
        if entries := document.by_standing[standing]:
            shown = [_in_a_line(entry, document) for entry in entries]
            yield f"## {standing.capitalize()} ({len(entries)})", shown


def _tail(document: ExportDocument) -> Iterator[str]:
    if document.said:
        yield f"## Said on the change ({len(document.said)})"
        yield from _said(document.said)
    if accounts := [*_accounts(document)]:
        yield "## Session account"
        yield from accounts
    if gaps := document.gaps:
        yield f"## Not reviewed ({len(gaps)})"
        yield _gaps(gaps)
    made_at = inline(phrases.minute_of(document.as_of))
    yield f"xreview-tui {inline(document.program_version)}, {made_at}"


def _said(comments: tuple[RemoteComment, ...]) -> Iterator[str]:
    """Comments on a pull request as a whole, as far as there is room beside the findings."""
    blocks = [
        f"**{inline(phrases.comment_heading(one))}**\n\n{quotation(paragraphs(prose_of(one.body)))}"
        for one in comments
    ]
    shown, _ = fitting(blocks, _SAID_ROOM)
    yield from shown
    if left := len(blocks) - len(shown):
        yield f"{count_of(left, 'more comment')}: `--format html` or `json` has all."


def _accounts(document: ExportDocument) -> Iterator[str]:
    """What each session came to, as far as there is room beside the findings."""
    blocks: list[str] = []
    for session in document.sessions:
        if session.session_account is None:
            continue
        if document.has_several:
            blocks.append(f"**{inline(phrases.session(session)) or 'untitled'}**")
        for section in account_sections(session.session_account):
            rows = [f"- {inline(shorten(visible(said), _LONGEST_ROW))}" for said in section.lines]
            blocks.append("\n".join([f"**{section.title}**\n", *rows]))
    shown, _ = fitting(blocks, _ACCOUNT_ROOM)
    yield from shown
    if len(shown) < len(blocks):
        yield "The rest of the account: `--format html` or `json` has all."


def _header(document: ExportDocument) -> str:
    rows = [f"- **Findings:** {phrases.finding_counts(document)}"]
    if document.left_out:
        rows.append(f"- **Left out of this export:** {count_of(document.left_out, 'finding')}")
    for session in document.sessions:
        if document.has_several:
            rows.append(f"- **Session:** {inline(phrases.session(session)) or 'untitled'}")
        facts = phrases.session_facts(session, inline, code_span)
        rows += [f"- **{label}:** {text}" for label, text in facts]
    return "\n".join(rows)


def _finding(entry: ExportEntry, document: ExportDocument) -> Iterator[str]:
    finding, lead = entry.finding, entry.finding.lead
    yield f"### {phrases.weight(entry.finding).capitalize()}: {inline(lead.title) or 'untitled'}"
    words = [_place(lead.anchor), finding.category, finding.disagreement, entry.carried or ""]
    words += [f"attention {phrases.attention(entry.attention)}"] if entry.attention else []
    yield " · ".join(filter(None, words))
    if document.has_several:
        yield f"Seen last in: {inline(phrases.session(document.session_of(entry)))}".rstrip()
    if not lead.anchored:
        yield phrases.UNANCHORED
    yield _shown(lead.anchor.quote)
    yield from map(inline, phrases.looks(lead))
    for report in finding.claims:
        yield from _report(report, entry)
    if places := phrases.also_at(entry.finding):
        yield inline(places)
    for said in said_of(entry):
        yield from argument(said)
    if entry.decided:
        yield f"**Decision:** {inline(phrases.decision(entry.decided))}"
    if said := inline(phrases.fix_status(entry)):
        yield f"**Fix:** {said}"
    if said := inline(phrases.threads(entry)):
        yield f"**Thread:** {said}"
    if note := paragraphs(entry.note):
        yield "**Note:**"
        yield quotation(note)


def _place(anchor: Anchor) -> str:
    return code_span(phrases.place(anchor)) + phrases.side_note(anchor)


def _shown(quote: str) -> str:
    lines = visible_block(quote).split("\n")
    shown = [shorten(line, _QUOTE_COLUMNS) for line in lines[:_QUOTE_LINES]]
    block = fence("\n".join(shown))
    if len(lines) <= _QUOTE_LINES:
        return block
    more = count_of(len(lines) - _QUOTE_LINES, "more line", "more lines")
    return f"{block}\n\n… and {more}"


def _report(report: Report, entry: ExportEntry) -> Iterator[str]:
    who = phrases.reviewer(report.reviewer, entry.same_family)
    yield f"**{report.lens.capitalize()}**, {code_span(who)}:"
    yield paragraphs(report.claim)
    if scenario := inline(report.scenario):
        yield f"**How it fails:** {scenario}"
    if settle := inline(report.settle):
        yield f"**What would settle it:** {settle}"
    if report.suggestion is None:
        return
    yield f"**Suggestion:** {inline(report.suggestion.description)}".rstrip()
    if report.suggestion.replacement is not None:
        yield fence(_as_diff(report.anchor.quote, report.suggestion.replacement), "diff")


def _as_diff(before: str, after: str) -> str:
    rows = [f"-{line}" for line in visible_block(before).split("\n")]
    if after:
        rows += [f"+{line}" for line in visible_block(after).rstrip("\n").split("\n")]
    return "\n".join(shorten(row, _QUOTE_COLUMNS) for row in rows)


def argument(said: Statement) -> Iterator[str]:
    """A statement as blocks of Markdown."""
    when = f", {inline(said.moment)}" if said.moment else ""
    yield f"**{said.kind}**, {code_span(said.who)}{when}:"
    yield paragraphs(said.text)
    if said.quote.strip():
        yield f"It quotes {code_span(said.place)}:" if said.place else "It quotes:"
        yield _shown(said.quote)
    if said.doubt:
        yield said.doubt
    if settles := inline(said.settles):
        yield f"**What would settle it:** {settles}"


def _in_a_line(entry: ExportEntry, document: ExportDocument) -> str:
    lead, several = entry.finding.lead, document.has_several
    parts = [
        f"- {phrases.weight(entry.finding)}: {inline(lead.title) or 'untitled'}",
        _place(lead.anchor),
        str(entry.finding.disagreement),
        str(entry.decided.decision.reason) if entry.decided else "",
        inline(phrases.suppression(entry.suppression)) if entry.suppression else "",
        f"{code_span(', '.join(sorted(entry.same_family)))} {phrases.OF_AUTHOR}"
        if entry.same_family
        else "",
        f"seen last in: {inline(phrases.session(document.session_of(entry)))}" if several else "",
        *map(_gist, said_of(entry)),
        f"fix: {inline(entry.fix.words)}" if entry.fix else "",
        inline(entry.note),
    ]
    return " · ".join(filter(None, parts))


def _gist(said: Statement) -> str:
    told = " ".join(filter(None, (inline(said.gist), said.doubt)))
    return f"{said.kind}, {code_span(said.who)}{': ' if told else ''}{told}"


def _gaps(gaps: tuple[CoverageEntry, ...]) -> str:
    rows = [
        f"- {code_span(path)}: {gap.reading}, {code_span(who)}"
        + (f", {why}" if (why := inline(gap.why)) else "")
        for gap in gaps[:_GAPS_LISTED]
        for path, who in [phrases.missed(gap)]
    ]
    if len(gaps) > _GAPS_LISTED:
        rows.append(f"- and {count_of(len(gaps) - _GAPS_LISTED, 'more', 'more')}")
    return "\n".join(rows)
