"""The fix screen: a fix while it runs, then its patch, to be read and applied."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding, BindingsMap

from xreview.domain.events.fix_events import FixApplied
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.handoff.fix_applying import FixApplying
from xreview.tui.handoff.fix_asking import ask_fix
from xreview.tui.handoff.fix_tree import open_fixed_file, open_shell
from xreview.tui.handoff.fixing import FixDesk, desk_of
from xreview.tui.keys import fix_screen_keys
from xreview.tui.messages import ActionRequested
from xreview.tui.screens.fix_panes import METHODS, FixPanes
from xreview.tui.widgets.fixing.state import ShownFix, first_part
from xreview.tui.widgets.fixing.working import working_fix_actions

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

TICK_SECONDS = 0.5

SAME_AGAIN = "Suggestions are the same again. Press {new} to hand over what is left to a fixer."
LAST_ROUND = "A fix has two rounds at most. Press {new} to hand over what is left as a new fix."
OTHER_UNDO = "The last thing to undo isn't part of this fix. Press {leave}, then {undo} to undo it."


class FixScreen(FixPanes):
    """Shows the fix of the desk, and does what its keys say."""

    def __init__(self, desk: FixDesk) -> None:
        app = desk.app
        keys = fix_screen_keys(app.key_map)
        super().__init__(
            keys,
            side_by_side=app.triage.code.side_by_side,
            wraps=app.triage.code.chosen_wraps,
            tab_size=app.options.settings.tab_size,
        )
        # Made here: some of these keys do something else on the main screen, and a key map of the
        # app, which knows ids only, would give both the same.
        self._bindings = BindingsMap(
            Binding(",".join(keys[id]), method, show=False, priority=True)
            for id, method in METHODS.items()
            if keys[id]
        )
        self._desk = desk
        self._applying = FixApplying(desk)

    async def on_mount(self) -> None:
        """Follow the fix."""
        await super().on_mount()
        self._desk.on_change = lambda: self.call_later(self._renew)
        self.set_interval(TICK_SECONDS, self._tick)
        await self._renew()

    def on_unmount(self) -> None:
        """Follow it no longer."""
        self._desk.on_change = None

    async def _renew(self) -> None:
        if (fix := self._desk.fix) is not None and self.is_attached:
            await self.show_fix(fix, self._desk.seconds, self._desk.app.questions.titles)

    def _tick(self) -> None:
        if self._desk.is_running:
            self._waiting = self._desk.app.questions.titles
            self.show_header(self._desk.seconds)

    def refresh_keys(self) -> None:
        """Show the keys that work now."""
        if (fix := self._desk.fix) is not None:
            is_last = self._last_applied is not None
            working = working_fix_actions(fix, self.pointed, is_last_applied=is_last)
            self._keys.works_now = working

    @on(ActionRequested)
    async def do_clicked(self, message: ActionRequested) -> None:
        """Run an action from the footer."""
        await self.run_action(METHODS[message.id])

    # move

    def action_move(self, steps: int) -> None:
        """Move by rows or lines."""
        self.pane.move_cursor(steps)
        self.refresh_keys()

    def action_finding(self, steps: int) -> None:
        """Move in the list from any pane."""
        self.list.move_cursor(steps)

    def action_page(self, pages: int) -> None:
        """Move by screens."""
        self.pane.page(pages)
        self.refresh_keys()

    def action_first(self) -> None:
        """Go to the first row."""
        self.pane.go_home()
        self.refresh_keys()

    def action_last(self) -> None:
        """Go to the last row."""
        self.pane.go_to_end()
        self.refresh_keys()

    def action_scroll(self, columns: int) -> None:
        """Scroll the code sideways."""
        self.code.move_sideways(columns)

    def action_hunk(self, step: int) -> None:
        """Go to the next (1) or previous (-1) hunk."""
        self.code.go_to_hunk(step)
        self.refresh_keys()

    def action_file(self, step: int) -> None:
        """Go to the next (1) or previous (-1) file."""
        self.code.go_to_file(step)
        self.refresh_keys()

    def action_go_to_code(self) -> None:
        """Go to the patch, or back to the list."""
        self.focus_pane("findings" if self.pane is self.code else "code")

    def action_side_by_side(self) -> None:
        """Show the patch unified or side by side."""
        self.code.set_side_by_side(not self.code.side_by_side)

    def action_wrap(self) -> None:
        """Wrap long lines, or don't."""
        self.code.set_wraps(not self.code.wraps)

    def action_leave(self) -> None:
        """Go back to the findings of the review; the fix goes on."""
        self.app.pop_screen()

    # the fix

    def action_cancel(self) -> None:
        """Stop the fixer; what it changed stays as a partial patch."""
        if not self._desk.cancel():
            self._desk.say("No fixer is running.")

    async def action_apply(self) -> None:
        """Apply everything that findings asked for."""
        fix = self._desk.fix
        await self._applying.apply(fix.offered if fix else frozenset())

    async def action_apply_part(self) -> None:
        """Apply the hunk under the cursor, or what the row is about."""
        await self._applying.apply(self.pointed)

    @property
    def _last_applied(self) -> FixApplied | None:
        """What undo takes back, if it is part of this fix."""
        fix, session = self._desk.fix, self._desk.app.triage.session
        applied = session.snapshot.last_applied if session else None
        is_of_this = fix is not None and applied is not None and applied.fix == fix.snapshot.id
        return applied if is_of_this else None

    async def action_revert(self) -> None:
        """Undo what was applied of this fix last."""
        if (applied := self._last_applied) is None:
            keys = {"leave": self._desk.key("fix.leave"), "undo": self._desk.key("decision.undo")}
            self._desk.say(OTHER_UNDO.format(**keys))
        else:
            await self._applying.revert(applied)

    async def action_discard(self) -> None:
        """Throw the fix away."""
        await self._applying.discard(self.action_leave)

    async def action_again(self) -> None:
        """Ask for a note, and start the second round."""
        fix = self._desk.fix
        if fix is None or not fix.can_go_again:
            self._desk.say(self._why_not_again(fix))
            return
        findings = [one.finding for one in fix.unfixed]

        async def start(note: str) -> None:
            earlier = fix.snapshot
            self._desk.start(findings, earlier.fixer, note.strip(), earlier.id)

        await self.app.push_screen(PromptScreen("Again: what should the fixer know?", start))

    def _why_not_again(self, fix: ShownFix | None) -> str:
        new = self._desk.key("fix.new")
        if fix is None or fix.is_running:
            return "The fix is still running."
        if not fix.unfixed:
            return "Everything is fixed."
        return (SAME_AGAIN if fix.is_mechanical else LAST_ROUND).format(new=new)

    async def action_fix_others(self) -> None:
        """Ask for another fix, of what is accepted now."""
        if self._desk.is_running:
            self._desk.say("The fix is still running. Cancel it first.")
            return

        async def stay() -> None:
            await self._renew()

        await ask_fix(self._desk, stay)

    def action_edit(self) -> None:
        """Open the file under the cursor, as the fixer left it, in the editor."""
        place = self.code.place_under_cursor() if self.pane is self.code else self._place_of_row()
        open_fixed_file(self._desk, place)

    def action_shell(self) -> None:
        """Open a shell in the fix's tree."""
        open_shell(self._desk)

    def _place_of_row(self) -> tuple[str, object, int] | None:
        row, patch = self.list.current, self.patch
        part = first_part(row.parts) if row else None
        if part is None:
            return None
        anchor = patch.anchor(part)
        return (part.path, None, anchor.start_line if anchor else 1)


async def open_fix(app: "XReviewApp") -> None:
    """Show the fix; without one, ask how to fix the accepted findings."""
    desk = desk_of(app)

    async def show() -> None:
        await app.push_screen(FixScreen(desk))

    if desk.fix is None:
        await ask_fix(desk, show)
    else:
        await show()


def revert_fix(app: "XReviewApp", applied: FixApplied) -> Awaitable[None]:
    """Undo what was applied of a fix."""
    return FixApplying(desk_of(app)).revert(applied)
