"""What is asked before attempts."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual.content import Content

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import visible_block
from xreview.hardening.programs import chosen_program, environment_of_child
from xreview.review.attempts.wish import LONGEST_TASK, TrialWish
from xreview.review.session.contained import contained
from xreview.tui.dialogs.attempt_dialog import AttemptDialog
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.handoff.attempts import AttemptDesk
from xreview.tui.handoff.editor import editor_command, run_editor
from xreview.tui.handoff.fix_tree import user_folders

if TYPE_CHECKING:
    from textual.app import App

STILL_RUNNING = "Attempts are still running. Cancel them first."
_TASK_FILE = "TASK.md"


async def ask_attempts(desk: AttemptDesk, on_started: Callable[[], Awaitable[None]]) -> None:
    """Ask for a task and its writers, and start; or say why that isn't possible."""
    app = desk.app
    if desk.is_running:
        desk.say(STILL_RUNNING)
        return
    try:
        trials = desk.trials()
    except XReviewError as error:
        app.show_trouble(error)
        return

    async def start(wish: TrialWish) -> None:
        desk.start(wish)
        await on_started()

    async def look(dialog: AttemptDialog, is_anew: bool) -> None:
        try:
            with contained("Looking for writers"):
                if is_anew:
                    choices = await trials.choices(dialog.wish)
                    if dialog.is_attached:
                        dialog.show_choices(choices)
                _, _, told = await trials.seats(dialog.wish)
        except XReviewError as error:
            told = str(error)
            if is_anew and dialog.rows.choices is None and dialog.is_attached:
                dialog.show_choices(())
        if dialog.is_attached:
            dialog.show_why(told)

    def renew(dialog: AttemptDialog, is_anew: bool) -> None:
        # In a worker: agents are asked for their versions meanwhile. Ends with the dialog.
        dialog.run_worker(look(dialog, is_anew), group="writers", exclusive=True)

    async def read(wish: TrialWish) -> None:
        try:
            with contained("Reading what would be sent"):
                text = await trials.preview(wish)
        except XReviewError as error:
            app.show_trouble(error)
            return
        page = PageScreen("What is sent to the writers", Content(visible_block(text)))
        await app.push_screen(page)

    def keep(task: str) -> None:
        desk.draft = task

    app.clear_notifications()  # they would cover it
    await app.push_screen(
        AttemptDialog(
            app.options.settings,
            desk.draft or app.options.task,
            on_start=start,
            on_wish=renew,
            on_preview=lambda wish: app.run_worker(read(wish), group="preview", exclusive=True),
            on_edit=lambda task: edited_task(desk, task),
            on_leave=keep,
        )
    )


def edited_task(desk: AttemptDesk, task: str) -> str | None:
    """Have the user edit a task in their editor; None if that fails, which a notice says."""
    try:
        return _edited(desk, task)
    except XReviewError as error:
        desk.app.show_trouble(error)
        return None


def _edited(desk: AttemptDesk, task: str) -> str:
    with tempfile.TemporaryDirectory(prefix="xreview-task-") as folder:
        file = Path(folder) / _TASK_FILE
        try:
            file.write_text(task, "utf-8")
        except (OSError, UnicodeError) as error:
            raise UsageError("The task can't be written to a file.", str(error)) from error
        name, *words = editor_command(desk.app.triage.editor, file, 1)
        folders = user_folders(desk.app)
        program = chosen_program(name, os.environ, folders)
        if program is None:
            raise UsageError(
                f"The editor {name} isn't on PATH.",
                "Set `editor` in the configuration, or $VISUAL or $EDITOR.",
            )
        environment = environment_of_child(os.environ, folders)
        code = run_editor(cast("App[Any]", desk.app), [str(program), *words], environment)
        if code:
            desk.say(f"The editor exited with code {code}.", is_warning=True)
        try:
            return file.read_text("utf-8", "replace").strip()[: LONGEST_TASK + 1]
        except OSError as error:
            raise UsageError("The edited task can't be read.", "It is as it was.") from error
