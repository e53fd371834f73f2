"""The panes of the two voices: what they say about the row under the cursor."""

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from xreview.domain.finding import Finding
from xreview.domain.text import visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.screens.triage.splits import CASE, TITLES
from xreview.tui.widgets.disagreement_text import disagreement_content, finding_context
from xreview.tui.widgets.findings.rows import Heading, Row
from xreview.tui.widgets.review_text import NO_FINDING, many_content, review_content
from xreview.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.past.precedents import Precedents

_NOTHING = Content("")


class Voices:
    """Review and disagreement: what is claimed, and what speaks against it."""

    def __init__(self, key_map: KeyMap) -> None:
        self.review, self.disagreement = (TextPane(id=id) for id in CASE)
        self._title("", _NOTHING)
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
        anchor, kind = finding.anchor, finding.disagreement.value
        coloured = (kind, f"bold $disagreement-{kind}")
        self._title(f" · {visible(anchor.path)}:{anchor.start_line}", Content.assemble(coloured))
        self.review.show(partial(review_content, finding, snapshot), finding.fingerprint)
        context = finding_context(finding, snapshot, precedents)
        other_side = partial(
            disagreement_content, finding, context, ask_key=self._ask_key, is_whole=is_whole
        )
        self.disagreement.show(other_side, finding.fingerprint)

    def show_row(self, row: Row | None) -> None:
        """Say what the cursor is on, if it isn't on a finding."""
        self._title("", _NOTHING)
        is_folded = isinstance(row, Heading)
        told = many_content(row.count, row.meaning) if is_folded else NO_FINDING
        self.review.show(lambda _: told, None)
        self.disagreement.show(lambda _: _NOTHING, None)

    def _title(self, place: str, kind: Content) -> None:
        self.review.border_title = Content.assemble(TITLES["review"], place)
        self.disagreement.border_title = Content.assemble(
            TITLES["disagreement"], " · " if kind else "", kind
        )
