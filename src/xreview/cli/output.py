"""Where text goes: standard output, standard error, or a file that appears whole or not at all."""

import contextlib
import sys
from pathlib import Path

from xreview.domain.errors import XReviewError
from xreview.domain.text import visible_block

STANDARD_OUTPUT = "-"


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
    if (path := _file(output)) is not None:
        from xreview.export.file import check_file

        check_file(path)


def _file(output: str | None) -> Path | None:
    return None if output is None or output == STANDARD_OUTPUT else Path(output)


def _to_standard_output(text: str) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise XReviewError(
            f"Standard output can't be written: {error.strerror or error}.",
            "Make room, or name another place with --output.",
        ) from error
