"""Applying a fix's patch from the app, undoing that, and discarding the fix."""

from typing import TYPE_CHECKING

from xreview.domain.events.fix_events import FixApplied
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible
from xreview.tui.dialogs.question import (
    ConfirmationText,
    QuestionScreen,
    conflict_question,
    discard_question,
    worries_question,
)
from xreview.tui.handoff.fixing import FixDesk
from xreview.tui.widgets.fixing.parts import Parts, paths_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from xreview.repo.disposable.applying import Applied
    from xreview.review.fixing.fixing import Fixing

_LONGEST_LIST = 3


@dataclass(frozen=True)
class FixApplying:
    """What the keys of the fix screen do with the patch."""

    desk: FixDesk

    async def apply(self, parts: Parts) -> None:
        """Put parts of the patch into the user's files; ask first if one of them is suspicious."""
        fix = self.desk.fix
        if fix is None or fix.is_running:
            self.desk.say("The fix is still running. Cancel it to use its partial patch.")
            return
        left = parts - fix.applied
        if not left:
            done = "This is applied already." if parts else "There is nothing to apply here."
            self.desk.say(done)
        elif worries := fix.worries(left):
            await self._ask(worries_question(worries), lambda: self._apply(left))
        elif conflicting := [path for path in paths_of(left) if path in fix.conflicts]:
            question = conflict_question(tuple(conflicting))
            await self._ask(question, lambda: self._apply(left, with_conflicts=True))
        else:
            await self._apply(left)

    async def _apply(self, parts: Parts, *, with_conflicts: bool = False) -> None:
        fix = self.desk.fix
        if fix is None:
            return

        async def step(fixing: "Fixing") -> None:
            chosen = fix.patch.gathered(parts)
            done = await fixing.apply(fix.snapshot.id, chosen, with_conflicts=with_conflicts)
            self.desk.show(fix.with_applied(done, parts, with_conflicts=with_conflicts))
            self._tell(done, with_conflicts=with_conflicts)

        await self.desk.attempt("Applying the fix", step)

    def _tell(self, done: "Applied", *, with_conflicts: bool) -> None:
        undo = self.desk.key("decision.undo")
        self.desk.app.clear_notifications()  # what was said of an earlier step no longer holds
        if done.paths:
            merged = f" Merged with your changes: {_listed(done.merged)}." if done.merged else ""
            files = count_of(len(done.paths), "file")
            self.desk.say(f"Applied to {files}. Press {undo} to undo.{merged}")
        if not done.conflicts:
            return
        conflicting = _listed(done.conflicts)
        if with_conflicts:
            told = f"Conflict markers written: {conflicting}. Settle them in your editor."
        else:
            key = self.desk.key("fix.apply-part")
            told = (
                f"Not changed, since you changed the same lines: {conflicting}. Press {key} on a "
                "conflict to write it with markers."
            )
        self.desk.say(told, is_warning=True)

    async def revert(self, applied: FixApplied) -> None:
        """Undo what was applied last."""

        async def step(fixing: "Fixing") -> None:
            await fixing.revert(applied)
            fix = self.desk.fix
            if fix is not None and fix.snapshot.id == applied.fix:
                self.desk.show(fix.without(applied.action, applied.paths))
            self.desk.app.clear_notifications()  # "Press u to undo" no longer holds
            files = count_of(len(applied.paths), "file is", "files are")
            self.desk.say(f"Undone: {files} as before the fix.")

        await self.desk.attempt("Undoing the fix", step)

    async def discard(self, after: "Callable[[], None]") -> None:
        """Ask, then remove the fix with its tree, and call `after`."""
        fix = self.desk.fix
        if fix is None or fix.is_running:
            self.desk.say("The fix is still running. Cancel it first.")
            return

        async def step(fixing: "Fixing") -> None:
            if fix.snapshot.id:
                await fixing.discard(fix.snapshot.id)
            self.desk.show(None)
            after()
            self.desk.say("The fix is discarded.")

        async def discard() -> None:
            await self.desk.attempt("Discarding the fix", step)

        await self._ask(discard_question(bool(fix.applied)), discard)

    async def _ask(
        self, question: ConfirmationText, follow: "Callable[[], Awaitable[None]]"
    ) -> None:
        async def answer(is_yes: bool) -> None:
            if is_yes:
                await follow()

        await self.desk.app.push_screen(QuestionScreen(question, answer))


def _listed(paths: tuple[str, ...]) -> str:
    rest = len(paths) - _LONGEST_LIST
    more = f" and {rest} more" if rest > 0 else ""
    return visible(", ".join(paths[:_LONGEST_LIST])) + more
