"""Has a text written or changed in the user's editor."""

import os
import subprocess
import tempfile
from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.domain.text import visible
from xreview.hardening.programs import chosen_program, environment_of_child, repository_folders


def edited_text(text: str, name: str, editor: str, folder: Path, advice: str) -> str:
    """Let the user edit a text in a file with that name, and return it as it was saved.

    No program of the repository around `folder` is started. `advice` says what else can be done.
    Raises UsageError if there is no editor, or it fails.
    """
    from xreview.tui.handoff.editor import editor_command

    repository = repository_folders(folder, os.environ)
    with tempfile.TemporaryDirectory(prefix="xreview-") as scratch:
        file = Path(scratch) / name
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
        command, *words = editor_command(editor, file, 1)
        program = chosen_program(command, os.environ, repository)
        if program is None:
            raise UsageError(f"The editor {visible(command)} was not found on PATH.", advice)
        environment = environment_of_child(os.environ, repository)
        try:
            done = subprocess.run([program, *words], env=environment, check=False)
        except OSError as error:
            raise UsageError(
                f"The editor {editor!r} can't be started: {error.strerror}.", advice
            ) from error
        if done.returncode != 0:
            raise UsageError(
                f"The editor exited with {done.returncode}; nothing was changed.", "Try again."
            )
        return file.read_text(encoding="utf-8", errors="replace")
