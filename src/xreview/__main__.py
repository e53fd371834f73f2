"""The console scripts `xreview-tui` and `git-xreview`, and `python -m xreview`."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType


def main() -> int:
    """Run the command line and return its exit code."""
    _import_nothing_from_here()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # else `nohup` or a parent chose
            signal.signal(number, _end)
    from xreview.cli.main import run

    return run(sys.argv[1:])


def _import_nothing_from_here() -> None:
    """Remove the current folder from Python's path, where `-m` or PYTHONPATH put it.

    Otherwise a module of the reviewed repository called `git` would be imported.
    """
    with suppress(FileNotFoundError):  # the folder was deleted
        here = os.getcwd()  # noqa: PTH109 - pathlib would be 10 ms before the first frame
        sys.path[:] = [entry for entry in sys.path if entry not in ("", ".", here)]


def _end(number: int, frame: FrameType | None) -> None:
    """Exit cleanly, so that child processes end too."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
