"""Accepted findings as a pull-request review on GitHub, in a file; nothing is posted.

The JSON is the body of `POST /repos/{owner}/{repo}/pulls/{number}/reviews` (REST API version
2022-11-28). Without an `event`, the review stays pending until you submit it:

    gh api repos/OWNER/REPO/pulls/NUMBER/reviews --input review.json

The API refuses a whole review if one comment isn't on lines of one hunk of the diff, so findings on
other lines, or all if the diff is unknown, are in the review's own text. Text is escaped as in
`markdown`. A suggestion with control characters isn't offered for commit, because they aren't
visible. The body has the account of the session in one line, without costs, names of reviewers and
paths: they are for you, not for the readers of a pull request.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from xreview.domain.account import NO_APPROVAL
from xreview.domain.change import Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.pull.markup import LONGEST_BODY
from xreview.domain.report import Report
from xreview.domain.session_account.sections import account_headline
from xreview.domain.text import count_of, visible_block
from xreview.export import phrases
from xreview.export.ascii_json import ascii_json
from xreview.export.document import ExportDocument, ExportEntry
from xreview.export.format import ACCEPTED_ONLY, ExportFormat
from xreview.export.markdown import BETWEEN, argument, fitting
from xreview.export.markdown_text import code_span, fence, inline, paragraphs, quotation
from xreview.export.statements import said_of
from xreview.hardening.lookalikes import told_of

_CUT = "\n\n… the rest didn't fit and is left out here."
_SIDES = {Side.OLD: "LEFT", Side.NEW: "RIGHT"}
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def _render(document: ExportDocument) -> str:
    """The pending review, as JSON."""
    accepted = document.to_fix
    placed: list[ExportEntry] = []
    elsewhere: list[ExportEntry] = []
    for entry in accepted:
        (placed if _has_place(entry, document) else elsewhere).append(entry)
    review: dict[str, Any] = {"body": _body(document, len(accepted), elsewhere)}
    head = document.latest.source.head
    if head is not None and _COMMIT.fullmatch(head) and not document.latest.source.is_attempt:
        review["commit_id"] = head
    review["comments"] = [_comment(entry) for entry in placed]
    return ascii_json(review, indent=2) + "\n"


FORMAT = ExportFormat(
    "github",
    ".json",
    "application/json",
    "a pending pull-request review of the accepted ones",
    "g",
    _render,
    ACCEPTED_ONLY,
)


def _has_place(entry: ExportEntry, document: ExportDocument) -> bool:
    lead, session, latest = entry.finding.lead, document.session_of(entry), document.latest
    head = latest.source.head
    # Lines of an earlier session are valid only for the same commit.
    is_now = session is latest or (head is not None and session.source.head == head)
    # JSON can't hold a path that isn't UTF-8.
    is_nameable = not any("\ud800" <= sign <= "\udfff" for sign in lead.anchor.path)
    return lead.anchored and is_nameable and is_now and session.shows(lead.anchor)


def _comment(entry: ExportEntry) -> dict[str, Any]:
    anchor = entry.finding.anchor
    side = _SIDES[anchor.side]
    comment: dict[str, Any] = {"path": anchor.path, "line": anchor.end_line, "side": side}
    if anchor.start_line != anchor.end_line:
        comment |= {"start_line": anchor.start_line, "start_side": side}
    return {**comment, "body": _fitted(_parts(entry, on_its_line=True))}


def _body(document: ExportDocument, accepted: int, elsewhere: Sequence[ExportEntry]) -> str:
    parts = [f"{count_of(accepted, 'finding')} of a cross-model review, accepted by a person."]
    if not document.is_complete:
        parts.append(f"**{phrases.INCOMPLETE}** {phrases.NOT_CLEAN}")
        parts.append(f"{inline(phrases.account(document.latest))}.")
    if account := document.latest.session_account:
        parts.append(f"Session account: {inline(account_headline(account))}.")
    if weighed := document.latest.attention:
        parts.append(f"Attention: {phrases.attention(weighed.level)}.")
    if document.latest.is_by_analysers:
        parts.append(NO_APPROVAL)
    if document.left_out:
        parts.append(f"{count_of(document.left_out, 'finding')} left out by a filter.")
    if document.latest.source.head is None:
        parts.append("The code wasn't committed when it was reviewed: lines may have moved.")
    if elsewhere:
        parts.append("### Not on lines of the diff")
    for entry in elsewhere:
        parts.append(_place(entry.finding.anchor))
        parts += _parts(entry, on_its_line=False)
    return _fitted(parts)


def _place(anchor: Anchor) -> str:
    return f"**{code_span(phrases.place(anchor))}**{phrases.side_note(anchor)}"


def _parts(entry: ExportEntry, *, on_its_line: bool) -> Iterator[str]:
    finding, lead = entry.finding, entry.finding.lead
    title = inline(lead.title) or "untitled"
    words = [phrases.weight(finding).capitalize(), finding.category, *phrases.not_lone(finding)]
    words += [f"attention {phrases.attention(entry.attention)}"] if entry.attention else []
    yield f"**{', '.join(words)}:** {title}"
    if not on_its_line:
        if not lead.anchored:
            yield phrases.UNANCHORED
        yield fence(lead.anchor.quote)
    yield from map(inline, phrases.looks(lead))
    for report in finding.claims:
        yield from _report(report, entry)
    if places := phrases.also_at(finding):
        yield inline(places)
    for said in said_of(entry):
        yield from filter(None, argument(said))
    if fix := inline(phrases.fix_status(entry)):
        yield f"**Fix:** {fix}"
    if said := inline(phrases.threads(entry)):
        yield f"**Thread:** {said}"
    if note := paragraphs(entry.note):
        yield quotation(note)
    if on_its_line and (suggestion := _suggestion(lead)) is not None:
        yield suggestion


def _report(report: Report, entry: ExportEntry) -> Iterator[str]:
    who = code_span(phrases.reviewer(report.reviewer, entry.same_family))
    yield f"{who}: {paragraphs(report.claim)}".rstrip()
    if scenario := inline(report.scenario):
        yield f"**How it fails:** {scenario}"
    if report.suggestion is not None and (description := inline(report.suggestion.description)):
        yield f"**Suggestion:** {description}"


def _suggestion(lead: Report) -> str | None:
    """The block that GitHub offers to commit in place of the lines."""
    if (replacement := phrases.replacement_of(lead)) is None:
        return None
    code = replacement.replace("\r\n", "\n").removesuffix("\r")
    if visible_block(code) != code or told_of(enumerate(code.split("\n"))):
        return None  # a click would commit invisible text
    return fence(code, "suggestion") if code else "```suggestion\n```"


def _fitted(parts: Iterable[str]) -> str:
    """The parts that fit, each whole: half of a code span would release its content."""
    known = list(parts)
    shown, _ = fitting(known, LONGEST_BODY - len(_CUT))
    return BETWEEN.join(shown) + (_CUT if len(shown) < len(known) else "")
