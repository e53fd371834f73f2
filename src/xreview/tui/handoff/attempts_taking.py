"""Taking an attempt or a graft into your files from the app, undoing that, and discarding."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from xreview.domain.fixing.tampering import tampering_is_certain
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible
from xreview.repo.change.request import ChangeRequest
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.tui.dialogs.question import ConfirmationText, QuestionScreen
from xreview.tui.dialogs.take_dialog import TakeAnswer, TakeDialog, TakePlan
from xreview.tui.handoff.attempts import AttemptDesk
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.attempts.words import piece_place, why_not_clean

if TYPE_CHECKING:
    from xreview.domain.events.attempt_events import AttemptTaken
    from xreview.review.attempts.graft import Took

_LONGEST_LIST = 3
NOTHING_CHOSEN = "Nothing is chosen yet. Press {pieces} for the pieces."
CHECK_FIRST = "Check what you chose first: press {check}."
NOT_WRITTEN = "There is nothing to take: the attempt isn't over, or changed nothing."
CANT_APPLY = "This combination can't be put together. Press {graft} to see why."


@dataclass(frozen=True)
class AttemptTaking:
    """What the keys of the attempts screen do with your files."""

    desk: AttemptDesk

    async def take(self, attempt: AttemptSnapshot | None) -> None:
        """Ask about an attempt, and put it into the user's files."""
        shown = self.desk.shown
        if shown is None or attempt is None or not attempt.is_over or not attempt.files:
            self.desk.say(NOT_WRITTEN)
            return
        worries = tuple(_attempt_worries(shown, attempt))
        is_forced = tampering_is_certain(attempt.tampering)
        plan = TakePlan(f"Take attempt {attempt.label}", _paths(attempt), worries)

        async def go(answer: TakeAnswer) -> None:
            async def step() -> None:
                took = await self.desk.taking().take(
                    shown.snapshot.id,
                    attempt.label,
                    answer.reason,
                    with_conflicts=answer.with_conflicts,
                    is_forced=is_forced,
                )
                await self._taken(took, with_conflicts=answer.with_conflicts)

            await self.desk.attempt("Taking the attempt", step)

        await self.desk.app.push_screen(TakeDialog(plan, go))

    async def take_graft(self) -> None:
        """Ask about the checked combination, and put it into the user's files."""
        shown = self.desk.shown
        graft = shown.graft if shown else None
        if shown is None or not shown.chosen:
            self.desk.say(NOTHING_CHOSEN.format(pieces=self.desk.key("attempts.pieces")))
            return
        if graft is None or not shown.is_checked:
            self.desk.say(CHECK_FIRST.format(check=self.desk.key("attempts.check")))
            return
        if not graft.is_applicable:
            key = self.desk.key("attempts.graft")
            self.desk.say(CANT_APPLY.format(graft=key), is_warning=True)
            return
        plan = TakePlan(
            f"Take the graft of {_listed(sorted(set(shown.chosen.values())))}",
            tuple(file.path for file in graft.files),
            tuple(_graft_worries(shown)),
        )

        async def go(answer: TakeAnswer) -> None:
            async def step() -> None:
                took = await self.desk.taking().take_graft(
                    graft,
                    answer.reason,
                    with_conflicts=answer.with_conflicts,
                    is_forced=not graft.is_sound,
                )
                await self._taken(took, with_conflicts=answer.with_conflicts)

            await self.desk.attempt("Taking the graft", step)

        await self.desk.app.push_screen(TakeDialog(plan, go))

    async def _taken(self, took: "Took", *, with_conflicts: bool) -> None:
        """Say what was written, and review it in the triage."""
        app, undo = self.desk.app, self.desk.key("attempts.return")
        if not took.paths:
            self.desk.say("Nothing was written.", is_warning=True)
            self._say_rest(took, with_conflicts=with_conflicts)
            return
        if self.desk.shown is not None:
            # The pick is made, so that it may be known now who wrote what.
            await self.desk.renew()
        home = self.desk.home or app.request
        self.desk.home = None
        request = ChangeRequest(home.cwd)
        if self.desk.is_running:
            # To review it now would stop the attempts that still run.
            again = self.desk.key("review.again")
            self.desk.say(f"Press {again} on the findings to review it, once all are over.")
        else:
            await app.restart_with(request)
        merged = f" Merged with your changes: {_listed(took.merged)}." if took.merged else ""
        files = count_of(len(took.paths), "file")
        opens = self.desk.key("attempts.open")
        self.desk.say(f"Taken into {files}.{merged} Press {opens}, then {undo} to undo.")
        self._say_rest(took, with_conflicts=with_conflicts)

    def _say_rest(self, took: "Took", *, with_conflicts: bool) -> None:
        if took.conflicts:
            named = _listed(took.conflicts)
            told = (
                f"Conflict markers written: {named}. Settle them in your editor."
                if with_conflicts
                else f"Not written, since you changed the same lines: {named}."
            )
            self.desk.say(told, is_warning=True)
        for notice in took.notices:
            self.desk.say(notice)

    async def give_back(self) -> None:
        """Ask, then undo the last take."""
        shown = self.desk.shown
        taken = shown.last_taken if shown else None
        if taken is None:
            self.desk.say("Nothing of these attempts is in your files.")
            return

        async def step() -> None:
            await self.desk.taking().give_back(taken)
            await self.desk.renew()
            self.desk.app.clear_notifications()  # "Press u to undo" no longer holds
            files = count_of(len(taken.paths), "file is", "files are")
            self.desk.say(f"Undone: {files} as before.")

        async def undo() -> None:
            await self.desk.attempt("Undoing the take", step)

        await self._ask(
            ConfirmationText(
                f"Undo taking {_listed(taken.labels)}?",
                (f"This restores {_listed(taken.paths)}.",),
                "undo",
                "as before it was taken",
                "keep",
                "leave my files unchanged",
            ),
            undo,
        )

    async def ask_unfinished(self) -> None:
        """Ask what becomes of a take that the end of the program broke off, if there is one."""
        shown = self.desk.shown
        if shown is None or not shown.snapshot.id:
            return
        found: list[AttemptTaken] = []

        async def look() -> None:
            found.extend(await self.desk.taking().unfinished(shown.snapshot.id))

        if not await self.desk.attempt("Looking for a take that was broken off", look) or not found:
            return
        taken = found[-1]

        async def answer(is_yes: bool) -> None:
            async def step() -> None:
                if is_yes:
                    await self._taken(await self.desk.taking().finish(taken), with_conflicts=False)
                else:
                    await self.desk.taking().give_back(taken)
                    await self.desk.renew()
                    self.desk.say("Your files are as before the take.")

            await self.desk.attempt("Settling the take", step)

        question = ConfirmationText(
            f"Finish taking {_listed(taken.labels)}?",
            (
                "The program ended while it wrote to your files.",
                f"Some of these may be written, others not: {_listed(taken.paths)}.",
            ),
            "finish",
            "write the rest",
            "undo",
            "restore the files that were written",
        )
        await self.desk.app.push_screen(QuestionScreen(question, answer))

    async def discard(self, after: Callable[[], object]) -> None:
        """Ask, then remove the attempts with their trees, and call `after`."""
        shown = self.desk.shown
        if shown is None:
            return
        if self.desk.is_busy:
            self.desk.say("Something still runs. Cancel it first.")
            return

        async def step() -> None:
            if shown.snapshot.id:
                await self.desk.trials().discard(shown.snapshot.id)
            if self.desk.running is not None and self.desk.running.id == shown.snapshot.id:
                self.desk.running = None
            self.desk.show(None)
            after()
            self.desk.say("The attempts are discarded.")

        async def discard() -> None:
            await self.desk.attempt("Discarding the attempts", step)

        taken = ("What you took stays in your files.",) if shown.snapshot.taken else ()
        count = count_of(len(shown.snapshot.attempts), "attempt")
        await self._ask(
            ConfirmationText(
                f"Discard {count}?",
                ("Their trees and patches are removed from this machine.", *taken),
                "discard",
                "remove them",
                "keep",
                "decide later",
            ),
            discard,
        )

    async def _ask(self, question: ConfirmationText, follow: Callable[[], Awaitable[None]]) -> None:
        async def answer(is_yes: bool) -> None:
            if is_yes:
                await follow()

        await self.desk.app.push_screen(QuestionScreen(question, answer))


def _paths(attempt: AttemptSnapshot) -> tuple[str, ...]:
    return tuple(file.path for file in attempt.files)


def _attempt_worries(shown: ShownTrial, attempt: AttemptSnapshot) -> Iterator[str]:
    """Yield what to know before an attempt is taken."""
    if attempt.is_stopped:
        yield "It was cut short: the patch is partial."
    if attempt.tampering:
        places = [shown.veil.line(one.words) for one in attempt.tampering]
        yield f"It weakens checks: {_some(places)}."
    if broken := attempt.facts.checks_broken:
        yield f"{count_of(broken, 'check')} passed before and doesn't pass with it."
    if not attempt.is_reviewed:
        why = next(why_not_clean(shown, attempt), "")
        yield f"It isn't reviewed to the end. {why}".strip()


def _graft_worries(shown: ShownTrial) -> Iterator[str]:
    graft = shown.graft
    if graft is None:
        return
    yield from map(shown.veil.line, graft.problems)
    if graft.tampering:
        weakened = [shown.veil.line(one.words) for one in graft.tampering]
        yield f"It weakens checks: {_some(weakened)}."
    worse = [visible(one.after.command) for one in graft.checks if one.is_worse and one.after]
    if worse:
        yield f"It breaks checks: {_some(worse)}."
    if graft.raised:
        yield f"The combination raises {count_of(graft.raised, 'new finding')}."
    if graft.unread:
        yield f"Not read to the end: {_some(list(map(shown.veil.line, graft.unread)))}"
    if shown.undecided:
        places = [piece_place(one) for one in shown.undecided]
        yield f"Undecided conflicts keep the base: {_some(places)}."


def _some(words: list[str]) -> str:
    rest = len(words) - _LONGEST_LIST
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(words[:_LONGEST_LIST]) + more


def _listed(words: Iterable[str]) -> str:
    return _some([visible(one) for one in words])
