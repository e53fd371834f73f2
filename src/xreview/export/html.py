"""A review as one page to read, send, and print.

It has no scripts and loads nothing: its Content-Security-Policy allows only its own style sheet, by
hash. By the HTML standard, text and quoted attribute values need `&`, `<`, `>`, and quotes escaped;
`line` and `block` do that after making control characters visible. No state is shown by colour
alone.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib import resources

from xreview.domain.coverage import CoverageEntry
from xreview.domain.pull.prose import prose_of
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.domain.session_account.sections import account_sections
from xreview.domain.text import count_of, visible, visible_block
from xreview.export import phrases
from xreview.export.document import ExportDocument, ExportEntry, Standing
from xreview.export.format import ExportFormat
from xreview.export.statements import Statement, said_of


def _render(document: ExportDocument) -> str:
    """The page."""
    title = f"Review: {line(document.title) or 'untitled'}"
    sections = [*_sections(document)]
    parts = [
        '<!DOCTYPE html>\n<html lang="en">',
        *_head(title),
        "<body>",
        element("a", "Skip to the findings", class_="skip", href="#findings"),
        element("header", f"<h1>{title}</h1>{_facts(document)}"),
        *_warning(document),
        _contents(sections),
        '<main id="findings">',
        *(section.html for section in sections),
        "</main>",
        element("footer", _footer(document), class_="quiet"),
        "</body>\n</html>",
    ]
    return "\n".join(parts) + "\n"


FORMAT = ExportFormat("html", ".html", "text/html", "one page to read or to print", "h", _render)


def line(text: str) -> str:
    """Hostile text on one line as HTML in which nothing takes effect."""
    return escape(visible(text))


def block(text: str) -> str:
    """Hostile text with its line ends and tabs as HTML in which nothing takes effect."""
    return escape(visible_block(text))


def element(name: str, content: str, **attributes: str) -> str:
    """An element around HTML content. `class_` stands for `class`, `_` for `-`."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{line(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{content}</{name}>"


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the page, with its item in the table of contents."""

    html: str
    item: str


@cache
def _style() -> str:
    return (resources.files("xreview.export") / "html.css").read_text("utf-8")


def _head(title: str) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="color-scheme" content="light dark">'
    yield element("title", title)
    yield element("style", _style())
    yield "</head>"


def _facts(document: ExportDocument) -> str:
    facts = [("Findings", phrases.finding_counts(document))]
    if document.left_out:
        facts.append(("Left out of this export", count_of(document.left_out, "finding")))
    if not document.has_several:
        return _list([*facts, *phrases.session_facts(document.latest, line, line)])
    html = _list(facts)
    for session in document.sessions:
        title = line(phrases.session(session)) or "untitled"
        html += _list([("Session", title), *phrases.session_facts(session, line, line)])
    return html


def _list(facts: Iterable[tuple[str, str]]) -> str:
    rows = "".join(element("dt", name) + element("dd", value) for name, value in facts)
    return element("dl", rows, class_="facts")


def _warning(document: ExportDocument) -> Iterator[str]:
    if document.is_complete:
        return
    said = f"<strong>{phrases.INCOMPLETE}</strong> {phrases.NOT_CLEAN}"
    if document.gaps:
        said += " " + element("a", "What was not reviewed", href="#not-reviewed") + "."
    yield element("p", said, class_="warning", role="note")


def _contents(sections: Iterable[_Section]) -> str:
    items = element("ol", "".join(element("li", section.item) for section in sections))
    heading = element("h2", "Contents", id="contents")
    return element("nav", heading + items, aria_labelledby="contents")


def _sections(document: ExportDocument) -> Iterator[_Section]:
    if not document.entries:
        html = element("h2", "Findings", id="none") + element("p", phrases.nothing(document))
        yield _Section(html, element("a", "Findings", href="#none"))
    number = 0
    for standing, entries in document.by_standing.items():
        if entries:
            yield _standing(standing, entries, number, document)
            number += len(entries)
    if document.said:
        title = f"Said on the change ({len(document.said)})"
        html = element("h2", title, id="said") + "".join(
            _prose(f"{phrases.comment_heading(one)}:", prose_of(one.body)) for one in document.said
        )
        yield _Section(element("section", html), element("a", title, href="#said"))
    if accounts := _accounts(document):
        title = "Session account"
        html = element("h2", title, id="session-account") + accounts
        yield _Section(element("section", html), element("a", title, href="#session-account"))
    if document.gaps:
        title = f"Not reviewed ({len(document.gaps)})"
        html = element("h2", title, id="not-reviewed") + _gaps(document.gaps)
        yield _Section(element("section", html), element("a", title, href="#not-reviewed"))


def _accounts(document: ExportDocument) -> str:
    html = ""
    for session in document.sessions:
        if session.session_account is None:
            continue
        if document.has_several:
            html += element("p", line(phrases.session(session)) or "untitled", class_="quiet")
        for section in account_sections(session.session_account):
            rows = "".join(element("li", line(said)) for said in section.lines)
            html += element("h3", line(section.title)) + element("ul", rows)
    return html


def _standing(
    standing: Standing, entries: tuple[ExportEntry, ...], number: int, document: ExportDocument
) -> _Section:
    title = f"{standing.capitalize()} ({len(entries)})"
    html = element("h2", title, id=standing.value)
    items = ""
    for index, entry in enumerate(entries, start=number + 1):
        id = f"finding-{index}"
        html += "\n" + element(
            "article", "".join(_finding(entry, id, document)), aria_labelledby=id
        )
        items += element("li", element("a", _title(entry), href=f"#{id}"))
    item = element("a", title, href=f"#{standing.value}") + element("ol", items)
    return _Section(element("section", html, aria_labelledby=standing.value), item)


def _title(entry: ExportEntry) -> str:
    title = line(entry.finding.lead.title) or "untitled"
    return f"{phrases.weight(entry.finding).capitalize()}: {title}"


def _finding(entry: ExportEntry, id: str, document: ExportDocument) -> Iterator[str]:
    finding, lead = entry.finding, entry.finding.lead
    yield element("h3", _title(entry), id=id)
    level = f"attention {phrases.attention(entry.attention)}" if entry.attention else ""
    words = filter(None, [finding.category, finding.disagreement, entry.carried, level])
    yield element("p", line(" · ".join(words)), class_="quiet")
    if document.has_several:
        seen = line(phrases.session(document.session_of(entry)))
        yield element("p", f"Seen last in: {seen}", class_="quiet")
    if decided := entry.decided:
        said = line(phrases.decision(decided))
        yield element("p", f"<strong>Decision:</strong> {said}", class_="decision")
    if fix := phrases.fix_status(entry):
        yield _prose("Fix:", fix)
    if said := phrases.threads(entry):
        yield _prose("Thread:", said)
    if entry.suppression:
        yield _prose("Suppressed:", phrases.suppression(entry.suppression))
    if entry.note.strip():
        yield _prose("Note:", entry.note)
    if not lead.anchored:
        yield element("p", phrases.UNANCHORED)
    yield _code(
        phrases.place(lead.anchor) + phrases.side_note(lead.anchor), block(lead.anchor.quote)
    )
    for sentence in phrases.looks(lead):
        yield element("p", line(sentence), class_="prose")
    for report in finding.claims:
        yield from _report(report, entry)
    if places := phrases.also_at(finding):
        yield element("p", line(places), class_="prose")
    for said in said_of(entry):
        yield from _argument(said)


def _prose(name: str, text: str) -> str:
    return element("p", f"<strong>{line(name)}</strong> {block(text.strip())}", class_="prose")


def _code(caption: str, code: str) -> str:
    # The tab stop makes it scrollable by keyboard.
    quoted = element("pre", element("code", code), tabindex="0")
    return element("figure", element("figcaption", line(caption)) + quoted)


def _report(report: Report, entry: ExportEntry) -> Iterator[str]:
    who = phrases.reviewer(report.reviewer, entry.same_family)
    yield _prose(f"{report.lens.capitalize()}, {who}:", report.claim)
    if report.scenario.strip():
        yield _prose("How it fails:", report.scenario)
    if report.settle.strip():
        yield _prose("What would settle it:", report.settle)
    if report.suggestion is None:
        return
    yield _prose("Suggestion:", report.suggestion.description)
    if report.suggestion.replacement is not None:
        before, after = report.anchor.quote, report.suggestion.replacement
        rows = [element("del", f"-{row}") for row in block(before).split("\n")]
        if after:
            rows += [element("ins", f"+{row}") for row in block(after).rstrip("\n").split("\n")]
        yield _code("As a change", "".join(rows))


def _argument(said: Statement) -> Iterator[str]:
    yield _prose(f"{said.heading}:", said.text)
    if said.quote.strip():
        yield _code(said.quotes, block(said.quote))
    if said.doubt:
        yield element("p", said.doubt)
    if said.settles.strip():
        yield _prose("What would settle it:", said.settles)


def _gaps(gaps: tuple[CoverageEntry, ...]) -> str:
    names = "".join(
        element("th", name, scope="col") for name in ("File", "Reviewer", "What", "Why")
    )
    rows = [
        "".join(element("td", line(text)) for text in (*phrases.missed(gap), gap.reading, gap.why))
        for gap in gaps
    ]
    body = "\n".join(element("tr", row) for row in rows)
    head = element("thead", element("tr", names))
    return element("table", head + element("tbody", body))


def _footer(document: ExportDocument) -> str:
    return line(f"xreview-tui {document.program_version}, {phrases.minute_of(document.as_of)}")
