"""Where the task of a trial comes from: the command line, a file, a pipe, or the editor."""

import os
import sys
from pathlib import Path

from xreview.cli.editing import edited_text
from xreview.cli.given_file import read_given
from xreview.domain.errors import UsageError
from xreview.review.attempts.wish import LONGEST_TASK

_STANDARD_INPUT = "-"
_MOST_BYTES = 4 * LONGEST_TASK  # a character of UTF-8 has at most four
_ADVICE = 'Give the task as an argument, as @FILE, or as - for standard input: attempt "TASK".'
_TEMPLATE = """
# Write the task: what is to be done, and how you would know that it is done.
# Every writer gets these words, the names of your checks, and the code as it is now.
# Lines that begin with # are left out. With nothing else here, nothing is started.
"""


def task_of(given: str | None, editor: str, folder: Path) -> str:
    """The text of the task, as `given`; None asks the user's editor.

    Raises UsageError if it is absent, empty, too long, or can't be read.
    """
    text = _text(given, editor, folder).strip()
    if not text:
        raise UsageError("The task is empty, so nothing was started.", _ADVICE)
    if len(text) > LONGEST_TASK:
        raise UsageError(
            f"The task has {len(text):,} characters; the most is {LONGEST_TASK:,}.", "Shorten it."
        )
    return text


def _text(given: str | None, editor: str, folder: Path) -> str:
    if given is None:
        return _written(editor, folder)
    if given == _STANDARD_INPUT:
        content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    elif given.startswith("@"):
        content = read_given(folder / given[1:], "TASK", _MOST_BYTES)
    else:
        return given
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _written(editor: str, folder: Path) -> str:
    """What the user writes in the editor. Raises UsageError where there is no terminal."""
    if not (os.isatty(0) and os.isatty(1)):
        raise UsageError("What is to be done?", _ADVICE)
    text = edited_text(_TEMPLATE, "TASK_EDITMSG", editor, folder, _ADVICE)
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
