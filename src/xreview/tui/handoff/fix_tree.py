"""Opening the tree of a fix: a file of it in the editor, or all of it in a shell."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import visible
from xreview.hardening.programs import chosen_program, environment_of_child, repository_folders
from xreview.tui.handoff.editor import editor_call, run_editor
from xreview.tui.handoff.fixing import FixDesk

if TYPE_CHECKING:
    from textual.app import App

    from xreview.tui.app import XReviewApp

NOT_IN_PATCH = "What you change in the fix's tree doesn't become part of the patch."
_DEFAULT_SHELL = "/bin/sh"
_OF_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""With these, git in the shell would change the user's repository, not the tree's."""


def open_fixed_file(desk: FixDesk, place: tuple[str, object, int] | None) -> None:
    """Open a file of the tree at a 1-based line; errors become notices."""
    if place is None:
        desk.say("No file to open.", is_warning=True)
        return
    path, _, line = place
    try:
        top = tree_of_fix(desk)
        command, environment = editor_call(
            top, desk.app.triage.editor, path, line, user_folders(desk.app)
        )
        code = run_editor(cast("App[Any]", desk.app), command, environment)
    except XReviewError as error:
        desk.app.show_trouble(error)
    else:
        failed = f"The editor exited with code {code}. " if code else ""
        desk.say(f"{failed}{NOT_IN_PATCH}", is_warning=bool(code))


def open_shell(desk: FixDesk) -> None:
    """Give the terminal to the user's shell in the tree, until it ends."""
    if desk.is_running:
        desk.say("The fixer is at work in its tree. Wait for it, or cancel it first.")
        return
    try:
        top = tree_of_fix(desk)
        command, environment = shell_call(top, user_folders(desk.app))
        run_editor(cast("App[Any]", desk.app), command, environment, top)
    except XReviewError as error:
        desk.app.show_trouble(error)
    else:
        desk.say(NOT_IN_PATCH)


def tree_of_fix(desk: FixDesk) -> Path:
    """Return the folder of the fix's files. Raises UsageError if it is gone."""
    fix = desk.fix
    top = fix.snapshot.folder if fix else None
    if top is None or top.is_symlink() or not top.is_dir():
        raise UsageError("The tree of the fix isn't there.", "Its patch is still shown here.")
    return top


def shell_call(top: Path, others: Sequence[Path]) -> tuple[list[str], dict[str, str]]:
    """Return the command that starts the user's shell for a disposable tree, and its environment.

    No program of the tree, or from the folders `others`, is started. Raises UsageError.
    """
    environ = {name: value for name, value in os.environ.items() if name not in _OF_GIT}
    name = environ.get("SHELL") or _DEFAULT_SHELL
    folders = (*repository_folders(top, environ), *others)
    program = chosen_program(name, environ, folders)
    if program is None:
        raise UsageError(f"The shell {visible(name)} can't be started.", "Set $SHELL.")
    return [str(program)], environment_of_child(environ, folders)


def user_folders(app: "XReviewApp") -> tuple[Path, ...]:
    """Return the folders of the reviewed repository, whose programs are never started."""
    snapshot = app.triage.snapshot
    top = snapshot.source.repository if snapshot else ""
    return repository_folders(Path(top), os.environ) if top else ()
