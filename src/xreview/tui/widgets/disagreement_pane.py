"""The disagreement pane: its two sides stand side by side wherever there is room for that."""

from textual.content import Content

from xreview.domain.finding import Finding
from xreview.tui.widgets.disagreement_text import Beside, disagreement_content
from xreview.tui.widgets.text_pane import TextPane


class DisagreementPane(TextPane):
    """Shows what is said for and against a finding, laid out to its width."""

    _shown: tuple[Finding, Beside] | None = None

    def show_finding(self, finding: Finding, beside: Beside) -> None:
        """Show another finding, or what else is known of this one."""
        self._shown = (finding, beside)
        self._draw()

    def show_nothing(self) -> None:
        """No finding is under the cursor."""
        self._shown = None
        self._draw()

    def on_resize(self) -> None:
        """Lay it out to the new width."""
        if self._shown is not None:
            self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            self.show(Content(""), None)
            return
        finding, beside = self._shown
        width = self.scrollable_content_region.width
        self.show(disagreement_content(finding, beside, width), finding.fingerprint)
