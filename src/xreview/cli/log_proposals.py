"""`xreview-tui log proposals`: the open proposals of others."""

import argparse
import json
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.cli.sessions import add_all_option, local_moment, open_journal, repository_of
from xreview.cli.table import Column, table
from xreview.domain.errors import ExitCode
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.domain.proposal import Proposal

SUMMARY = "list what other people propose"
DESCRIPTION = """\
Other people's decisions, notes and conventions from `log pull` that no key you allow has
signed. They have no effect. Adopt one on its finding in the app, or a convention with
`xreview-tui conventions take ID`: that makes it a decision of your own."""

_COLUMNS = (
    Column("ID"),
    Column("TIME"),
    Column("PROPOSED BY"),
    Column("WHAT", is_flexible=True),
)
ID_SHOWN = 8


def add_arguments(parser: Parser) -> None:
    """Which repository, and the output format."""
    add_folder_option(parser)
    add_all_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, times in UTC")


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    from xreview.journal.replay import proposals_of

    with open_journal() as journal:
        proposals = proposals_of(journal, repository_of(arguments))
    if arguments.json:
        say(json.dumps([proposal_as_json(one) for one in proposals], indent=2))
    elif not proposals:
        say("No open proposals.")
    else:
        say(table(_COLUMNS, [_row(one) for one in proposals]))
    return ExitCode.DONE


def _row(proposal: "Proposal") -> tuple[str, str, str, str]:
    about = f": {proposal.about}" if proposal.about else ""
    return (
        visible(proposal.id[:ID_SHOWN]),
        local_moment(proposal.at),
        visible(proposal.who),
        visible(f"{proposal.words}{about}"),
    )


def proposal_as_json(proposal: "Proposal") -> dict[str, object]:
    """A proposal as JSON values."""
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
