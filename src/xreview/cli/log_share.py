"""`xreview-tui log push` and `log pull`: the journal of a repository, shared through its remote."""

import argparse
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of, load_settings
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
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
_WHY_PROPOSED = "nobody you allow has signed them"
_ALLOW = (
    "To have what colleagues sign count here, put their keys in a file and name it in "
    "gpg.ssh.allowedSignersFile of your own git configuration."
)
_MEANINGS = {
    "push": "The reports (with the code they quote), decisions and notes of this repository go to",
    "pull": "Events that others wrote are taken from",
}


@dataclass(frozen=True, slots=True)
class ShareCommand:
    """One of the two commands: what a module of this package has, for `push` or `pull`."""

    name: str
    SUMMARY: str
    DESCRIPTION: str

    def add_arguments(self, parser: Parser) -> None:
        """Which remote, and whether it was agreed to."""
        add_folder_option(parser)
        parser.add_argument(
            "remote",
            metavar="REMOTE",
            nargs="?",
            default=_REMOTE,
            help=f"a remote's name, an https or ssh address, or a path (default: {_REMOTE})",
        )
        parser.add_argument("--yes", action="store_true", help="use the address without asking")

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and say what was done."""
        from xreview.repo.repository import find_repository
        from xreview.review.sharing.sharing import pull, push

        folder = folder_of(arguments)
        load_settings(arguments)  # says which variables hold keys, that git is not to get
        repository = find_repository(folder)
        places = folders(os.environ)
        confirm = _confirmation(repository, is_agreed=arguments.yes)
        if self.name == "push":
            _tell_pushed(push(places.journal, repository, arguments.remote, folder, confirm))
        else:
            _tell_pulled(pull(places.journal, repository, arguments.remote, folder, confirm))
        return ExitCode.DONE


PUSH = ShareCommand(
    "push",
    "add this repository's events to the journal at its remote",
    """\
Add what was reported, decided and noted in this repository to the journal that its
remote keeps under refs/xreview/journal, next to what others pushed. Nothing there is
changed or removed, and nothing is ever pushed but by this command.

Your events are signed with your SSH key where your own git configuration has one
(gpg.format = ssh, user.signingKey): only what is signed counts for others, all else is
a proposal to them. The commit is signed if your own configuration signs commits.

Nothing that the repository configures is run or used, except for the address of the
remote, which is shown and asked about the first time. A path must be given as a path.""",
)
PULL = ShareCommand(
    "pull",
    "take the events that others pushed into your journal",
    """\
Take what others pushed with `log push` into your journal. What somebody has signed whom
you allow to (gpg.ssh.allowedSignersFile of your own git configuration, as git reads it)
counts here as it does there, under their names. All other decisions, notes and
conventions are proposals: they are shown, and change nothing until you take them up.
Other events that nobody signed are left where they are. Nothing is sent.

The address is shown and asked about the first time. A path must be given as a path.""",
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
            f"{sentence}, which was never agreed to.", f"Add --yes if that is meant: {direction}."
        )
    sys.stderr.write(f"{visible(sentence)}.\nType {direction} to go on: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != direction:
        raise UsageError("Not agreed: nothing was done.", "Type the word, or give --yes.")


def _tell_pushed(done: "Pushed") -> None:
    for notice in done.notices:
        complain(notice)
    where = done.addresses[-1].shown
    if not done.sent:
        say(f"Nothing to send: {where} has it all ({count_of(done.total, 'event')}).")
        return
    signed = ", signed" if done.is_signed else ""
    say(
        f"Sent {count_of(done.sent, 'event')}{signed} to {where}; "
        f"the journal there has {done.total:,} now."
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
        say(f"{where} has no journal yet. `log push` makes one.")
        return
    if done.imported:
        by = _named(done.people)
        say(f"Took in {count_of(done.imported, 'event')} from {where}, signed by {by}.")
    if done.proposals:
        say(
            f"{count_of(done.proposals, 'proposal')} came in, by {_named(done.proposers)} as they "
            f"say: {_WHY_PROPOSED}, so they count for nothing until you take them up. "
            "`xreview-tui log proposals` lists them."
        )
    if not (done.imported or done.proposals):
        say(f"Nothing new at {where}.")
    if done.left:
        complain(
            f"{count_of(done.left, 'report or other event', 'reports and other events')} that "
            "nobody you allow has signed: left in refs/xreview/journal, and used for nothing."
        )
    if (done.proposals or done.left) and not done.knows_signers:
        complain(_ALLOW)
    if done.pruned:
        complain(f"{count_of(done.pruned, 'event')} left out: the session was pruned here.")
    if done.newer:
        complain(
            f"{count_of(done.newer, 'event')} of a newer xreview-tui: kept, and not shown before "
            "this one is updated."
        )
    for reason, count in done.refused:
        complain(f"{count_of(count, 'file')} in the shared journal left out: {reason}.")
