"""The app's side of posting to a pull request: asks and sends in the background, keeps edited
replies, and says how it went."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.record import replace
from xreview.domain.text import count_of, visible
from xreview.review.session.contained import contained
from xreview.tui.handoff.clipboard import accepted_findings
from xreview.tui.keys import key_label
from xreview.tui.screens.triage.empty import STILL_READING
from xreview.tui.widgets.pull.state import ShownPull

if TYPE_CHECKING:
    from xreview.review.pulls.posting import Posting, PostPreview
    from xreview.tui.app import XReviewApp
    from xreview.tui.flow import Flow

ASKING = "Asking the forge"

PullStep = Callable[["Posting"], Awaitable[None]]
"""Something to do at the forge."""


class PullDesk:
    """Keeps what is known of the pull request. One thing is done at the forge at a time.

    `on_change` is called whenever that changes; `shown` is to be changed by `show` only.
    """

    def __init__(self, app: "XReviewApp") -> None:
        self.app = app
        self.shown = ShownPull()
        self.on_change: Callable[[], object] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_writing = False

    def posting(self) -> "Posting":
        """Return what posts. Raises XReviewError where it is too early, or nothing can be."""
        flow: Flow | None = self.app.flow
        if flow is None:
            raise ReviewerError(STILL_READING, "Try again in a moment.")
        return flow.posting()

    @property
    def sending(self) -> str:
        """What is being sent to the forge now; "" for nothing."""
        return self.shown.doing if self._is_writing else ""

    @property
    def unsent(self) -> int:
        """How many edited replies weren't sent."""
        return len(self.shown.drafts)

    # doing

    def read(self) -> None:
        """Ask what would be posted, unless the forge is being asked."""
        if self.shown.is_idle:
            self._start(ASKING, self._renew, is_write=False)

    def send(self, doing: str, step: PullStep) -> None:
        """Do something that writes to the forge, in the background; then ask anew."""

        async def write(posting: "Posting") -> None:
            try:
                await step(posting)
            except XReviewError:
                # What is refused is often refused since something changed there: show that.
                with suppress(XReviewError):
                    await self._renew(posting)
                raise
            await self._renew(posting)

        if self.shown.is_idle:
            self._start(doing, write, is_write=True)
        else:
            self.say_busy()

    async def agree(self, preview: "PostPreview") -> bool:
        """Remember that the user agrees to post; return False if that fails, which is shown."""
        try:
            with contained("Saving your consent"):
                await self.posting().agree()
        except XReviewError as error:
            self.show(replace(self.shown, trouble=str(error)))
            return False
        self.show(replace(self.shown, preview=replace(preview, needs_consent=False)))
        return True

    def _start(self, doing: str, step: PullStep, *, is_write: bool) -> None:
        self._is_writing = is_write
        told = () if is_write else self.shown.told
        self.show(replace(self.shown, doing=doing, trouble="", told=told))
        self._task = asyncio.create_task(self._run(doing, step))

    async def _run(self, doing: str, step: PullStep) -> None:
        trouble = ""
        try:
            with contained(doing):
                await step(self.posting())
        except XReviewError as error:
            trouble = str(error)
        finally:
            was_writing, self._is_writing = self._is_writing, False
            self.show(replace(self.shown, doing="", trouble=trouble))
            if was_writing and self.on_change is None:
                self._say_end(doing, trouble)

    async def _renew(self, posting: "Posting") -> None:
        preview = await posting.preview(accepted_findings(self.app.triage.snapshot))
        self.show(self.shown.with_preview(preview))

    def _say_end(self, doing: str, trouble: str) -> None:
        told = trouble or " ".join(self.shown.told) or f"{doing}: done."
        self.shown = replace(self.shown, told=(told,), trouble="")  # kept until it is seen
        self.say(f"{told} Press {self.key('pull.open')} to see it.", is_warning=bool(trouble))

    async def close(self) -> None:
        """Stop, before the connections close; of what is known, only edited replies are kept."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
        self.shown = ShownPull(drafts=self.shown.drafts)

    # showing

    def leave(self) -> None:
        """Note that nobody looks any more; what was told is forgotten."""
        self.on_change = None
        if self.shown.is_idle:
            self.shown = replace(self.shown, told=(), trouble="")

    def show(self, shown: ShownPull) -> None:
        """Show another state."""
        self.shown = shown
        if self.on_change is not None:
            self.on_change()

    def tell(self, *sentences: str) -> None:
        """Add sentences about what was done."""
        self.show(replace(self.shown, told=(*self.shown.told, *filter(None, sentences))))

    @property
    def preview(self) -> "PostPreview | None":
        """What would be posted; None, and a notice why, while that isn't known."""
        if not self.shown.is_idle:
            self.say_busy()
            return None
        if self.shown.preview is None:
            self.say(self.shown.trouble or "The forge wasn't asked yet.", is_warning=True)
        return self.shown.preview

    def say_busy(self) -> None:
        """Say that something else is being done."""
        self.say(f"{self.shown.doing} isn't over. Wait a moment.")

    def key(self, action: str) -> str:
        """Return the key of an action, as it's shown."""
        return next(map(key_label, self.app.key_map[action]), "its key")

    def say(self, sentence: str, *, is_warning: bool = False) -> None:
        """Show a notice."""
        severity = "warning" if is_warning else "information"
        self.app.notify(visible(sentence), severity=severity, markup=False, timeout=10)


def pull_desk_of(app: "XReviewApp") -> PullDesk:
    """Return the app's desk for the pull request under review."""
    if app.pull_desk is None:
        app.pull_desk = PullDesk(app)
    return app.pull_desk


def unsent_words(count: int) -> str:
    """Return that edited replies would be lost."""
    return f"{count_of(count, 'edited reply', 'edited replies')} not sent."
