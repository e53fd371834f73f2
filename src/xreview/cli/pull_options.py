"""Naming a pull request on the command line: `--pr URL|NUMBER`, or `pr` as the last word."""

import argparse

from xreview.cli.parser import Parser, quoted
from xreview.domain.errors import UsageError

PULL_WORD = "pr"


def add_pull_word(parser: Parser) -> None:
    """Add `pr` as a last word: the pull request of the checked-out branch."""
    parser.add_argument(
        "pull_word",
        metavar="[pr]",
        nargs="?",
        help="the pull request of the checked-out branch",
    )


def given_pull(text: str) -> str:
    """The URL or number of a pull request, as typed. Raises UsageError for an empty one."""
    if not text.strip():
        raise UsageError("--pr needs the URL or number of a pull request.", "See --help.")
    return text


def pull_in(arguments: argparse.Namespace) -> str | None:
    """The pull request that was named, as in `ChangeRequest.pull`. Raises UsageError."""
    pull: str | None = arguments.pull
    word: str | None = getattr(arguments, "pull_word", None)
    if word is None:
        return None if pull is None else given_pull(pull)
    if word != PULL_WORD:
        raise UsageError(f"Unexpected argument “{quoted(word)}”.", "See --help.")
    if pull is not None:
        raise UsageError("--pr and `pr` can't be combined.", "Give one.")
    return ""
