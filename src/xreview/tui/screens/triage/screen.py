"""Deciding on the main screen: this asks and shows, the session decides."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on

from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.finding import Finding
from xreview.domain.text import count_of
from xreview.tui.actions import ACTIONS_BY_ID, Need
from xreview.tui.messages import ActionRequested, EscalationMade
from xreview.tui.screens.triage.changing import ChangingScreen
from xreview.tui.screens.triage.empty import READING_CHANGE
from xreview.tui.screens.triage.finished import last_decided_words
from xreview.tui.widgets.findings.rows import next_open

if TYPE_CHECKING:  # what asks and what hands over is loaded with the first key that needs it
    from xreview.domain.errors import XReviewError
    from xreview.domain.related import RelatedPlace
    from xreview.tui.screens.triage.asking import SideTaken


class TriageScreen(ChangingScreen):
    """The main screen."""

    editor = ""
    _told_decided = ""
    why_no_arbiter: Callable[[Sequence[Finding]], str] | None = None
    """Says why no third vendor's model can be asked about findings; "" if one can."""

    def show_failure(self, error: "XReviewError") -> None:
        """Say why there is no change to show, and what to do."""
        self.findings.empty_text = (
            f"{error.message}\n\n{error.advice}\n\nPress F to try again, q to quit."
        )

    async def start_over(self) -> None:
        """Forget the change before it's read again; keep filter, sort order, and zoom."""
        await self.end_search()
        self.session = None
        self.snapshot = self._newest = None
        self.precedents = None
        self.findings.start_over()
        self.arrangement.start_over()
        self.findings.empty_text = READING_CHANGE
        await self.renew_code()

    @on(ActionRequested)
    async def do_clicked(self, message: ActionRequested) -> None:
        """Run an action from the footer or the palette."""
        action = ACTIONS_BY_ID[message.id]
        if action.needs is Need.SELECTION and not self.findings.selected:
            self.app.notify("Nothing is selected.")
            return
        await self.run_action(action.method)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key for accepting a selection to another action while nothing is selected."""
        if action == "accept_selection":
            return bool(self.findings.selected)
        return super().check_action(action, parameters)

    def action_edit(self) -> None:
        """Open the line under the cursor in the editor."""
        if self.files.has_focus and self.files.place:
            self.open_place(self.files.place)
            return
        place = self.code.place_under_cursor() if self.pane is self.code else None
        if place is None and (finding := self.findings.current) is not None:
            place = (finding.anchor.path, finding.anchor.side, finding.anchor.start_line)
        if place is None:
            self.app.notify("No line to open.", severity="warning")
            return
        path, _, line = place
        self._edit(path, line)

    def open_place(self, place: "RelatedPlace") -> None:
        """Open a line outside the change, which no pane shows, in the editor."""
        self._edit(place.path, place.line)

    def _edit(self, path: str, line: int) -> None:
        from xreview.tui.handoff.editor import open_in_editor

        open_in_editor(self, self.snapshot, self.editor, path, line)

    def action_go_to_code(self) -> None:
        """Go to the code; to a place outside the change in the editor."""
        outside = self.files.has_focus and self.files.place
        self.open_place(outside) if outside else super().action_go_to_code()

    # decide

    async def action_accept(self) -> None:
        """Accept the finding under the cursor, to fix as suggested; if its reports ask for
        different things, ask which one."""
        await self._accept(self._selection() or self._current())

    async def action_accept_because(self) -> None:
        """Accept the finding under the cursor, and ask how to fix it."""
        await self._ask_decision(Verdict.ACCEPT, self._current())

    async def action_reject(self) -> None:
        """Reject the selection or the finding under the cursor, and ask for the reason."""
        await self._ask_decision(Verdict.REJECT, self._selection() or self._current())

    async def action_escalate(self) -> None:
        """Escalate the selection or the finding under the cursor, and ask for the target."""
        await self._ask_decision(Verdict.ESCALATE, self._selection() or self._current())

    async def action_accept_selection(self) -> None:
        """Accept the selection."""
        await self._accept(self._selection())

    async def action_reject_selection(self) -> None:
        """Reject the selection, and ask for the reason."""
        await self._ask_decision(Verdict.REJECT, self._selection())

    def action_select(self) -> None:
        """Select the finding under the cursor, and move to the next."""
        self.findings.toggle_selected()
        self.findings.move_cursor(1)
        self.refresh_list()

    async def action_clear_selection(self) -> None:
        """End the search, else the range of lines, else the selection, else the zoom."""
        if await self.end_search() or self.end_pointing():
            return
        if self.findings.selected:
            self.findings.clear_selection()
            self.refresh_list()
        elif self.is_zoomed:
            self.action_zoom()

    async def action_take_up(self) -> None:
        """Adopt the decision proposed for the finding under the cursor."""
        from xreview.disagreement.sides import leaves_side_open
        from xreview.domain.proposal import decision_in
        from xreview.tui.screens.triage.asking import NO_SIDE

        finding, snapshot = self.findings.current, self.snapshot
        if finding is None or snapshot is None:
            self.app.notify("No finding to decide on.", severity="warning")
        elif (wanted := decision_in(snapshot.proposed(finding))) is None:
            self.app.notify("No decision is proposed for this finding.")
        elif leaves_side_open(finding, wanted.decision, wanted.chosen):
            self.app.notify(NO_SIDE)
        elif await self._change(lambda session: session.take_up(finding)):
            self._go_to_next_open(finding)

    async def action_note(self) -> None:
        """Write a note on the finding under the cursor."""
        finding, session = self.findings.current, self.session
        if finding is None or session is None:
            return
        old = session.snapshot.triage.note(finding)

        from xreview.tui.dialogs.prompt import PromptScreen

        async def write(text: str) -> None:
            if text.strip() != old:
                await self._change(lambda session: session.write_note(finding, text.strip()))

        await self.app.push_screen(PromptScreen(f"Note: {finding.lead.title}", write, old))

    async def _ask_decision(self, verdict: Verdict, findings: Sequence[Finding]) -> None:
        if not findings or self.session is None:
            self.app.notify("No finding to decide on.", severity="warning")
            return

        from xreview.tui.screens.triage.asking import ask_reason

        async def decide(decision: Decision, until: str | None) -> None:
            if decision.reason is Reason.FIX:
                await self._accept(findings)
            else:
                await self.decide(decision, findings, until)

        ask_why = self.why_no_arbiter if verdict is Verdict.ESCALATE else None
        await ask_reason(self, verdict, findings, decide, ask_why(findings) if ask_why else "")

    async def _accept(self, findings: Sequence[Finding]) -> None:
        """Accept findings, to fix as suggested. Ask for the side of a single one whose reports
        part; among several, leave these out."""
        from xreview.disagreement.sides import is_parted
        from xreview.tui.screens.triage.asking import ASKED_APART, ask_side

        if len(findings) == 1 and is_parted(only := findings[0]) and self.snapshot is not None:
            note = self.snapshot.triage.note(only)
            await ask_side(
                self, only, note, lambda side: self.decide(side.decision, [only], side=side)
            )
            return
        whole = [finding for finding in findings if not is_parted(finding)]
        if left := len(findings) - len(whole):
            self.app.notify(f"{count_of(left, 'finding')} {ASKED_APART}")
        if whole or not left:
            await self.decide(Decision(Verdict.ACCEPT, Reason.FIX), whole)

    async def decide(
        self,
        decision: Decision,
        findings: Sequence[Finding] | None = None,
        until: str | None = None,
        side: "SideTaken | None" = None,
    ) -> None:
        """Decide on these findings, by default the one under the cursor, and go to the next.

        Awaited where keys are handled: the next key waits until this decision is on disk and the
        cursor has moved, so that two quick keys never decide on the same finding.
        """
        chosen = self._current() if findings is None else findings
        if not chosen:
            self.app.notify("No finding to decide on.", severity="warning")
            return
        if not await self._change(
            lambda session: session.decide(
                chosen,
                decision,
                until,
                chosen=side.chosen if side else (),
                note=side.note if side else "",
            )
        ):
            return
        if any(one.fingerprint in self.findings.selected for one in chosen):
            self.findings.clear_selection()
            self.refresh_list()
        if len(chosen) > 1 and not self._is_pending(chosen[-1]):
            self.app.notify(
                f"{count_of(len(chosen), 'finding')} {decision.label}. Press u to undo."
            )
        current = self.findings.current
        if findings is None or current in chosen or not self._is_open(current):
            self._go_to_next_open(chosen[-1])
        if decision.verdict is Verdict.ESCALATE:
            self.post_message(EscalationMade(tuple(chosen), decision.reason))

    def _is_pending(self, finding: Finding) -> bool:
        return self.snapshot is not None and self.snapshot.is_pending(finding)

    def _is_open(self, finding: Finding | None) -> bool:
        snapshot = self.snapshot
        return finding is not None and snapshot is not None and snapshot.triage.is_open(finding)

    def _go_to_next_open(self, after: Finding) -> None:
        if (snapshot := self.snapshot) is None:
            return
        listed = self.findings.listed
        found = next_open(listed, snapshot.triage, after, snapshot.is_pending)
        if found is None and self.arrangement.waiting.new:
            self.arrangement.take_in()
            self.refresh_list()
            listed = self.findings.listed
            found = next_open(listed, snapshot.triage, after, snapshot.is_pending)
        if found is None and (found := self.arrangement.unfold_open(snapshot)) is not None:
            self.refresh_list()
        if found is not None:
            self._told_decided = ""
            self.findings.go_to(found)
        elif not snapshot.is_running:
            told = last_decided_words(snapshot)
            if told != self._told_decided:  # deciding on the last ones again says it once
                self._told_decided = told
                self.app.notify(told)
