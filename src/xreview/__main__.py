"""The console scripts `xreview-tui` and `git-xreview`, and `python -m xreview`."""

import atexit
import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    _import_nothing_from_here()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # else `nohup` or a parent chose
            signal.signal(number, _leave)
    from xreview.cli.main import run

    _end_process(run(sys.argv[1:]))


def _end_process(code: int) -> NoReturn:
    """Do what Python does at its end, but don't take every module apart.

    For the app, that and the last garbage collection take longer than everything else between the
    key and the shell's prompt.
    """
    with suppress(KeyboardInterrupt):
        threading._shutdown()  # waits for threads  # pyright: ignore[reportAttributeAccessIssue]
    atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _import_nothing_from_here() -> None:
    """Remove the current folder from Python's path, where `-m` or PYTHONPATH put it.

    Otherwise a module of the reviewed repository called `git` would be imported.
    """
    with suppress(FileNotFoundError):  # the folder was deleted
        here = os.getcwd()  # noqa: PTH109 - pathlib would be 10 ms before the first frame
        sys.path[:] = [entry for entry in sys.path if entry not in ("", ".", here)]


def _leave(number: int, frame: FrameType | None) -> None:
    """Exit cleanly, so that child processes end too."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
