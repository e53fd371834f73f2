"""Opening the tree of an attempt: a file of it in the editor, or all of it in a shell."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xreview.domain.errors import UsageError, XReviewError
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.tui.handoff.attempts import AttemptDesk
from xreview.tui.handoff.editor import editor_call, run_editor
from xreview.tui.handoff.fix_tree import shell_call, user_folders

if TYPE_CHECKING:
    from textual.app import App

NOT_IN_PATCH = "What you change in an attempt's tree doesn't become part of the attempt."


def open_attempt_file(
    desk: AttemptDesk, attempt: AttemptSnapshot | None, path: str, line: int
) -> None:
    """Open a file of an attempt at a 1-based line, "" for its first; errors become notices."""
    try:
        top = tree_of_attempt(attempt)
        files = attempt.files if attempt else ()
        name = path or next((file.path for file in files), "")
        own = user_folders(desk.app)
        command, environment = editor_call(top, desk.app.triage.editor, name, line, own)
        code = run_editor(cast("App[Any]", desk.app), command, environment)
    except XReviewError as error:
        desk.app.show_trouble(error)
    else:
        failed = f"The editor exited with code {code}. " if code else ""
        desk.say(f"{failed}{NOT_IN_PATCH}", is_warning=bool(code))


def open_attempt_shell(desk: AttemptDesk, attempt: AttemptSnapshot | None) -> None:
    """Give the terminal to the user's shell in the tree of an attempt, until it ends."""
    try:
        top = tree_of_attempt(attempt)
        command, environment = shell_call(top, user_folders(desk.app))
        run_editor(cast("App[Any]", desk.app), command, environment, top)
    except XReviewError as error:
        desk.app.show_trouble(error)
    else:
        desk.say(NOT_IN_PATCH)


def tree_of_attempt(attempt: AttemptSnapshot | None) -> Path:
    """Return the folder of an attempt's files. Raises UsageError if it is at work, or gone."""
    if attempt is not None and not attempt.is_over:
        raise UsageError(
            f"Attempt {attempt.label} is at work in its tree.", "Wait for it, or cancel it first."
        )
    top = attempt.folder if attempt else None
    if top is None or top.is_symlink() or not top.is_dir():
        raise UsageError("The tree of this attempt isn't there.", "Its patch is still shown here.")
    return top
