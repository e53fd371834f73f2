"""Posting the accepted findings from the app: a pending review first, published by a second key."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.tui.dialogs.question import ConfirmationText, QuestionScreen
from xreview.tui.handoff.clipboard import accepted_findings
from xreview.tui.handoff.pull import PullDesk
from xreview.tui.handoff.pull_questions import (
    consent_question,
    discard_review_question,
    posting_question,
    submit_question,
    undo_posting_question,
)
from xreview.tui.widgets.pull.words import nothing_to_post

if TYPE_CHECKING:
    from xreview.review.pulls.posting import Posting, PostPreview

PUBLISH = (
    "Nothing is left to post. Press {comment}, {changes} or {approve} to publish the pending "
    "review."
)
NO_PENDING = "There is no pending review to publish. Press {begin} to post one first."
NOT_OURS = "Nothing in your pending review is from here, so it isn't deleted. Do that at {url}."


@dataclass(frozen=True)
class PullPosting:
    """What the keys of the screen do with the review."""

    desk: PullDesk

    async def begin(self) -> None:
        """Post what the preview shows as a pending review; ask what must be asked."""
        desk = self.desk
        if (preview := desk.preview) is None:
            return
        if preview.is_empty:
            desk.say(self._nothing_words())
            return

        async def post(posting: "Posting") -> None:
            pending = await posting.post(preview, is_adding=preview.adds_to_draft)
            desk.show(desk.shown.with_review(pending))
            count = count_of(len(preview.plan.comments), "finding")
            desk.tell(f"Posted {count} as a pending review.", *posting.notices)

        async def go_on() -> None:
            desk.send("Posting the review", post)

        question = posting_question(preview)

        async def ask() -> None:
            await self._ask(question, go_on) if question else await go_on()

        await self.with_consent(preview, ask)

    def _nothing_words(self) -> str:
        desk = self.desk
        if desk.shown.pending is not None:
            keys = {name: desk.key(f"pull.{name}") for name in ("comment", "approve")}
            return PUBLISH.format(**keys, changes=desk.key("pull.request-changes"))
        accepted = len(accepted_findings(desk.app.triage.snapshot))
        return nothing_to_post(desk.shown, accepted, desk.key("pull.threads"))

    async def submit(self, verdict: ReviewVerdict) -> None:
        """Publish the pending review, after a question that names what becomes public."""
        desk = self.desk
        if desk.preview is None:
            return
        if (question := submit_question(desk.shown, verdict)) is None:
            desk.say(NO_PENDING.format(begin=desk.key("pull.begin")))
            return

        async def submit(posting: "Posting") -> None:
            url = await posting.submit(verdict)
            desk.show(desk.shown.with_review(None))
            desk.tell(f"Published: {url}", *posting.notices)

        async def go_on() -> None:
            desk.send("Publishing the review", submit)

        await self._ask(question, go_on)

    async def discard(self) -> None:
        """Delete the pending review, if this program began it."""
        desk = self.desk
        if (preview := desk.preview) is None:
            return
        if desk.shown.pending is None:
            told = NOT_OURS.format(url=preview.pull.address.url)
            desk.say(told if preview.existing else "There is no pending review.")
            return

        async def discard(posting: "Posting") -> None:
            await posting.discard()
            desk.show(desk.shown.with_review(None, is_gone=True))
            desk.tell("Discarded.", *posting.notices)

        async def go_on() -> None:
            desk.send("Discarding the review", discard)

        await self._ask(discard_review_question(desk.shown), go_on)

    async def undo(self) -> None:
        """Delete what was posted last and nobody has answered."""
        desk = self.desk
        if desk.preview is None:
            return

        async def undo(posting: "Posting") -> None:
            told = await posting.undo()
            desk.show(desk.shown.undone())
            desk.tell(told)

        async def go_on() -> None:
            desk.send("Deleting what was posted last", undo)

        await self._ask(undo_posting_question(), go_on)

    async def with_consent(
        self, preview: "PostPreview", follow: Callable[[], Awaitable[None]]
    ) -> None:
        """Ask the first time for a project and account whether to post there; then go on."""
        desk = self.desk
        if not preview.needs_consent:
            await follow()
            return

        async def agree() -> None:
            if await desk.agree(preview):
                await follow()

        await self._ask(consent_question(preview), agree)

    async def _ask(self, question: ConfirmationText, follow: Callable[[], Awaitable[None]]) -> None:
        async def answer(is_yes: bool) -> None:
            if is_yes:
                await follow()

        await self.desk.app.push_screen(QuestionScreen(question, answer))
