"""Writes text to standard output, standard error, or a file that appears whole or not at all."""

import contextlib
import io
import os
import sys
from pathlib import Path

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.text import visible_block

STANDARD_OUTPUT = "-"


class _Closed(io.TextIOWrapper):
    """Replaces a standard stream that was closed before this program started."""

    def __init__(self, mode: str) -> None:
        super().__init__(open(os.devnull, mode), encoding="utf-8")  # noqa: SIM115, PTH123 - open for good


def replace_closed_streams() -> None:
    """Open /dev/null for each closed standard stream, and give Python an object for it.

    Otherwise the next file opened, for example the journal, would become standard output and
    receive what libraries and children print.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number: this one
    sys.stdin = sys.stdin or _Closed("rb")
    sys.stdout = sys.stdout or _Closed("wb")
    sys.stderr = sys.stderr or _Closed("wb")


def flush() -> None:
    """Flush standard output. Raises BrokenPipeError or XReviewError."""
    if not isinstance(sys.stdout, _Closed):
        _to_standard_output("")


def say(text: str) -> None:
    """Write neutralised lines to standard output, always as UTF-8. Raises BrokenPipeError."""
    _to_standard_output(visible_block(text) + "\n")


def complain(text: str) -> None:
    """Write a message to standard error, if that is still open."""
    with contextlib.suppress(OSError, ValueError):
        print(f"xreview-tui: {visible_block(text)}", file=sys.stderr, flush=True)


def deliver(document: str, output: str | None) -> None:
    """Write an exporter's document, which is neutralised, to a file or standard output ("-", None).

    Raises UsageError if the path can't be written, BrokenPipeError if the reader is gone.
    """
    if (path := _file(output)) is None:
        _to_standard_output(document)
    else:
        from xreview.export.file import write_file

        write_file(path, document)


def check_target(output: str | None) -> None:
    """Raise UsageError if `deliver` would, before a long review instead of after it."""
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
        # The interpreter would retry this write at its end, and fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise XReviewError(
            f"Standard output can't be written: {error.strerror or error}.",
            "Free some space, or write to another place with --output.",
        ) from error
