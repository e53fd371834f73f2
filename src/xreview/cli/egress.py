"""`xreview-tui egress`: where this repository's code can be sent."""

import argparse
import json
import os
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of, load_settings
from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser
from xreview.cli.table import Column, table
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import count_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xreview.config.load import Loaded

DESCRIPTION = """\
Before a repository's code is sent to a vendor for the first time, xreview-tui asks you.
Your permission is stored on this machine and never shared.

  list            who can receive this repository's code, and since when
  forget [WHERE]  revoke all permissions, or those for a vendor, a host, or vendor@host"""

_WHAT = ("list", "forget")
_COLUMNS = (Column("VENDOR"), Column("HOST", is_flexible=True), Column("SINCE"))
_DAY = 10


def add_arguments(parser: Parser) -> None:
    """Add the options."""
    add_folder_option(parser)
    parser.add_argument("what", type=OneOf(lambda: _WHAT), metavar="WHAT")
    parser.add_argument("where", nargs="?", metavar="[WHERE]")
    parser.add_argument("--json", action="store_true", help="`list`: as JSON")


def run(arguments: argparse.Namespace) -> int:
    """List or revoke. Raises UsageError, or ChangeError outside a repository."""
    from xreview.repo.repository import find_repository
    from xreview.review.choosing.selection import CONSENT_FILE
    from xreview.review.egress.consent import Consents

    loaded = load_settings(arguments)
    repository = find_repository(folder_of(arguments)).identity
    consents = Consents(folders(os.environ).state / CONSENT_FILE)
    if arguments.what == "list":
        if arguments.where is not None:
            raise UsageError("`list` doesn't accept a vendor or host.", "Leave it out.")
        _list(consents.given(repository), loaded, as_json=arguments.json)
    else:
        if arguments.json:
            raise UsageError("`forget` doesn't accept --json.", "Leave it out.")
        _forget(consents.forget(repository, arguments.where or ""), arguments.where)
    return ExitCode.DONE


def _list(given: "Mapping[str, str]", loaded: "Loaded", *, as_json: bool) -> None:
    always = loaded.settings.egress
    if as_json:
        allowed = [
            {"vendor": vendor, "host": host, "since": at} for vendor, host, at in _rows(given)
        ]
        say(json.dumps({"allowed": allowed, "everywhere": list(always)}, indent=2))
        return
    blocks = ["No vendor can receive this repository's code without asking you."]
    if given:
        blocks = [table(_COLUMNS, [(v, host, at[:_DAY]) for v, host, at in _rows(given)])]
    if always:
        origin = loaded.origins.get("egress", "the settings")
        blocks.append(f"For every repository, set by {origin}: {', '.join(always)}")
    say("\n\n".join(blocks))


def _rows(given: "Mapping[str, str]") -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for key, at in sorted(given.items()):
        vendor, _, host = key.partition("@")
        rows.append((vendor, host, at))
    return rows


def _forget(taken: tuple[str, ...], where: str | None) -> None:
    if not taken and where is not None:
        raise UsageError(
            f"“{where}” has no permission for this repository.",
            "`xreview-tui egress list` lists all permissions.",
        )
    count = count_of(len(taken), "permission")
    say(f"Revoked {count}: {', '.join(taken)}" if taken else "No permissions to revoke.")
