"""What a user typed about a problem, and the report that it makes."""

from xreview.domain.change import Change, FileDiff, LineKind, Side
from xreview.domain.errors import UsageError
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.own_findings import as_reviewer, lens_of
from xreview.domain.record import dataclass, replace
from xreview.domain.report import (
    Category,
    Confidence,
    Report,
    ReviewerIdentity,
    Severity,
    Suggestion,
)
from xreview.ports.reviewer import ContentReader, RawReport
from xreview.review.session.ground import Grounding

NO_CODE = UsageError("A finding needs a line of code.", "Go to a line that isn't blank.")
NO_TEXT = UsageError("The finding has no text.", "Write what is wrong in its first line.")


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A user's finding before it is checked.

    Args:
        path, side, start_line, end_line: the place, 1-based and inclusive.
        quote: the lines, verbatim, joined by line feeds.
        text: its first line is the title, and the rest the claim.
        replacement: what to put in place of the lines; None for no suggestion.
    """

    path: str
    side: Side
    start_line: int
    end_line: int
    quote: str
    text: str
    severity: Severity
    category: Category
    replacement: str | None = None

    @property
    def title(self) -> str:
        """The first line."""
        return self.text.strip().partition("\n")[0].strip()

    @property
    def claim(self) -> str:
        """What follows the title; the title itself if nothing does."""
        return self.text.strip().partition("\n")[2].strip() or self.title

    @property
    def suggestion(self) -> Suggestion | None:
        """The suggested edit, if it changes anything."""
        if self.replacement is None or self.replacement == self.quote:
            return None
        return Suggestion("Replace the quoted lines.", self.replacement)


def first_change(file: FileDiff) -> tuple[Side, int, str] | None:
    """The line that stands for a whole file: the first one added that isn't blank, else the first
    one removed; its side, number and text."""
    removed: tuple[Side, int, str] | None = None
    for hunk in file.hunks:
        for line in hunk.lines:
            if not line.text.strip() or line.kind is LineKind.CONTEXT:
                continue
            if line.new_number is not None:
                return Side.NEW, line.new_number, line.text
            if removed is None and line.old_number is not None:
                removed = Side.OLD, line.old_number, line.text
    return removed


def draft_of(report: Report) -> OwnDraft:
    """The draft to edit a user's finding."""
    anchor, suggestion = report.anchor, report.suggestion
    text = report.title if report.claim == report.title else f"{report.title}\n{report.claim}"
    return OwnDraft(
        anchor.path,
        anchor.side,
        anchor.start_line,
        anchor.end_line,
        anchor.quote,
        text,
        report.severity,
        report.category,
        suggestion.replacement if suggestion else None,
    )


async def grounded(
    draft: OwnDraft, reviewer: ReviewerIdentity, change: Change, contents: ContentReader
) -> Report:
    """The draft as a report with its place in the code.

    Raises UsageError if it has no text or quotes no code, ChangeError if git fails.
    """
    if not draft.title:
        raise NO_TEXT
    if not draft.quote.strip():
        raise NO_CODE
    report = await _checked(draft, reviewer, change, contents)
    if not report.anchored:
        raise NO_CODE
    return report


async def found_again(
    last: Report, file: FileDiff, change: Change, contents: ContentReader
) -> Report | None:
    """An earlier own report where its code is now, unanchored if the code is gone; None if the file
    can't be read. Raises ChangeError if git fails."""
    if await contents.read(file, last.anchor.side) is None:
        return None
    draft = replace(draft_of(last), path=file.path)
    found = await _checked(draft, last.reviewer, change, contents)
    return replace(last, anchor=found.anchor, anchored=found.anchored)


async def _checked(
    draft: OwnDraft, reviewer: ReviewerIdentity, change: Change, contents: ContentReader
) -> Report:
    raw = RawReport(
        reviewer=reviewer,
        claim_key=claim_key_of(draft.title, draft.claim, draft.category),
        rule="",
        title=draft.title,
        claim=draft.claim,
        scenario="",
        category=draft.category,
        severity=draft.severity,
        confidence=Confidence.HIGH,
        path=draft.path,
        side=draft.side,
        start_line=draft.start_line,
        end_line=draft.end_line,
        quote=draft.quote,
        suggestion=draft.suggestion,
    )
    return await Grounding(change, contents).check(raw, lens_of(draft.category))


def edited(report: Report, draft: OwnDraft, actor: str) -> Report:
    """The user's finding as the draft says; place and identity stay. Raises UsageError."""
    if not draft.title:
        raise NO_TEXT
    return replace(
        report,
        reviewer=as_reviewer(actor),
        lens=lens_of(draft.category),
        title=draft.title,
        claim=draft.claim,
        category=draft.category,
        severity=draft.severity,
        suggestion=draft.suggestion,
    )
