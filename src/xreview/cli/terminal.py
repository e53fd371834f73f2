"""Checks for the terminal that the app needs, and gets its keyboard."""

import os
import sys

from xreview.domain.errors import UsageError

_ADVICE = "`xreview-tui review` prints a review as Markdown or JSON without a terminal."
_STREAMS = ((0, "standard input"), (1, "standard output"), (2, "standard error"))


def require_terminal(*, is_input_taken: bool = False) -> None:
    """Raise UsageError if the app can't draw, or can't read keys.

    With `is_input_taken`, standard input is a patch or an import, and not the keyboard.
    """
    for descriptor, name in _STREAMS:
        if not (descriptor == 0 and is_input_taken) and not _is_terminal(descriptor):
            raise UsageError(f"The app needs a terminal, and {name} isn't one.", _ADVICE)
    if os.environ.get("TERM", "") in ("dumb", "unknown"):
        raise UsageError(
            f"The app can't draw on a terminal of type “{os.environ['TERM']}”.", _ADVICE
        )


def is_on_terminal() -> bool:
    """Whether there is a keyboard to read from and a terminal to draw on."""
    is_able = os.environ.get("TERM", "") not in ("dumb", "unknown")
    return is_able and all(_is_terminal(descriptor) for descriptor, _ in _STREAMS)


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def make_keyboard_of_terminal() -> None:
    """Make the terminal file descriptor 0, and keep standard input as `sys.stdin`.

    Reads nothing, since a pipe can be silent for long. Raises UsageError if standard input is a
    terminal, which would bring no patch, or there is no terminal to open.
    """
    if _is_terminal(0):
        raise UsageError(
            "--patch - reads a patch from standard input, which is the keyboard here.",
            "Pipe a patch in (`git diff | xreview-tui --patch -`), or name a file.",
        )
    try:
        keyboard = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise UsageError("The app needs a terminal.", _ADVICE) from error
    try:
        given = os.dup(0)
    except OSError as error:
        os.close(keyboard)
        raise UsageError("--patch -: standard input is closed.", _ADVICE) from error
    os.dup2(keyboard, 0)
    os.close(keyboard)
    sys.stdin = os.fdopen(given, encoding="utf-8", errors="surrogateescape")
