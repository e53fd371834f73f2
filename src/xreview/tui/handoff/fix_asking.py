"""What is asked before a fix."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xreview.domain.change import ChangeKind
from xreview.domain.errors import XReviewError
from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerIdentity
from xreview.domain.text import count_of
from xreview.review.session.contained import contained
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.dialogs.fix_dialog import FixDialog, FixPlan
from xreview.tui.handoff.clipboard import accepted_findings
from xreview.tui.handoff.fixing import FixDesk
from xreview.tui.screens.triage.empty import STILL_READING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

COPY_INSTEAD = "Press {copy} to copy the accepted findings as a prompt for an agent."
PATCH_ONLY = "This change is a patch, not your files, so that a fix can't be applied. "
ATTEMPT_ONLY = "This is an attempt, not your files. Take it first, or "
NO_CHECKOUT = "This change isn't from a checkout on this machine, so that nothing can be fixed. "
ANSWER_FIRST = "The models are chosen after you answer a question. Press {question} to answer it."
NOTHING_ACCEPTED = "Nothing is accepted yet. Press {accept} on a finding to accept it."


def why_no_fix(desk: FixDesk, snapshot: ReviewSnapshot | None) -> str:
    """Return why no fix can start, and what to do; "" if one can."""
    if snapshot is None or desk.app.triage.session is None:
        return STILL_READING
    keys = {"copy": desk.key("accepted.copy"), "accept": desk.key("finding.accept")}
    if snapshot.source.kind is ChangeKind.PATCH:
        return PATCH_ONLY + COPY_INSTEAD.format(**keys)
    if snapshot.source.is_attempt:
        return f"{ATTEMPT_ONLY}{COPY_INSTEAD[0].lower()}{COPY_INSTEAD[1:]}".format(**keys)
    if not snapshot.source.repository:
        return NO_CHECKOUT + COPY_INSTEAD.format(**keys)
    if not accepted_findings(snapshot):
        return NOTHING_ACCEPTED.format(**keys)
    return ""


async def ask_fix(desk: FixDesk, on_started: "Callable[[], Awaitable[None]]") -> None:
    """Ask how to fix the accepted findings, and start; or say why that isn't possible."""
    app, snapshot = desk.app, desk.app.triage.snapshot
    why = why_no_fix(desk, snapshot)
    if why:
        desk.say(why, is_warning=True)
        return
    accepted = tuple(accepted_findings(snapshot))
    chosen = app.triage.findings.selected
    selected = tuple(one for one in accepted if one.fingerprint in chosen)
    if chosen and len(selected) < len(chosen):
        left = count_of(len(chosen) - len(selected), "selected finding")
        desk.say(f"{left} left out: only accepted findings are fixed.")
    try:
        fixing = desk.fixing()
    except XReviewError as error:
        if app.questions.titles:
            desk.say(ANSWER_FIRST.format(question=desk.key("question.open")), is_warning=True)
        else:
            app.show_trouble(error)
        return

    def start(findings: Sequence[Finding], fixer: FixerIdentity) -> None:
        _tell_of_earlier(desk)
        desk.start(findings, fixer)
        app.call_later(on_started)

    dialog = FixDialog(FixPlan(accepted, selected, app.options.settings.fix), start, fixing.text)
    app.clear_notifications()  # they would cover it
    await app.push_screen(dialog)

    async def look() -> None:
        try:
            with contained("Looking for fixers"):
                fixers = await fixing.candidates(accepted)
        except XReviewError as error:
            app.show_trouble(error)
            fixers = ()
        if dialog.is_attached:
            dialog.show_fixers(fixers)

    # In a worker: agents are asked for their versions meanwhile. Ends with the flow.
    app.run_worker(look(), group="flow")


def _tell_of_earlier(desk: FixDesk) -> None:
    if desk.kept:
        desk.say(desk.kept)
