"""Pointing at code on the main screen: ranges, gutter marks, and copying."""

from collections.abc import Mapping, Sequence

from textual import on

from xreview.domain.finding import Finding
from xreview.domain.text import count_of
from xreview.tui.screens.triage.moving import MovingScreen
from xreview.tui.widgets.diff.code_range import CodeRange
from xreview.tui.widgets.diff.view import DiffView
from xreview.tui.widgets.findings.marks import LinePlace, line_place


class PointingScreen(MovingScreen):
    """The panes with the keys that point at code. `environ` is where programs are looked for."""

    environ: Mapping[str, str] = {}

    # ranges

    def action_range(self) -> None:
        """Start a range of lines at the cursor of the code, or end it."""
        self.focus_pane("code")
        if not self.code.end_range() and not self.code.begin_range():
            self.app.notify("Go to a line of code to start a range.", severity="warning")

    def end_pointing(self) -> bool:
        """End the range of lines in the code; return False if there is none to end."""
        return self.pane is self.code and self.code.end_range()

    # gutter marks

    def action_go_to_code(self) -> None:
        """Select the finding marked on the line, the next one if it's selected already."""
        place = self.code.marked_place() if self.pane is self.code else None
        if place is None or not self.select_marked(place):
            super().action_go_to_code()

    @on(DiffView.MarkChosen)
    def choose_mark(self, message: DiffView.MarkChosen) -> None:
        """Select the finding of a clicked mark."""
        self.select_marked(message.place)

    def select_marked(self, place: LinePlace) -> bool:
        """Move the list's cursor to the next finding marked here; False if it's there already."""
        marked = [one for one in self._marked() if place in map(line_place, one.places)]
        current = self.findings.current
        index = marked.index(current) + 1 if current in marked else 0
        if not marked or marked[index % len(marked)] == current:
            return False
        chosen = marked[index % len(marked)]
        self.code.mark(next(one for one in chosen.places if line_place(one) == place))
        if not self.reveal(chosen):
            self.app.notify("The filter hides this finding. Press f to change it.")
        return True

    def _marked(self) -> list[Finding]:
        findings = self.snapshot.findings if self.snapshot else ()
        return [finding for finding in findings if finding.lead.anchored]

    # copying

    def action_copy(self) -> None:
        """Copy code in the code pane, else the selection or the finding as a fix prompt."""
        if self.pane is self.code:
            self._copy_code()
        else:
            self._copy_findings(self._selection() or self._current(), "No finding to copy.")

    def action_copy_accepted(self) -> None:
        """Copy all accepted findings as a fix prompt."""
        from xreview.tui.handoff.clipboard import accepted_findings

        nothing = "Nothing accepted yet. Press a to accept a finding."
        self._copy_findings(accepted_findings(self.snapshot), nothing)

    def _copy_findings(self, findings: Sequence[Finding], nothing: str) -> None:
        if self.snapshot is None or not findings:
            self.app.notify(nothing, severity="warning")
            return
        from xreview.tui.handoff.clipboard import prompt_to_copy

        prompt = prompt_to_copy(self.snapshot, findings, self.precedents)
        self._copy_later(prompt, count_of(len(findings), "finding"))

    def _copy_later(self, text: str, what: str) -> None:
        """Copy a text while the keys go on working; `what` names it in the notice."""
        from xreview.tui.handoff.clipboard import copy_text

        repository = self.snapshot.source.repository if self.snapshot else ""
        copying = copy_text(self, text, what, self.environ, repository)
        self.run_worker(copying, group="copy", exclusive=True)

    def _copy_code(self) -> None:
        """Copy the range, or the line under the cursor of the code."""
        chosen = self.code.chosen_range()
        if chosen is None or chosen.is_whole_file:
            self.app.notify("No line of code here to copy.", severity="warning")
        else:
            from xreview.tui.handoff.clipboard import code_to_copy

            self._copy_later(*code_to_copy(chosen))

    def action_copy_place(self) -> None:
        """Copy the place under the cursor as `path:line`."""
        chosen = self.code.chosen_range() if self.pane is self.code else self._place_of_current()
        if chosen is None:
            self.app.notify("No line to copy the place of.", severity="warning")
        else:
            from xreview.tui.handoff.clipboard import place_to_copy

            self._copy_later(place := place_to_copy(chosen), place)

    def _current(self) -> list[Finding]:
        return [finding] if (finding := self.findings.current) is not None else []

    def _selection(self) -> list[Finding]:
        findings = self.snapshot.findings if self.snapshot else ()
        return [finding for finding in findings if finding.fingerprint in self.findings.selected]

    def _place_of_current(self) -> CodeRange | None:
        if (finding := self.findings.current) is None:
            return None
        anchor = finding.anchor
        return CodeRange(anchor.path, anchor.side, anchor.start_line, anchor.end_line, anchor.quote)
