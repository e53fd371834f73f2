"""Asking others about a finding: the author's model, a third vendor's, a colleague, a test.

All of it runs in workers, since a person may be asked for permission first; what can't be done is
said in a notice, and the decision that led here stays.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.domain.decision import Reason
from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.finding import Finding
from xreview.domain.stance import StanceKind
from xreview.domain.text import count_of, visible
from xreview.review.session.contained import contained
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.flow import Flow
from xreview.tui.messages import OpinionArrived, ReviewUpdated
from xreview.tui.screens.triage.screen import TriageScreen

if TYPE_CHECKING:  # brings the journal with it, which the first frame does without
    from xreview.review.escalate.escalating import Escalating
    from xreview.review.session.snapshot import Answering

_ANSWER_COMMAND = "`xreview-tui escalation answer FILE`"


async def ask_author_model(screen: TriageScreen, flow: Flow, finding: Finding) -> None:
    """Have the author's model answer a finding, and say what it answered."""
    try:
        with contained("Asking the author's model"):
            stance = await flow.rebut(finding)
    except XReviewError as error:
        _refuse(screen, error)
        return
    who = visible(stance.party.name)
    if stance.kind is StanceKind.SILENT:
        said = f"{who} gave no answer: {visible(stance.argument)}"
    elif not stance.anchored:
        said = f"{who} {_SAYS[stance.kind]}, but quotes code that is nowhere: it does not count."
    else:
        said = f"{who} {_SAYS[stance.kind]}."
    screen.app.notify(said, markup=False)


_SAYS = {
    StanceKind.REBUTS: "rebuts it",
    StanceKind.CONCEDES: "concedes it",
    StanceKind.TRADE_OFF: "calls it a trade-off",
    StanceKind.RAISES: "raises it as well",
}


class FollowUp:
    """What follows an escalation.

    Args:
        screen: the main screen, over which questions are asked.
        flow: the session's.
    """

    def __init__(self, screen: TriageScreen, flow: Flow) -> None:
        self._screen = screen
        self._flow = flow

    async def run(self, findings: Sequence[Finding], target: Reason) -> None:
        """Do what the target asks for, finding by finding."""
        try:
            with contained("What follows the decision"):
                await self._follow(findings, target)
        except XReviewError as error:
            _refuse(self._screen, error)
        finally:
            self._show_end()

    async def _follow(self, findings: Sequence[Finding], target: Reason) -> None:
        escalating = self._flow.escalating()
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
                _refuse(self._screen, error)  # of this one; the others are asked about

    async def _arbiter(self, escalating: "Escalating", finding: Finding) -> None:
        from xreview.domain.events.event import OpinionGiven

        async with aclosing(escalating.ask_arbiter(finding)) as told:
            async for one in told:
                if isinstance(one, OpinionGiven):
                    self._screen.post_message(OpinionArrived(one))
                    who = f"{visible(one.party.name)} {one.favours.meaning}"
                    self._say(f"An opinion, no verdict: {who}.")
                else:
                    self._show(one)

    async def _measure(self, escalating: "Escalating", finding: Finding) -> None:
        from xreview.review.escalate.escalating import WrittenMeasure

        async with aclosing(escalating.write_measure(finding)) as told:
            async for one in told:
                if not isinstance(one, WrittenMeasure):
                    self._show(one)
                elif one.by:
                    self._say(
                        f"{visible(one.by)} wrote a test; nobody has run it. "
                        f"Read it first: {visible(str(one.path))}"
                    )
                else:
                    self._say(
                        f"A skeleton of a test is written, since {visible(one.why_skeleton)}: "
                        f"{visible(str(one.path))}"
                    )

    async def _ask_where(self, escalating: "Escalating", findings: Sequence[Finding]) -> None:
        async def write(name: str) -> None:
            try:
                targets = await asyncio.to_thread(_targets, name.strip(), findings)
                for finding, target in zip(findings, targets, strict=True):
                    await escalating.write_letter(finding, target)
            except XReviewError as error:
                _refuse(self._screen, error)
                await self._ask_where(escalating, findings)
                return
            many = count_of(len(targets), "letter")
            where = targets[0] if len(targets) == 1 else targets[0].parent
            self._say(
                f"{many} written: {visible(str(where))}\nSend it to a colleague; "
                f"{_ANSWER_COMMAND} takes in what comes back."
            )

        is_one = len(findings) == 1
        title = "Write the letter to which file?" if is_one else "Write letters to which folder?"
        await self._screen.app.push_screen(
            PromptScreen(title, write, _name(findings[0]) if is_one else ".")
        )

    def _show(self, answering: "Answering") -> None:
        if (session := self._screen.session) is not None:
            snapshot = replace(session.snapshot, answering=answering)
            self._screen.post_message(ReviewUpdated(snapshot))

    def _show_end(self) -> None:
        if (session := self._screen.session) is not None:
            self._screen.post_message(ReviewUpdated(session.snapshot))

    def _say(self, sentence: str) -> None:
        self._screen.app.notify(sentence, markup=False, timeout=15)


def _refuse(screen: TriageScreen, error: XReviewError) -> None:
    screen.app.notify(visible(str(error)), severity="warning", markup=False, timeout=15)


def _name(finding: Finding) -> str:
    from xreview.review.escalate.letters import letter_name

    return letter_name(finding.fingerprint)


def _targets(name: str, findings: Sequence[Finding]) -> list[Path]:
    """Where each letter goes. Raises UsageError where the name is none, or where there is something
    at any of these places already: then no letter is written."""
    from xreview.review.escalate.letters import check_free, letter_names

    if not name:
        raise UsageError("A letter needs a name. Nothing was written.", "Escape leaves it.")
    try:
        path = Path(name).expanduser().absolute()
    except RuntimeError as error:  # there is no such user, or no home
        raise UsageError(f"{name} can't be written: {error}", "Write the path out.") from error
    targets = [path] if len(findings) == 1 else [path / name for name in letter_names(findings)]
    check_free(targets)
    return targets
