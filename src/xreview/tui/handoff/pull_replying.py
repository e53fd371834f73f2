"""Answering the threads of decided findings from the app: a reply, and resolving."""

from typing import TYPE_CHECKING

from xreview.domain.errors import XReviewError
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import ReviewThread
from xreview.domain.record import dataclass
from xreview.tui.handoff.pull import PullDesk
from xreview.tui.handoff.pull_posting import PullPosting
from xreview.tui.screens.pull_reply import ReplyEditor
from xreview.tui.widgets.pull.state import DecidedThread

if TYPE_CHECKING:
    from xreview.review.pulls.posting import Posting

EMPTY_REPLY = "The reply is empty. Press {edit} to write one."
ANSWERED = "You have replied here already. Press {edit} to write another reply."
RESOLVED = "The thread is resolved. Press {resolve} to reopen it first."
NO_RESOLVING = "This thread can't be resolved: the forge knows no state for it."


@dataclass(frozen=True)
class PullReplying:
    """What the keys of the screen do with a thread."""

    desk: PullDesk

    def reply_of(self, finding: Finding, thread: ReviewThread) -> str:
        """Return the reply that is offered: the edited one, else what the decision says, once."""
        draft = self.desk.shown.drafts.get(thread.id)
        if draft is not None:
            return draft
        if self.desk.shown.is_answered(thread):
            return ""
        try:
            return self.desk.posting().default_reply(finding, thread)
        except XReviewError:
            return ""  # why nothing can be posted is shown above the list

    async def edit(self, one: DecidedThread) -> None:
        """Edit the reply, which isn't sent by that."""
        finding, thread = one.finding, one.thread
        desk = self.desk
        offered = self.reply_of(finding, thread)

        def keep(text: str) -> None:
            if text.strip() != offered.strip():
                desk.show(desk.shown.with_draft(thread.id, text))

        await desk.app.push_screen(ReplyEditor(finding.lead.title, offered, keep))

    async def send(self, one: DecidedThread) -> None:
        """Send the reply."""
        desk, finding, thread = self.desk, one.finding, one.thread
        if (preview := desk.preview) is None:
            return
        text = self.reply_of(finding, thread).strip()
        if thread.is_resolved or not text:
            is_answered = desk.shown.is_answered(thread)
            empty = ANSWERED if is_answered else EMPTY_REPLY
            told = RESOLVED if thread.is_resolved else empty
            keys = {"resolve": desk.key("pull.resolve"), "edit": desk.key("pull.edit")}
            desk.say(told.format(**keys))
            return

        async def reply(posting: "Posting") -> None:
            comment = await posting.reply(finding, thread, text)
            desk.show(desk.shown.with_sent(thread.id, comment))
            where = f": {comment.url}" if comment.url else "."
            desk.tell(f"The reply is sent{where}", *posting.notices)

        async def go_on() -> None:
            desk.send("Sending the reply", reply)

        await PullPosting(desk).with_consent(preview, go_on)

    async def resolve(self, one: DecidedThread) -> None:
        """Mark the thread as resolved; reopen one that is."""
        desk, finding, thread = self.desk, one.finding, one.thread
        if (preview := desk.preview) is None:
            return
        if not thread.can_resolve:
            desk.say(NO_RESOLVING)
            return
        resolved = not thread.is_resolved

        async def resolve(posting: "Posting") -> None:
            await posting.resolve(finding, thread, resolved=resolved)
            desk.show(desk.shown.with_resolved(thread.id, resolved))
            desk.tell("The thread is resolved." if resolved else "The thread is open again.")

        async def go_on() -> None:
            desk.send("Resolving the thread" if resolved else "Reopening the thread", resolve)

        await PullPosting(desk).with_consent(preview, go_on)
