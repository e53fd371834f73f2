"""`xreview-tui log prune`: move old sessions from the journal to a file."""

import argparse
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.log_list import sessions_table
from xreview.cli.options import add_folder_option
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser, quoted
from xreview.cli.sessions import add_all_option, open_journal, repository_of
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode, JournalError, UsageError
from xreview.domain.text import count_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xreview.journal.queries import SessionSummary
    from xreview.journal.store import Journal

SUMMARY = "move old sessions to a file"
DESCRIPTION = """\
Move old sessions of this repository from the journal to a file of JSON lines, which
`log verify --archive FILE` can check. They are listed first, and you are asked.

Decisions in them no longer count: findings rejected there may be raised again. Sessions
with conventions stay. Trials of attempts, and the reviews of these, go with the reviews of
their time."""


def add_arguments(parser: Parser) -> None:
    """Which sessions, and the file."""
    add_folder_option(parser)
    add_all_option(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--before", metavar="DATE", type=_day, help="sessions opened before this day (2026-01-31)"
    )
    which.add_argument(
        "--keep", metavar="N", type=_count, help="all except the newest N of each repository"
    )
    parser.add_argument(
        "--output", metavar="FILE", help="write to FILE instead of one beside the journal"
    )
    parser.add_argument("--yes", action="store_true", help="don't ask")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--before: “{quoted(text)}” isn't a date.", "Write it like 2026-01-31."
        ) from None


def _count(text: str) -> int:
    if not text.isdecimal() or not text.isascii():
        raise UsageError(f"--keep: “{quoted(text)}” isn't a number.", "Write it like --keep 100.")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """List, ask, write the file, and only then remove."""
    repository = repository_of(arguments)
    with open_journal() as journal:
        chosen = _chosen(journal, repository, arguments)
        if not chosen:
            say("No sessions to prune.")
            return ExitCode.DONE
        path = _target(arguments.output)
        say(sessions_table(chosen))
        if not arguments.yes and not _agreed(len(chosen), path):
            say("Nothing was changed.")
            return ExitCode.DONE
        _prune(journal, chosen, path, repository or "")
    return ExitCode.DONE


def _chosen(
    journal: "Journal", repository: str | None, arguments: argparse.Namespace
) -> "list[SessionSummary]":
    from xreview.domain.events.event import ConventionRemoved, ConventionWritten

    kinds = (ConventionWritten, ConventionRemoved)
    lasting = {event.session for event in journal.events(repository=repository, types=kinds)}
    kept: dict[str, list[str]] = {}
    chosen: list[SessionSummary] = []
    sessions = journal.sessions(repository)
    for session in sessions:
        if session.is_of_attempt:
            continue
        newest = kept.setdefault(session.repository, [])
        if _is_old(session, len(newest), arguments):
            chosen.append(session)
        else:
            newest.append(session.opened_at)
    # Trials and the reviews of their attempts go with the reviews of their time.
    beside = [*(one for one in sessions if one.is_of_attempt), *journal.trials(repository)]
    for session in beside:
        newest = kept.get(session.repository, [])
        count = sum(at > session.opened_at for at in newest)
        if _is_old(session, count, arguments):
            chosen.append(session)
    chosen.sort(key=lambda one: one.opened_at, reverse=True)
    return [one for one in chosen if one.id not in lasting]


def _is_old(session: "SessionSummary", newer: int, arguments: argparse.Namespace) -> bool:
    """Whether a session is to go; `newer` is how many newer reviews stay."""
    if arguments.before is None:
        return newer >= arguments.keep
    return _opened(session) < arguments.before


def _opened(session: "SessionSummary") -> date:
    try:
        return datetime.fromisoformat(session.opened_at).astimezone().date()
    except ValueError:
        return date.max  # an invalid time is no reason to remove a session


def _target(output: str | None) -> Path:
    if output is not None:
        return Path(output).absolute()
    places = folders(os.environ)
    return places.data / "pruned" / f"sessions-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.jsonl"


def _agreed(count: int, path: Path) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(
            "Nothing was pruned: there is no terminal to ask on.",
            "Use --yes to prune without asking.",
        )
    complain(f"Move {count_of(count, 'session')} to {path}? [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _prune(
    journal: "Journal", sessions: "Sequence[SessionSummary]", path: Path, repository: str
) -> None:
    from xreview.review.session.surroundings import new_id, now

    archive = journal.archive([session.id for session in sessions], path)
    try:
        journal.prune(archive, id=new_id(), repository=repository, at=now(), actor=_actor())
    except JournalError:
        path.unlink(missing_ok=True)
        raise
    moved = f"{count_of(len(sessions), 'session')} with {count_of(archive.events, 'event')}"
    say(f"Moved {moved} to {path}.")
    try:
        journal.compact()
    except JournalError as error:
        complain(f"The journal is pruned, but its file isn't smaller yet. {error}")


def _actor() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
