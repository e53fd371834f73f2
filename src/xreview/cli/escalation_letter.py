"""`xreview-tui escalation letter`: write a letter to a colleague."""

import argparse
from pathlib import Path

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import STANDARD_OUTPUT, deliver, say
from xreview.cli.parser import Parser
from xreview.cli.sessions import open_journal
from xreview.domain.errors import ExitCode

SUMMARY = "write the letter to a colleague about a finding escalated to a person"
DESCRIPTION = """\
Write the letter to a colleague about a finding escalated to a person: Markdown with the
code and both sides, without the names of the models. The colleague fills in the first
lines and sends it back; `answer` records the answer.

The letter is the same as from the app. An existing file is never overwritten, since it
might contain an answer."""


def add_arguments(parser: Parser) -> None:
    """Add the arguments."""
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
    """Write the letter. Raises UsageError, JournalError."""
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
    say(f"Wrote {arguments.output}. Record the answer with `xreview-tui escalation answer`.")
    return ExitCode.DONE
