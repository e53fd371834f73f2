r"""The texts that are posted, as Markdown in which nothing of others takes effect.

`export.markdown_text` keeps forges from making anything of a text once it is rendered: mentions,
references and links become code. Programs that read comments raw see through that, so a mention has
a word joiner (U+2060) after its `@`, and no line begins with a `/`, which GitLab and bots take for
a command. Code is quoted behind `>` and stays as it is, but for names that wake an agent: it would
take the code for the user's own wish. A suggestion with such a name or line is shown, not offered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from xreview.domain.finding import Finding
from xreview.domain.pull.address import ForgeKind
from xreview.domain.pull.marker import REVIEW_MARKER, finding_marker
from xreview.domain.pull.markup import LONGEST_BODY
from xreview.domain.pull.posting import PlannedComment, PostPlacement
from xreview.domain.report import Report
from xreview.domain.stance import StanceKind
from xreview.domain.text import count_of, visible_block
from xreview.export import phrases
from xreview.export.document import ExportEntry
from xreview.export.markdown import BETWEEN, fitting
from xreview.export.markdown_text import code_span, fence, inline, paragraphs, quotation
from xreview.hardening.lookalikes import told_of

_CUT = "… the rest didn't fit and is left out here."
_MENTION = re.compile(r"@(?=\w)")
_COMMAND = re.compile(r"^(?=/)", re.MULTILINE)
_COMMAND_IN_CODE = re.compile(r"^\s*/[A-Za-z]", re.MULTILINE)
_WAKING = re.compile(
    r"@(?=(?:bors|bugbot|claude|coderabbit|codex|copilot|cursor|dependabot|devin|gemini|github-|"
    r"greptile|jules|mergify|openai|opencode|openhands|qodo|qwen|renovate|sentry|sourcery|sweep))",
    re.IGNORECASE,
)
"""Mentions for which programs search the text of a comment, code too."""
_JOINER = "\N{WORD JOINER}"
_ROOM_FOR_MARKERS = 200


def quiet(text: str) -> str:
    """A text of others as inert paragraphs."""
    return _quieted(paragraphs(text))


def quiet_line(text: str) -> str:
    """A text of others on one inert line."""
    return _quieted(inline(text))


def quiet_lines(text: str) -> str:
    """A text that the user typed: line by line as it was typed, and inert."""
    rows = (_quieted(inline(row)) for row in text.strip().split("\n"))
    return re.sub(r"\n{3,}", BETWEEN, "\n".join(rows))


def _quieted(markdown: str) -> str:
    return _COMMAND.sub(r"\\", _MENTION.sub(f"@{_JOINER}", markdown))


def comment_text(entry: ExportEntry, planned: PlannedComment, replacement: str | None) -> str:
    """The comment for a finding on lines or a file; `replacement` is what can be committed there,
    in the words of `suggestion_of`."""
    parts = _finding_parts(entry)
    if planned.placement is PostPlacement.FILE:
        parts = (_place(entry.finding), _code(entry.finding.anchor.quote), *parts)
    elif not planned.is_range and entry.finding.anchor.start_line < entry.finding.anchor.end_line:
        parts = (_place(entry.finding), *parts)
    suggested = replacement if replacement is not None else _shown_replacement(entry.finding.lead)
    room = LONGEST_BODY - _ROOM_FOR_MARKERS
    return _fitted([*parts, *_note(entry), suggested], room, [finding_marker(planned.subjects[0])])


def section_text(entry: ExportEntry, planned: PlannedComment) -> str:
    """The part of a review's text for a finding that isn't on lines of the diff."""
    place = f"{_place(entry.finding)}{f' ({planned.why})' if planned.why else ''}"
    shown = _shown_replacement(entry.finding.lead)
    quote = _code(entry.finding.anchor.quote)
    parts = [place, quote, *_finding_parts(entry), *_note(entry), shown]
    return _fitted(parts, LONGEST_BODY // 4, [])


def review_text(count: int, sections: Sequence[tuple[str, str]]) -> tuple[str, int]:
    """The text of a review of so many findings, and how many of the sections fit in it.

    Args:
        sections: texts with the fingerprint that their marker names.
    """
    each = "" if count == 1 else "each "
    head = [f"{count_of(count, 'finding')} of a code review, {each}accepted by a person."]
    if sections:
        head.append("### Not on lines of the diff")
    size = sum(len(part) + len(BETWEEN) for part in head) + _ROOM_FOR_MARKERS
    weighed = [f"{text}\n{finding_marker(name)}" for text, name in sections]
    fitted, _ = fitting(weighed, LONGEST_BODY - size)
    shown = sections[: len(fitted)]
    markers = [REVIEW_MARKER, *(finding_marker(name) for _, name in shown)]
    return BETWEEN.join([*head, *(text for text, _ in shown), "\n".join(markers)]), len(shown)


def suggestion_of(lead: Report, planned: PlannedComment, kind: ForgeKind) -> str | None:
    """The block that a forge offers to commit in place of the lines; None if it must not.

    The caller has checked that the comment is on exactly the lines of the report.
    """
    code = _replacement(lead)
    if code is None or kind not in (ForgeKind.GITHUB, ForgeKind.GITLAB):
        return None
    lines = code.split("\n")
    if visible_block(code) != code or any(told_of(enumerate(lines, 1))):
        return None  # a click would commit invisible text
    if _COMMAND_IN_CODE.search(code) or _WAKING.search(code):
        return None
    language = "suggestion"
    if kind is ForgeKind.GITLAB:
        language += f":-{planned.end_line - planned.start_line}+0"
    return fence(code, language) if code else f"```{language}\n```"


def _replacement(lead: Report) -> str | None:
    found = phrases.replacement_of(lead)
    return None if found is None else found.replace("\r\n", "\n").removesuffix("\n")


def _shown_replacement(lead: Report) -> str:
    code = _replacement(lead)
    return f"Suggested code:\n\n{_code(code)}" if code and code.strip() else ""


def _finding_parts(entry: ExportEntry) -> Sequence[str]:
    finding = entry.finding
    return list(filter(None, _told(finding, entry)))


def _told(finding: Finding, entry: ExportEntry) -> Iterator[str]:
    lead = finding.lead
    yield f"**{quiet_line(lead.title) or 'untitled'}**"
    yield _about(finding, entry)
    yield from map(quiet_line, phrases.looks(lead))
    for at, report in enumerate(finding.claims):
        who = "" if at == 0 else f"{_name(report, entry)}: "
        if at or report.claim.strip() != report.title.strip():
            yield f"{who}{quiet(report.claim)}"
        if scenario := quiet_line(report.scenario):
            yield f"**How it fails:** {scenario}"
        if report.suggestion is not None and (how := quiet_line(report.suggestion.description)):
            yield f"**Suggestion:** {how}"
    yield quiet_line(phrases.also_at(finding))


def _about(finding: Finding, entry: ExportEntry) -> str:
    """`Severity: high. Reported by …. Disputed by ….`"""
    names = dict.fromkeys(_name(report, entry) for report in finding.reports)
    said = [f"Severity: {phrases.weight(finding)}.", f"Reported by {_listed(names)}."]
    disputes = {StanceKind.REBUTS: "Disputed by", StanceKind.TRADE_OFF: "A trade-off, says"}
    for kind, words in disputes.items():
        parties = dict.fromkeys(
            _quieted(code_span(phrases.party(one.party, entry.author_family)))
            for one in finding.stances
            if one.counts_as is kind
        )
        if parties:
            said.append(f"{words} {_listed(parties)}; a person accepted it.")
    return " ".join(said)


def _name(report: Report, entry: ExportEntry) -> str:
    return _quieted(code_span(phrases.reviewer(report.reviewer, entry.same_family)))


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _note(entry: ExportEntry) -> Sequence[str]:
    note = quiet(entry.note) if not entry.note_by else ""
    return ["\n".join(f"> {line}".rstrip() for line in note.split("\n"))] if note else []


def _place(finding: Finding) -> str:
    anchor = finding.anchor
    return f"**{_quieted(code_span(phrases.place(anchor)))}**{phrases.side_note(anchor)}"


def _code(text: str) -> str:
    """Code to read: no line of it begins a line, and no agent is named."""
    return _WAKING.sub(f"@{_JOINER}", quotation(fence(text))) if text.strip() else ""


def _fitted(parts: Iterable[str], room: int, markers: Sequence[str]) -> str:
    """The parts that fit, each whole: half of a code span would release its content."""
    known = list(filter(None, parts))
    shown, _ = fitting(known, room - len(_CUT))
    if len(shown) < len(known):
        shown.append(_CUT)
    return BETWEEN.join([*shown, *markers])
