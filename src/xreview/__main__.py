"""The console scripts `xreview-tui` and `git-xreview`, and `python -m xreview`."""

import os
import sys
from contextlib import suppress


def main() -> int:
    """Run the command line and return its exit code."""
    _import_nothing_from_here()
    from xreview.cli.main import run

    return run(sys.argv[1:])


def _import_nothing_from_here() -> None:
    """Take the current folder off Python's path, where `-m` or PYTHONPATH put it.

    A module of the reviewed repository that is called `git` would be imported otherwise.
    """
    with suppress(FileNotFoundError):  # the folder was deleted
        here = os.getcwd()  # noqa: PTH109 - pathlib would be 10 ms before the first frame
        sys.path[:] = [entry for entry in sys.path if entry not in ("", ".", here)]


if __name__ == "__main__":
    sys.exit(main())
