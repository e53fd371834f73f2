"""`xreview-tui log stats`: the scorecard of the reviewers, and the account of one session."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option
from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser
from xreview.cli.sessions import (
    LATEST,
    add_all_option,
    find_session,
    open_journal,
    repository_of,
    since_moment,
)
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from xreview.domain.scorecard.figures import Scorecard

SUMMARY = "score the reviewers by your decisions"
DESCRIPTION = """\
The outcome of reports: for each author, reviewer and category how many were raised,
accepted, rejected, escalated and left open; models of the author's own family compared
with others; the share of accepted problems that each reviewer found; bugs per dollar and
per minute; how long findings waited; how often each fixer succeeded, and what a fix that
works cost; what attempts came to, and what a working solution cost. A report counts once,
however often it was seen.

With --by prompt, what each version of a prompt brought, side by side, and whether two can be
told apart.

With --session, the account of one session instead: what it caught, rejected and missed, how
contested findings were settled, what it cost, and what wasn't reviewed."""


_BY = ("prompt",)


def add_arguments(parser: Parser) -> None:
    """Which reports, and the output format."""
    add_folder_option(parser)
    add_all_option(parser)
    parser.add_argument(
        "--repository",
        metavar="NAME",
        help="the repository in this folder, or one as `log list --all` names it",
    )
    parser.add_argument(
        "--since", metavar="DATE", help="only reports first seen since this date (2026-01-31)"
    )
    parser.add_argument(
        "--session",
        nargs="?",
        const=LATEST,
        metavar="ID",
        help="the account of one session; without an id, of the latest",
    )
    parser.add_argument(
        "--by", type=OneOf(lambda: _BY), metavar="WHAT", help="%(type)s: compare prompts"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the tables or the JSON."""
    if arguments.session is not None:
        return _print_account(arguments)
    since = arguments.since and since_moment(arguments.since)
    from xreview.review.record.scorecard import read_scorecard

    scorecard = read_scorecard(folders(os.environ).journal, _repository(arguments), since)
    if arguments.by == "prompt":
        return _print_prompts(scorecard, as_json=arguments.json)
    if arguments.json:
        from xreview.review.record.scorecard_json import scorecard_json

        say(json.dumps(scorecard_json(scorecard), indent=2))
    else:
        from xreview.cli.scorecard_text import scorecard_text

        say(scorecard_text(scorecard))
    return ExitCode.DONE


def _print_prompts(scorecard: "Scorecard", *, as_json: bool) -> int:
    """Print what each prompt brought."""
    if as_json:
        from xreview.review.record.prompt_json import prompt_account_json

        account = prompt_account_json(scorecard.prompts)
        say(json.dumps({"schema": 1, "since": scorecard.since, **account}, indent=2))
    else:
        from xreview.cli.prompt_stats_text import prompt_stats_text
        from xreview.cli.scorecard_text import WIDTH

        say(prompt_stats_text(scorecard.prompts, WIDTH))
    return ExitCode.DONE


def _print_account(arguments: argparse.Namespace) -> int:
    """Print the account of one session."""
    for option in ("since", "by"):
        if getattr(arguments, option):
            raise UsageError(f"--session and --{option} can't be combined.", "Use one of them.")
    from xreview.review.record.document import document_in

    with open_journal() as journal:
        found = find_session(journal, arguments.session, _repository(arguments))
        session = document_in(journal, found.repository, [found.id]).latest
    if arguments.json:
        from xreview.export.json import session_to_json

        say(json.dumps(session_to_json(session), indent=2))
    else:
        from xreview.cli.session_account_text import session_account_text

        say(session_account_text(session))
    return ExitCode.DONE


def _repository(arguments: argparse.Namespace) -> str | None:
    name: str | None = arguments.repository
    if name is None:
        return repository_of(arguments)
    if arguments.all:
        raise UsageError("--all and --repository can't be combined.", "Use one of them.")
    from xreview.repo.repository import find_repository

    is_top = Path(name, ".git").exists()
    return find_repository(Path(name)).identity if is_top else name
