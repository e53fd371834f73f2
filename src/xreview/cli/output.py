"""Where text goes: standard output, standard error, or a file that appears whole or not at all."""

import contextlib
import io
import os
import sys
from pathlib import Path

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import visible_block

STANDARD_OUTPUT = "-"


class _Closed(io.TextIOWrapper):
    """Stands in for a standard stream that was closed before this program started."""

    def __init__(self, mode: str) -> None:
        super().__init__(open(os.devnull, mode), encoding="utf-8")  # noqa: SIM115, PTH123


def replace_closed_streams() -> None:
    """Put /dev/null where a standard stream is closed, and an object where Python has None.

    The next file that is opened would be standard output otherwise, and get what a library or a
    child prints: the journal, for example.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    sys.stdin = sys.stdin or _Closed("rb")
    sys.stdout = sys.stdout or _Closed("wb")
    sys.stderr = sys.stderr or _Closed("wb")


def flush() -> None:
    """Write what waits for standard output. Raises BrokenPipeError, or XReviewError."""
    if not isinstance(sys.stdout, _Closed):
        _to_standard_output("")


def say(text: str) -> None:
    """Write lines to standard output, as UTF-8 whatever the locale. Raises BrokenPipeError.

    The text may quote what others wrote: it is neutralised here.
    """
    _to_standard_output(visible_block(text) + "\n")


def complain(text: str) -> None:
    """Write a message to standard error; a terminal that has gone is no reason to fail."""
    with contextlib.suppress(OSError, ValueError):
        print(f"xreview-tui: {visible_block(text)}", file=sys.stderr, flush=True)


def deliver(document: str, output: str | None) -> None:
    """Write a document that an exporter made, and so neutralised, to a file or standard output.

    Args:
        output: a path; None or "-" for standard output.

    Raises UsageError where the path can't be written, BrokenPipeError where a reader left.
    """
    if (path := _file(output)) is None:
        _to_standard_output(document)
    else:
        from xreview.export.file import write_file

        write_file(path, document)


def check_target(output: str | None) -> None:
    """Raise UsageError where `deliver` would, before a long review rather than after it."""
    if (path := _file(output)) is None:
        _check_standard_output()
    else:
        from xreview.export.file import check_file

        check_file(path)


def _file(output: str | None) -> Path | None:
    return None if output is None or output == STANDARD_OUTPUT else Path(output)


def _check_standard_output() -> None:
    if isinstance(sys.stdout, _Closed):
        raise UsageError("Standard output is closed.", "Name a file with --output, or open it.")


def _to_standard_output(text: str) -> None:
    _check_standard_output()
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What could not be written would be tried again, and fail, at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise XReviewError(
            f"Standard output can't be written: {error.strerror or error}.",
            "Make room, or name another place with --output.",
        ) from error
