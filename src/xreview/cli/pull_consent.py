"""What the commands that write to a pull request share: which one, and the user's consent."""

import argparse
import sys
from typing import TYPE_CHECKING

from xreview.cli.options import add_offline_option, folder_of, run_options_of
from xreview.cli.output import complain
from xreview.cli.parser import Parser
from xreview.cli.sessions import journal_names
from xreview.domain.errors import UsageError
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.review.assembly.pulls_headless import RecordedPull

_YES = ("y", "yes")


def add_pull_options(parser: Parser) -> None:
    """Add `--pr`, `--yes`, `--dry-run`, `--json` and `--offline`."""
    parser.add_argument(
        "--pr",
        dest="pull",
        metavar="URL|NUMBER",
        default=argparse.SUPPRESS,
        help="the pull request (default: the one reviewed last in this repository)",
    )
    parser.add_argument(
        "--yes", action="store_true", help="agree to what would be asked on a terminal"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be posted, and post nothing"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_offline_option(parser)


def recorded_pull_of(arguments: argparse.Namespace) -> "RecordedPull":
    """The pull request that is meant, from the journal. Raises UsageError, JournalError."""
    from xreview.review.assembly.pulls_headless import recorded_pull

    options = run_options_of(arguments)
    repository, user = journal_names(folder_of(arguments))
    return recorded_pull(arguments.pull or "", repository, user, options)


def ask_in_terminal(
    question: str,
    *,
    is_agreed: bool,
    stays: str = "The findings and decisions stay in the journal.",
) -> None:
    """Ask a question on the terminal, unless the user agreed with --yes.

    Raises UsageError for a no, and where there is no terminal to ask on.
    """
    if is_agreed:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(question, "Without a terminal to ask on, this needs --yes.")
    print(f"{visible(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().lower()
    if answer not in _YES:
        raise UsageError("Nothing was posted.", stays)


def consent_words(recorded: "RecordedPull", login: str) -> str:
    """The question before the first post to a project."""
    address = recorded.address
    return f"Post to {address.project} at {address.forge.name} as {login}, now and later?"


def tell_notices(notices: tuple[str, ...]) -> None:
    """Say on standard error what the user must know."""
    for sentence in notices:
        complain(sentence)
