"""`xreview-tui pr`: open the app on a pull request, or list the open ones."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from xreview.cli.options import (
    CHANGE_OPTIONS,
    add_folder_option,
    add_reviewing_options,
    folder_of,
    given_change_options,
    run_options_of,
)
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
from xreview.cli.pull_options import given_pull
from xreview.cli.table import Column, table
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.review.pulls.listing import PullListing

DESCRIPTION = """\
Open the app on a pull or merge request: that of the checked-out branch, or the one with
this URL or number. --list lists the open ones of the repository's project, those that want
your review first.

The token is found, in this order, in the environment ($GH_TOKEN, $GITLAB_TOKEN, …), in
gh or glab, in git's credential helpers, and in ~/.netrc; `doctor` shows which. It goes to
its own host only."""

_COLUMNS = (
    Column("", is_flexible=False),
    Column("NUMBER"),
    Column("AUTHOR"),
    Column("UPDATED"),
    Column("TITLE", is_flexible=True),
)
_DAY = 10


def add_arguments(parser: Parser) -> None:
    """Add which pull request, or that they are listed, and the options of a review."""
    parser.add_argument(
        "wanted", metavar="[URL|NUMBER]", nargs="?", help="which one (default: that of this branch)"
    )
    add_folder_option(parser)
    parser.add_argument("--list", action="store_true", help="list the open ones")
    parser.add_argument("--json", action="store_true", help="with --list: print JSON")
    add_reviewing_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open the app, or list. Raises UsageError, ChangeError, ForgeError."""
    wanted: str | None = arguments.wanted
    if given := [one for one in given_change_options(arguments) if one in CHANGE_OPTIONS]:
        raise UsageError(f"`pr` says which change is meant. Leave out {given[0]}.", "See --help.")
    if arguments.list:
        if wanted is not None:
            raise UsageError("--list lists all open ones.", f"Leave out {visible(wanted)}.")
        return _list(arguments)
    if arguments.json:
        raise UsageError("--json needs --list.", "Add it.")
    from xreview.cli.app import open_app
    from xreview.repo.change.request import ChangeRequest

    pull = "" if wanted is None else given_pull(wanted)
    return open_app(ChangeRequest(cwd=folder_of(arguments), pull=pull), arguments)


def _list(arguments: argparse.Namespace) -> int:
    import asyncio

    from xreview.review.pulls.listing import open_pulls

    options = run_options_of(arguments)
    listing = asyncio.run(open_pulls(folder_of(arguments), options))
    if arguments.json:
        say(json.dumps(listing_as_json(listing), indent=2))
        return ExitCode.DONE
    say(listing_as_text(listing))
    if listing.notice:
        complain(visible(listing.notice))
    return ExitCode.DONE


def listing_as_text(listing: "PullListing") -> str:
    """A table, with a `*` before those that want the account's review, and what that means."""
    where = f"{listing.host.name}/{listing.project}"
    if not listing.pulls:
        return visible(f"No open pull requests in {where}.")
    rows = [
        (
            "*" if listing.wants_review(one) else "",
            one.address.mark,
            one.author.login,
            one.updated[:_DAY],
            f"{'draft: ' if one.is_draft else ''}{one.title}",
        )
        for one in listing.pulls
    ]
    head = f"{where}, as {listing.account.login}" if listing.account else where
    legend = "\n* wants your review" if any(row[0] for row in rows) else ""
    return f"{visible(head)}\n{table(_COLUMNS, rows)}{legend}"


def listing_as_json(listing: "PullListing") -> dict[str, Any]:
    """The listing as JSON values."""
    return {
        "host": listing.host.name,
        "kind": listing.host.kind.value,
        "project": listing.project,
        "account": listing.account.login if listing.account else None,
        "pulls": [
            {
                "number": one.address.number,
                "url": one.address.url,
                "title": one.title,
                "author": one.author.login,
                "draft": one.is_draft,
                "updated": one.updated or None,
                "branch": one.branch or None,
                "wants_review": listing.wants_review(one),
            }
            for one in listing.pulls
        ],
    }
