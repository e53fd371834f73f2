"""`xreview-tui log push` and `log pull`: share a repository's journal through its remote."""

import argparse
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of, load_settings
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser, Subcommand
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xreview.repo.repository import Repository
    from xreview.repo.shared_journal.remote import JournalRemote, TransferDirection
    from xreview.review.sharing.sharing import Confirm, Pulled, Pushed

_REMOTE = "origin"
_PEOPLE_SHOWN = 5
_CONFIRMED_FILE = "confirmed-remotes"
_WHY_PROPOSED = "no key you allow has signed them"
_ALLOW = (
    "To accept what colleagues sign, put their keys in a file and set "
    "gpg.ssh.allowedSignersFile to it in your own git configuration."
)
_MEANINGS = {
    "push": "Reports (with the code they quote), decisions and notes of this repository go to",
    "pull": "Events of other people come from",
}


def _add_arguments(parser: Parser) -> None:
    add_folder_option(parser)
    parser.add_argument(
        "remote",
        metavar="REMOTE",
        nargs="?",
        default=_REMOTE,
        help=f"a remote's name, an https or ssh address, or a path (default: {_REMOTE})",
    )
    parser.add_argument("--yes", action="store_true", help="use the address without asking")


def _share(direction: str, arguments: argparse.Namespace) -> int:
    from xreview.repo.repository import find_repository
    from xreview.review.sharing.sharing import pull, push

    folder = folder_of(arguments)
    load_settings(arguments)  # knows the variables with keys, which git must not get
    repository = find_repository(folder)
    journal = folders(os.environ).journal
    confirm = _confirmation(repository, is_agreed=arguments.yes)
    if direction == "push":
        _tell_pushed(push(journal, repository, arguments.remote, folder, confirm))
    else:
        _tell_pulled(pull(journal, repository, arguments.remote, folder, confirm))
    return ExitCode.DONE


PUSH = Subcommand(
    "send this repository's events to the journal at its remote",
    """\
Add the reports, decisions and notes of this repository to the journal that its remote
keeps under refs/xreview/journal. Nothing there is changed or removed, and no other
command pushes anything.

Your events are signed with your SSH key if your own git configuration has one
(gpg.format = ssh, user.signingKey): only signed events count for others, the rest are
proposals to them. The commit is signed if your own configuration signs commits.

Nothing that the repository configures is run or used, except for the address of the
remote, which you confirm the first time. A path must be given as a path.""",
    _add_arguments,
    partial(_share, "push"),
)
PULL = Subcommand(
    "import the events that others pushed",
    """\
Import what others sent with `log push`. Events signed with a key that you allow
(gpg.ssh.allowedSignersFile of your own git configuration) count here as they do there,
under their author's name. Other decisions, notes and conventions are proposals: they are
shown, and have no effect until you adopt them. Other unsigned events aren't imported.
Nothing is sent.

You confirm the address the first time. A path must be given as a path.""",
    _add_arguments,
    partial(_share, "pull"),
)


def _confirmation(repository: "Repository", *, is_agreed: bool) -> "Confirm":
    from xreview.review.sharing.confirmed import ConfirmedAddresses

    confirmed = ConfirmedAddresses(folders(os.environ).state / _CONFIRMED_FILE, repository.identity)

    def confirm(direction: "TransferDirection", addresses: "Sequence[JournalRemote]") -> None:
        urls = [address.url for address in addresses]
        shown = " and ".join(address.shown for address in addresses)
        if not confirmed.unknown(direction, urls):
            return
        sentence = f"{_MEANINGS[direction]} {shown}"
        if is_agreed:
            complain(f"{sentence}.")
        else:
            _ask(direction, sentence)
        confirmed.remember(direction, urls)

    return confirm


def _ask(direction: str, sentence: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            f"{sentence}, which you haven't confirmed.", f"Use --yes to confirm: {direction}."
        )
    sys.stderr.write(f"{visible(sentence)}.\nType {direction} to continue: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != direction:
        raise UsageError("Not confirmed: nothing was done.", "Type the word, or use --yes.")


def _tell_pushed(done: "Pushed") -> None:
    for notice in done.notices:
        complain(notice)
    where = done.addresses[-1].shown
    if not done.sent:
        say(f"Nothing to send: {where} has everything ({count_of(done.total, 'event')}).")
        return
    signed = ", signed" if done.is_signed else ""
    say(
        f"Sent {count_of(done.sent, 'event')}{signed} to {where}; "
        f"the journal there now has {done.total:,}."
    )


def _named(people: "Sequence[str]") -> str:
    shown = ", ".join(people[:_PEOPLE_SHOWN])
    more = len(people) - _PEOPLE_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _tell_pulled(done: "Pulled") -> None:
    for notice in done.notices:
        complain(notice)
    where = done.addresses[0].shown
    if not done.found:
        say(f"{where} has no journal yet. `log push` creates one.")
        return
    if done.imported:
        by = _named(done.people)
        say(f"Imported {count_of(done.imported, 'event')} from {where}, signed by {by}.")
    if done.proposals:
        say(
            f"Received {count_of(done.proposals, 'proposal')}, supposedly by "
            f"{_named(done.proposers)}: {_WHY_PROPOSED}, so they have no effect until you adopt "
            "them. `xreview-tui log proposals` lists them."
        )
    if not (done.imported or done.proposals):
        say(f"Nothing new at {where}.")
    if done.left:
        complain(
            f"Skipped {count_of(done.left, 'report or other event', 'reports and other events')} "
            "that no key you allow has signed."
        )
    if (done.proposals or done.left) and not done.knows_signers:
        complain(_ALLOW)
    if done.pruned:
        complain(f"Skipped {count_of(done.pruned, 'event')}: the session was pruned here.")
    if done.newer:
        complain(
            f"Skipped {count_of(done.newer, 'event')} written by a newer version of xreview-tui. "
            "Update xreview-tui, then pull again."
        )
    for reason, count in done.refused:
        complain(f"Skipped {count_of(count, 'file')} in the shared journal: {reason}.")
