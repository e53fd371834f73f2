"""`xreview-tui escalation answer`: what a colleague answered to a finding that was escalated."""

import argparse
import os
from pathlib import Path

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode

SUMMARY = "take a colleague's answer out of the letter that came back"
DESCRIPTION = """\
Take a colleague's answer out of the letter that came back.

The answer goes to the journal, under the colleague's name. The finding stays as it is
decided: the answer helps to decide, and does not decide."""


def add_arguments(parser: Parser) -> None:
    """Which letter."""
    add_folder_option(parser)
    parser.add_argument("file", metavar="FILE", type=Path, help="the letter that came back")


def run(arguments: argparse.Namespace) -> int:
    """Take it in. Raises UsageError, JournalError."""
    from xreview.repo.repository import find_repository
    from xreview.review.escalate.letters import keep_answer, read_letter

    repository = find_repository(folder_of(arguments))
    text = read_letter(arguments.file)
    journal = folders(os.environ).journal
    kept = keep_answer(journal, repository.identity, repository.actor, text)
    say(f"{kept.by} answered: {kept.outcome}")
    return ExitCode.DONE
