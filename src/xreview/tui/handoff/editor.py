"""Opening a file in the person's editor at a line.

The editor comes from the user's settings or environment, never from the reviewed repository.
"""

import shlex
import signal
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import FrameType
from typing import TYPE_CHECKING, Any

from xreview.domain.errors import UsageError

if TYPE_CHECKING:
    from textual.app import App

_LINE_THEN_FILE = {
    "vi",
    "vim",
    "nvim",
    "gvim",
    "nano",
    "emacs",
    "emacsclient",
    "kak",
    "micro",
    "joe",
}
_FILE_COLON_LINE = {"hx", "helix", "subl", "zed", "sublime_text"}
_GOTO_FILE_COLON_LINE = {"code", "codium", "code-insiders", "cursor", "windsurf"}
_JETBRAINS = {"idea", "pycharm", "goland", "rubymine", "webstorm", "clion", "rustrover"}


def editor_command(editor: str, file: Path, line: int) -> list[str]:
    """The command that opens `file` at 1-based `line`.

    Args:
        editor: as in $EDITOR, with its own options: `code --wait`.

    Raises UsageError where no editor is set or its quotes do not match.
    """
    try:
        command = shlex.split(editor)
    except ValueError as error:
        raise UsageError(
            f"The editor setting {editor!r} can't be read: {error}.",
            "Mend `editor` in the configuration, or $VISUAL or $EDITOR.",
        ) from error
    if not command:
        raise UsageError(
            "No editor is set.", "Set `editor` in the configuration, or $VISUAL or $EDITOR."
        )
    name = PurePath(command[0]).name.removesuffix(".exe")
    path = str(file)
    if name in _GOTO_FILE_COLON_LINE:
        return [*command, "--goto", f"{path}:{line}"]
    if name in _FILE_COLON_LINE:
        return [*command, f"{path}:{line}"]
    if name in _JETBRAINS:
        return [*command, "--line", str(line), path]
    if name in _LINE_THEN_FILE:
        return [*command, f"+{line}", path]
    return [*command, path]


def run_editor(
    app: "App[Any]", command: Sequence[str], environment: Mapping[str, str] | None = None
) -> int:
    """Give the terminal to an editor until it ends; returns its exit code.

    Raises UsageError where it can't be started. The app has the terminal again in any case.
    """
    failure: OSError | None = None
    code = 0
    with app.suspend(), _interrupts_are_the_editors():
        # Not raised in here: Textual takes the terminal back only where the block ends well.
        try:
            code = subprocess.run(command, env=environment, check=False).returncode
        except OSError as error:
            failure = error
    if failure is not None:
        raise UsageError(
            f"The editor {command[0]} can't be started: {failure.strerror}.",
            "Set `editor` in the configuration, or $VISUAL or $EDITOR.",
        ) from failure
    return code


@contextmanager
def _interrupts_are_the_editors() -> Generator[None]:
    """Ctrl+C reaches the whole group: while the editor has the terminal, it is none of ours."""
    numbers = (signal.SIGINT, signal.SIGQUIT)
    # A handler, since a program that is started inherits what is ignored.
    before = [signal.signal(number, _leave_it) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _leave_it(number: int, frame: FrameType | None) -> None:
    """Do nothing about a signal."""
