"""`xreview-tui log path`: where the journal is."""

import argparse
import os

from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode

SUMMARY = "print where the file is"
DESCRIPTION = """\
Where the journal is; it need not exist yet. It is an SQLite database, which any tool
for those can open: begin with its views `sessions`, `findings` and `decisions`."""


def add_arguments(parser: Parser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """Print the path."""
    say(str(folders(os.environ).journal))
    return ExitCode.DONE
