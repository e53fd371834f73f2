"""`xreview-tui log`: the commands about the journal; the longer ones have their own files."""

import argparse
import json
import os
from types import ModuleType
from typing import TYPE_CHECKING

from xreview.cli import (
    log_list,
    log_missed,
    log_outcomes,
    log_prune,
    log_show,
    log_stats,
    log_verify,
)
from xreview.cli.log_share import PULL, PUSH
from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import say
from xreview.cli.parser import Parser, Subcommand
from xreview.cli.sessions import add_all_option, local_moment, open_journal, repository_of, short
from xreview.cli.table import Column, table
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.domain.proposal import Proposal

DESCRIPTION = """\
The journal is an append-only file of all sessions, reports and decisions.
The default COMMAND is `list`."""
_PROPOSAL_COLUMNS = (
    Column("ID"),
    Column("TIME"),
    Column("PROPOSED BY"),
    Column("WHAT", is_flexible=True),
)


def add_arguments(parser: Parser) -> None:
    """Add a parser for each command."""
    parser.add_commands("log_command", _COMMANDS)
    log_list.add_defaults(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command below `log`."""
    return _COMMANDS[arguments.log_command or "list"].run(arguments)


def _print_path(_: argparse.Namespace) -> int:
    say(str(folders(os.environ).journal))
    return ExitCode.DONE


def _sign(arguments: argparse.Namespace) -> int:
    from xreview.repo.repository import find_repository
    from xreview.review.sharing.witnesses import sign_end

    repository = find_repository(folder_of(arguments))
    with open_journal() as journal:
        head = sign_end(journal, repository)
    say(f"Signed: the journal's {head.events:,} events up to row {head.row:,}.")
    return ExitCode.DONE


def _add_proposals_arguments(parser: Parser) -> None:
    add_folder_option(parser)
    add_all_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, times in UTC")


def _list_proposals(arguments: argparse.Namespace) -> int:
    from xreview.journal.replay import proposals_of

    with open_journal() as journal:
        proposals = proposals_of(journal, repository_of(arguments))
    if arguments.json:
        say(json.dumps([_proposal_as_json(one) for one in proposals], indent=2))
    elif not proposals:
        say("No open proposals.")
    else:
        say(table(_PROPOSAL_COLUMNS, [_row(one) for one in proposals]))
    return ExitCode.DONE


def _row(proposal: "Proposal") -> tuple[str, str, str, str]:
    about = f": {proposal.about}" if proposal.about else ""
    return (
        visible(short(proposal.id)),
        local_moment(proposal.at),
        visible(proposal.who),
        visible(f"{proposal.words}{about}"),
    )


def _proposal_as_json(proposal: "Proposal") -> dict[str, object]:
    return {
        "id": proposal.id,
        "by": proposal.by,
        "at": proposal.at,
        "type": proposal.payload.type,
        "proposes": proposal.words,
        "about": proposal.about,
        "subjects": list(proposal.payload.subjects),
        "why": proposal.why,
    }


_COMMANDS: dict[str, Subcommand | ModuleType] = {
    "list": log_list,
    "show": log_show,
    "verify": log_verify,
    "sign": Subcommand(
        "sign the end of the journal with your SSH key",
        """\
Sign the current end of the journal with the SSH key in your own git configuration
(gpg.format = ssh, user.signingKey). `log verify` checks the signature from then on:
without the key, nobody can rewrite what came before.""",
        add_folder_option,
        _sign,
    ),
    "stats": log_stats,
    "missed": log_missed,
    "outcomes": log_outcomes,
    "prune": log_prune,
    "path": Subcommand(
        "print the path of the journal",
        """\
The path of the journal, which may not exist yet. It is an SQLite database, which any
SQLite tool can open: start with its views `sessions`, `findings` and `decisions`.""",
        lambda _: None,
        _print_path,
    ),
    "push": PUSH,
    "pull": PULL,
    "proposals": Subcommand(
        "list what other people propose",
        """\
Other people's decisions, notes and conventions from `log pull` that no key you allow has
signed. They have no effect. Adopt one on its finding in the app, or a convention with
`xreview-tui conventions take ID`: that makes it a decision of your own.""",
        _add_proposals_arguments,
        _list_proposals,
    ),
}
