"""`xreview-tui escalation letter`: a finding as a letter to a colleague."""

import argparse
from pathlib import Path

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import STANDARD_OUTPUT, deliver, say
from xreview.cli.parser import Parser
from xreview.cli.sessions import open_journal
from xreview.domain.errors import ExitCode

SUMMARY = "write the letter to a colleague about a finding that is escalated to a person"
DESCRIPTION = """\
Write the letter to a colleague about a finding that is escalated to a person: Markdown
with the code and both sides, without the names of the models. The colleague fills in its
first lines and sends it back; `answer` takes the answer in.

The letter comes out of the journal, and is the one that the app writes. A file that is
there already is left as it is, since it might hold an answer."""


def add_arguments(parser: Parser) -> None:
    """About which finding, to where."""
    add_folder_option(parser)
    parser.add_argument(
        "fingerprint",
        metavar="FINGERPRINT",
        help="the beginning of the finding's fingerprint, as `list` shows it",
    )
    parser.add_argument(
        "--to", dest="output", metavar="FILE", help="write to FILE instead of standard output"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write it. Raises UsageError, JournalError."""
    from xreview.repo.repository import find_repository
    from xreview.review.escalate.letters import escalated_in, write_letter

    repository = find_repository(folder_of(arguments))
    with open_journal() as journal:
        escalated = escalated_in(journal, repository.identity)
    text = escalated.letter(arguments.fingerprint, repository.actor)
    if arguments.output in (None, STANDARD_OUTPUT):
        deliver(text, None)
        return ExitCode.DONE
    write_letter(Path(arguments.output), text)
    say(f"{arguments.output} is the letter. `xreview-tui escalation answer` takes in its answer.")
    return ExitCode.DONE
