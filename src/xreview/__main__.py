"""The console scripts `xreview-tui` and `git-xreview`, and `python -m xreview`."""

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    from xreview.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
