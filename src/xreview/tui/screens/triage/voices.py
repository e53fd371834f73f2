"""The panes of the two voices: what they say about the row under the cursor."""

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from xreview.domain.finding import Disagreement, Finding
from xreview.domain.identity.anchor import Anchor
from xreview.domain.text import shorten, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.screens.triage.splits import CASE, TITLES
from xreview.tui.widgets.findings.rows import Heading, Row
from xreview.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.past.precedents import Precedents

NO_FINDING = Content.assemble(("No finding under the cursor.", "$text-muted"))
_CORNERS = 2
"""Cells of the border that a title leaves free within the width of the text."""


class Voices:
    """Review and disagreement: what is claimed, and what speaks against it."""

    def __init__(self, key_map: KeyMap) -> None:
        self.review, self.disagreement = (TextPane(id=id) for id in CASE)
        self.show_row(None)
        self._ask_key = next(map(key_label, key_map["finding.rebut"]), "")

    def show(
        self,
        finding: Finding,
        snapshot: ReviewSnapshot,
        precedents: "Precedents | None",
        *,
        is_whole: bool,
    ) -> None:
        """Show both sides of a finding; shorten nothing if it must be whole."""
        # Here: a start has no finding yet, and the texts need much of what is loaded after it.
        from xreview.tui.widgets.disagreement_text import disagreement_content, finding_context
        from xreview.tui.widgets.review_text import review_content

        review = partial(review_content, finding, snapshot)
        self.review.show(partial(_place_title, finding.anchor), review, finding.fingerprint)
        other_side = partial(
            disagreement_content,
            finding,
            finding_context(finding, snapshot, precedents),
            ask_key=self._ask_key,
            is_whole=is_whole,
        )
        kind = partial(_kind_title, finding.disagreement)
        self.disagreement.show(kind, other_side, finding.fingerprint)

    def show_row(self, row: Row | None) -> None:
        """Say what the cursor is on, if it isn't on a finding."""
        told = _about_group(row) if isinstance(row, Heading) else NO_FINDING
        for pane, text in ((self.review, told), (self.disagreement, Content(""))):
            title = Content(TITLES[pane.id or ""])
            pane.show(partial(_same, title), partial(_same, text), None)


def _about_group(row: Heading) -> Content:
    from xreview.tui.widgets.review_text import many_content

    return many_content(row.count, row.meaning)


def _same(content: Content, room: object) -> Content:
    """Return what is shown whatever the room is."""
    return content


def _place_title(anchor: Anchor, width: int) -> Content:
    """Return the review's title with the place, whose end matters most."""
    title, place = f"{TITLES['review']} · ", f"{visible(anchor.path)}:{anchor.start_line}"
    room = width - len(title) - _CORNERS if width else len(place)
    return Content(title + shorten(place[::-1], room)[::-1])


def _kind_title(kind: Disagreement, width: int) -> Content:
    coloured = (kind.value, f"bold $disagreement-{kind.value}")
    return Content.assemble(f"{TITLES['disagreement']} · ", coloured)
