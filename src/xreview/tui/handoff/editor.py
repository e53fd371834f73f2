"""Opening a file of the change in the user's editor.

The editor comes from the user's settings or environment, never from the reviewed repository.
"""

import os
import shlex
import signal
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.inside import is_inside
from xreview.domain.text import visible
from xreview.hardening.programs import chosen_program, environment_of_child, repository_folders
from xreview.review.session.snapshot import ReviewSnapshot

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

_TERMINAL = "vi vim nvim gvim nano emacs emacsclient kak micro joe"
_JETBRAINS = "idea pycharm goland rubymine webstorm clion rustrover"
_ARGUMENTS = {
    **dict.fromkeys(_TERMINAL.split(), ("+{line}", "{file}")),
    **dict.fromkeys(("hx", "helix", "subl", "zed", "sublime_text"), ("{file}:{line}",)),
    **dict.fromkeys(
        ("code", "codium", "code-insiders", "cursor", "windsurf"), ("--goto", "{file}:{line}")
    ),
    **dict.fromkeys(_JETBRAINS.split(), ("--line", "{line}", "{file}")),
}
"""The arguments that open a file at a line, by editor."""
_SET_EDITOR = "Set `editor` in the configuration, or $VISUAL or $EDITOR."


def open_in_editor(
    screen: "Screen[Any]", snapshot: ReviewSnapshot | None, editor: str, path: str, line: int
) -> None:
    """Open a file as it's on disk now, at 1-based `line`; errors become notices."""
    try:
        command, environment = _call(snapshot, editor, path, line)
        code = run_editor(cast("App[Any]", screen.app), command, environment)
    except XReviewError as error:
        screen.app.notify(visible(str(error)), severity="error", markup=False)
    else:
        if code:
            screen.app.notify(f"The editor exited with code {code}.", severity="warning")


def _call(
    snapshot: ReviewSnapshot | None, editor: str, path: str, line: int
) -> tuple[list[str], dict[str, str]]:
    """Return the command and its environment. Raises UsageError."""
    source = snapshot.source if snapshot else None
    if source is None or not source.repository:
        raise UsageError(
            "This change isn't from a repository on this machine.", "There is no file to open."
        )
    top = Path(source.repository)
    others = repository_folders(top, os.environ) if source.folder else ()
    return editor_call(Path(source.folder or top), editor, path, line, others)


def editor_call(
    top: Path, editor: str, path: str, line: int, others: Sequence[Path] = ()
) -> tuple[list[str], dict[str, str]]:
    """Return the command that opens a file below `top`, and its environment.

    No program of the repository around `top`, or from the folders `others`, is started.
    Raises UsageError if the file isn't there or leads out, or the editor isn't found.
    """
    if not is_inside(path):
        raise UsageError(f"{visible(path)} isn't inside the repository.", "It can't be opened.")
    file = top / path
    if not os.path.isfile(file):  # noqa: PTH113 - pathlib's raises for a name that is too long
        raise UsageError(
            f"{visible(path)} isn't on disk.", "It may be deleted or belong to another commit."
        )
    resolved = file.resolve()
    if resolved != file.absolute() and not resolved.is_relative_to(top.resolve()):
        raise UsageError(
            f"{visible(path)} is a symbolic link to a file outside the repository.",
            "If you trust it, open its target yourself.",
        )
    name, *words = editor_command(editor, file, line)
    folders = (*repository_folders(top, os.environ), *others)
    program = chosen_program(name, os.environ, folders)
    if program is None:
        raise UsageError(f"The editor {visible(name)} isn't on PATH.", _SET_EDITOR)
    return [str(program), *words], environment_of_child(os.environ, folders)


def editor_command(editor: str, file: Path, line: int) -> list[str]:
    """Return the command that opens `file` at 1-based `line`; `editor` is as in $EDITOR.

    Raises UsageError if no editor is set or its quotes don't match.
    """
    try:
        command = shlex.split(editor)
    except ValueError as error:
        raise UsageError(
            f"The editor setting {editor!r} is invalid: {error}.",
            "Fix `editor` in the configuration, or $VISUAL or $EDITOR.",
        ) from error
    if not command:
        raise UsageError("No editor is set.", _SET_EDITOR)
    name = PurePath(command[0]).name.removesuffix(".exe")
    arguments = _ARGUMENTS.get(name, ("{file}",))
    return [*command, *(part.format(file=file, line=line) for part in arguments)]


def run_editor(
    app: "App[Any]",
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> int:
    """Give the terminal to a program until it ends, and return its exit code.

    Raises UsageError if it can't be started. The app takes the terminal back in any case.
    """
    failure: OSError | None = None
    code = 0
    with app.suspend(), _interrupts_ignored():
        # Not raised in here: Textual takes the terminal back only if the block ends normally.
        try:
            code = subprocess.run(command, env=environment, cwd=folder, check=False).returncode
        except OSError as error:
            failure = error
    if failure is not None:
        raise UsageError(
            f"The editor {command[0]} can't be started: {failure.strerror}.", _SET_EDITOR
        ) from failure
    return code


@contextmanager
def _interrupts_ignored() -> Generator[None]:
    """Ctrl+C reaches the whole process group; while the editor runs, it's meant for the editor."""
    numbers = (signal.SIGINT, signal.SIGQUIT)
    # A handler rather than SIG_IGN, which child processes inherit.
    before = [signal.signal(number, _ignore) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing."""
