"""The terminal the app needs: is there one, and can the keyboard be had."""

import os
import sys

from xreview.domain.errors import UsageError

_ADVICE = "`xreview-tui review` prints a review as Markdown or JSON without one."
_STREAMS = ((0, "standard input"), (1, "standard output"), (2, "standard error"))


def require_terminal(*, is_input_taken: bool = False) -> None:
    """Raise UsageError where the app can't draw or can't read keys.

    Args:
        is_input_taken: standard input brings a patch; the keyboard is opened by its own path.
    """
    for descriptor, name in _STREAMS:
        if not (descriptor == 0 and is_input_taken) and not _is_terminal(descriptor):
            raise UsageError(f"The app needs a terminal, and {name} is not one.", _ADVICE)
    if os.environ.get("TERM", "") in ("dumb", "unknown"):
        raise UsageError(
            f"The app can't draw on a terminal of the kind “{os.environ['TERM']}”.", _ADVICE
        )


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def make_keyboard_of_terminal() -> None:
    """Leave standard input to the reader of `sys.stdin`, and make the terminal file descriptor 0.

    Nothing is read here: a pipe may say nothing for long, and the app is to be there meanwhile.
    Raises UsageError where standard input is a terminal (nothing would ever come) or there is no
    terminal to open.
    """
    if _is_terminal(0):
        raise UsageError(
            "--patch - reads a patch from standard input, and that is the keyboard.",
            "Pipe one in, as in `git diff | xreview-tui --patch -`, or name a file.",
        )
    try:
        keyboard = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise UsageError("The app needs a terminal, and there is none.", _ADVICE) from error
    try:
        given = os.dup(0)
    except OSError as error:
        os.close(keyboard)
        raise UsageError("--patch -: standard input is closed.", _ADVICE) from error
    os.dup2(keyboard, 0)
    os.close(keyboard)
    sys.stdin = os.fdopen(given, encoding="utf-8", errors="surrogateescape")
