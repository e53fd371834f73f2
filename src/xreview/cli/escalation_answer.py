"""`xreview-tui escalation answer`: record a colleague's answer."""

import argparse
import os
from pathlib import Path

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode

SUMMARY = "record a colleague's answer from a returned letter"
DESCRIPTION = """\
Record a colleague's answer from a returned letter.

The answer goes to the journal under the colleague's name. It helps you decide, but doesn't
change the decision on the finding."""


def add_arguments(parser: Parser) -> None:
    """Add the arguments."""
    add_folder_option(parser)
    parser.add_argument("file", metavar="FILE", type=Path, help="the returned letter")


def run(arguments: argparse.Namespace) -> int:
    """Record the answer. Raises UsageError, JournalError."""
    from xreview.repo.repository import find_repository
    from xreview.review.escalate.letters import keep_answer, read_letter

    repository = find_repository(folder_of(arguments))
    text = read_letter(arguments.file)
    journal = folders(os.environ).journal
    kept = keep_answer(journal, repository.identity, repository.actor, text)
    say(f"{kept.by} answered: {kept.outcome}")
    return ExitCode.DONE
