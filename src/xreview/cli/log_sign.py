"""`xreview-tui log sign`: sign the end of the journal."""

import argparse

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.cli.sessions import open_journal
from xreview.domain.errors import ExitCode

SUMMARY = "sign the end of the journal with your SSH key"
DESCRIPTION = """\
Sign the current end of the journal with the SSH key in your own git configuration
(gpg.format = ssh, user.signingKey). `log verify` checks the signature from then on:
without the key, nobody can rewrite what came before."""


def add_arguments(parser: Parser) -> None:
    """The folder, for git's configuration."""
    add_folder_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Sign, and print up to where."""
    from xreview.repo.repository import find_repository
    from xreview.review.sharing.witnesses import sign_end

    repository = find_repository(folder_of(arguments))
    with open_journal() as journal:
        head = sign_end(journal, repository)
    say(f"Signed: the journal's {head.events:,} events up to row {head.row:,}.")
    return ExitCode.DONE
