"""The terminal the app needs: is there one, and can the keyboard be had."""

import io
import os
import sys
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class KeyboardAfterInput:
    """Standard input was read to its end and then made the keyboard.

    `sys.stdin` still gives what was read; file descriptor 0 (`sys.__stdin__`) is the terminal.
    """

    size: int


def take_input_then_keyboard() -> KeyboardAfterInput:
    """Read all of standard input, keep it for whoever reads `sys.stdin`, open the keyboard.

    Raises UsageError where standard input is a terminal (nothing would ever come) or there is no
    terminal to open.
    """
    if _is_terminal(0):
        raise UsageError(
            "--patch - reads a patch from standard input, and that is the keyboard.",
            "Pipe one in, as in `git diff | xreview-tui --patch -`, or name a file.",
        )
    content = sys.stdin.buffer.read()
    try:
        keyboard = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise UsageError("The app needs a terminal, and there is none.", _ADVICE) from error
    os.dup2(keyboard, 0)
    os.close(keyboard)
    sys.stdin = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors="surrogateescape")
    return KeyboardAfterInput(len(content))
