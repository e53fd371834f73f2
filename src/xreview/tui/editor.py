"""Opening a file in the person's editor at a line.

The editor comes from the user's settings or environment, never from the reviewed repository.
"""

import shlex
from pathlib import Path, PurePath

from xreview.domain.errors import UsageError

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
