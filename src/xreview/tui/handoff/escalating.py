"""Escalating a finding: to the author's model, a third vendor's model, a colleague, or a test."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.domain.decision import Reason
from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass, replace
from xreview.domain.stance import StanceKind
from xreview.domain.text import count_of, visible
from xreview.review.session.contained import contained
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.flow import Flow
from xreview.tui.handoff.exporting import absolute_path
from xreview.tui.messages import OpinionArrived, ReviewUpdated
from xreview.tui.screens.triage.screen import TriageScreen

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.escalate.escalating import Escalating
    from xreview.review.session.snapshot import Answering

_ANSWER_COMMAND = "`xreview-tui escalation answer FILE`"


async def ask_author_model(screen: TriageScreen, flow: Flow, finding: Finding) -> None:
    """Have the author's model respond to a finding, and show its answer in a notice."""
    try:
        with contained("Asking the author's model"):
            stance = await flow.rebut(finding)
    except XReviewError as error:
        _refuse(screen, error)
        return
    who = visible(stance.party.name)
    if stance.kind is StanceKind.SILENT:
        notice = f"{who} gave no answer: {visible(stance.argument)}"
    elif not stance.anchored:
        notice = f"{who} {_VERBS[stance.kind]}, but its quote isn't in the code: it doesn't count."
    else:
        notice = f"{who} {_VERBS[stance.kind]}."
    screen.app.notify(notice, markup=False)


_VERBS = {
    StanceKind.REBUTS: "rebuts it",
    StanceKind.CONCEDES: "concedes it",
    StanceKind.TRADE_OFF: "calls it a trade-off",
    StanceKind.RAISES: "raises it too",
}


@dataclass(frozen=True)
class FollowUp:
    """Carries out an escalation, in a worker, since it can ask; failures leave the decision."""

    screen: TriageScreen
    flow: Flow

    async def run(self, findings: Sequence[Finding], target: Reason) -> None:
        """Ask or write what the target of the escalation is, finding by finding."""
        try:
            with contained("The escalation"):
                await self._follow(findings, target)
        except XReviewError as error:
            _refuse(self.screen, error)
        finally:
            self._show(None)

    async def _follow(self, findings: Sequence[Finding], target: Reason) -> None:
        escalating = self.flow.escalating()
        if target is Reason.PERSON:
            await self._ask_where(escalating, findings)
            return
        for finding in findings:
            try:
                if target is Reason.ARBITER:
                    await self._arbiter(escalating, finding)
                else:
                    await self._measure(escalating, finding)
            except UsageError as error:
                _refuse(self.screen, error)  # the other findings follow

    async def _arbiter(self, escalating: "Escalating", finding: Finding) -> None:
        from xreview.domain.events.event import OpinionGiven

        async with aclosing(escalating.ask_arbiter(finding)) as results:
            async for one in results:
                if isinstance(one, OpinionGiven):
                    self.screen.post_message(OpinionArrived(one))
                    who = f"{visible(one.party.name)} {one.favours.meaning}"
                    self._say(f"Opinion, not a verdict: {who}.")
                else:
                    self._show(one)

    async def _measure(self, escalating: "Escalating", finding: Finding) -> None:
        from xreview.review.escalate.escalating import WrittenMeasure

        async with aclosing(escalating.write_measure(finding)) as results:
            async for one in results:
                if not isinstance(one, WrittenMeasure):
                    self._show(one)
                elif one.by:
                    self._say(
                        f"{visible(one.by)} wrote a test. Read it before you run it: "
                        f"{visible(str(one.path))}"
                    )
                else:
                    self._say(
                        f"Wrote the skeleton of a test, since {visible(one.why_skeleton)}: "
                        f"{visible(str(one.path))}"
                    )

    async def _ask_where(self, escalating: "Escalating", findings: Sequence[Finding]) -> None:
        from xreview.review.escalate.letters import letter_name

        async def write(name: str) -> None:
            try:
                targets = await asyncio.to_thread(_targets, name.strip(), findings)
                for finding, target in zip(findings, targets, strict=True):
                    await escalating.write_letter(finding, target)
            except XReviewError as error:
                _refuse(self.screen, error)
                await self._ask_where(escalating, findings)
                return
            many = count_of(len(targets), "letter")
            where = targets[0] if len(targets) == 1 else targets[0].parent
            self._say(
                f"{many} written to {visible(str(where))}\nSend it to a colleague; import the "
                f"reply with {_ANSWER_COMMAND}."
            )

        async def take_back() -> None:
            await self.screen.undo_escalation(findings[0])

        is_one = len(findings) == 1
        title = "Write the letter to which file?" if is_one else "Write letters to which folder?"
        await self.screen.app.push_screen(
            PromptScreen(
                title,
                write,
                letter_name(findings[0].fingerprint) if is_one else ".",
                on_cancel=take_back,
            )
        )

    def _show(self, answering: "Answering | None") -> None:
        """Show who is answering, None for nobody."""
        if (session := self.screen.session) is not None:
            snapshot = session.snapshot
            if answering is not None:
                snapshot = replace(snapshot, answering=answering)
            self.screen.post_message(ReviewUpdated(snapshot))

    def _say(self, sentence: str) -> None:
        self.screen.app.notify(sentence, markup=False, timeout=15)


def _refuse(screen: TriageScreen, error: XReviewError) -> None:
    screen.app.notify(visible(str(error)), severity="warning", markup=False, timeout=15)


def _targets(name: str, findings: Sequence[Finding]) -> list[Path]:
    """Return the file for each letter.

    Raises UsageError for an empty name, or if any of the files exists; then none is written.
    """
    from xreview.review.escalate.letters import check_free, letter_names

    if not name:
        raise UsageError(
            "A file name is required. Nothing was written.", "Press Esc to undo the escalation."
        )
    path = absolute_path(name)
    targets = [path] if len(findings) == 1 else [path / name for name in letter_names(findings)]
    check_free(targets)
    return targets
