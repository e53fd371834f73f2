"""`xreview-tui log path`: the journal's path."""

import argparse
import os

from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode

SUMMARY = "print the path of the journal"
DESCRIPTION = """\
The path of the journal, which may not exist yet. It is an SQLite database, which any
SQLite tool can open: start with its views `sessions`, `findings` and `decisions`."""


def add_arguments(parser: Parser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """Print the path."""
    say(str(folders(os.environ).journal))
    return ExitCode.DONE
