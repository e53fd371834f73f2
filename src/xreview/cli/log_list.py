"""`xreview-tui log list`: the sessions in the journal."""

import argparse
import json
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xreview.cli.options import add_folder_option
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.cli.sessions import add_all_option, local_moment, open_journal, repository_of, short
from xreview.cli.table import Column, table
from xreview.domain.errors import ExitCode
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.journal.queries import SessionSummary

SUMMARY = "list the sessions, newest first"
DESCRIPTION = """\
The sessions of this repository, newest first: when each was opened (local time), the
change, and the numbers of reports and decisions."""

_COLUMNS = (
    Column("SESSION"),
    Column("OPENED"),
    Column("CHANGE", is_flexible=True),
    Column("REPORTS", is_number=True),
    Column("DECISIONS", is_number=True),
)


def add_arguments(parser: Parser) -> None:
    """Which sessions, and the output format."""
    add_folder_option(parser)
    add_all_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, times in UTC")


def add_defaults(parser: Parser) -> None:
    """The options when `log` is run without a command."""
    parser.set_defaults(all=False, json=False)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    with open_journal() as journal:
        sessions = journal.sessions(repository_of(arguments))
    if arguments.json:
        say(json.dumps([session_as_json(session) for session in sessions], indent=2))
    elif not sessions:
        say("This repository has no sessions. Use --all to list those of other repositories.")
    elif arguments.all:
        by_repository = sorted(sessions, key=lambda session: session.repository)
        blocks = [
            f"{visible(repository)}\n{sessions_table(list(group))}"
            for repository, group in groupby(by_repository, lambda session: session.repository)
        ]
        say("\n\n".join(blocks))
    else:
        say(sessions_table(sessions))
    return ExitCode.DONE


def sessions_table(sessions: Sequence["SessionSummary"]) -> str:
    """The sessions as a table."""
    return table(
        _COLUMNS,
        [
            (
                short(session.id),
                local_moment(session.opened_at),
                session.title,
                f"{session.reports:,}",
                f"{session.decisions:,}",
            )
            for session in sessions
        ],
    )


def session_as_json(session: "SessionSummary") -> dict[str, Any]:
    """A session as JSON values, the times in UTC."""
    return {
        "session": session.id,
        "repository": session.repository,
        "opened_at": session.opened_at,
        "actor": session.actor,
        "kind": session.kind,
        "title": session.title,
        "reports": session.reports,
        "decisions": session.decisions,
    }
