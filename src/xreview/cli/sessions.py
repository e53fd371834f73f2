"""What the commands about the journal share: opening it, finding a session, showing times."""

import argparse
import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.options import folder_of
from xreview.cli.parser import Parser, quoted
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import UsageError

if TYPE_CHECKING:
    from xreview.journal.queries import SessionSummary
    from xreview.journal.store import Journal
    from xreview.repo.repository import Repository

LATEST = "latest"
_SHOWN = 8
"""Characters of a session's id in tables; any unambiguous prefix is accepted."""


def add_all_option(parser: Parser) -> None:
    """`--all`."""
    parser.add_argument("--all", action="store_true", help="all repositories, not only this one")


@contextmanager
def open_journal() -> Generator["Journal"]:
    """The user's journal. Raises UsageError if it doesn't exist yet, JournalError."""
    from xreview.journal.store import Journal

    path = folders(os.environ).journal
    if not path.exists():
        raise UsageError(
            f"There is no journal yet: {path} does not exist.",
            "`xreview-tui` and `xreview-tui review` create it.",
        )
    with Journal.open(path) as journal:
        yield journal


def repository_of(arguments: argparse.Namespace) -> str | None:
    """The journal's name for the current repository; None for all (`--all`)."""
    from xreview.review.session.surroundings import NO_REPOSITORY

    if arguments.all:
        return None
    repository = _repository(folder_of(arguments))
    return repository.identity if repository else NO_REPOSITORY


def journal_names(folder: Path) -> tuple[str, str]:
    """The journal's names for the folder's repository (or for no repository) and for the user."""
    from xreview.review.session.surroundings import NO_REPOSITORY

    repository = _repository(folder)
    return (repository.identity, repository.actor) if repository else (NO_REPOSITORY, "unknown")


def _repository(folder: Path) -> "Repository | None":
    """The repository around a folder; None outside of one."""
    from xreview.repo.repository import find_repository

    return find_repository(folder) if repository_file(folder, os.environ) is not None else None


def find_session(journal: "Journal", wanted: str, repository: str | None) -> "SessionSummary":
    """The repository's "latest" session (never the review of an attempt), or any with that prefix
    of its id. Raises UsageError."""
    if wanted == LATEST:
        sessions = [one for one in journal.sessions(repository) if not one.is_of_attempt]
        if not sessions:
            raise UsageError("This repository has no sessions.", "See `log list --all`.")
        return sessions[0]
    matching = [found for found in journal.sessions() if found.id.startswith(wanted)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise UsageError(
            f"“{quoted(wanted)}” matches {len(matching)} sessions.", "Type more of it."
        )
    raise UsageError(f"Session “{quoted(wanted)}” not found.", "See `log list --all`.")


def find_trial(journal: "Journal", wanted: str) -> "SessionSummary | None":
    """The attempts at a task with that prefix of their id, as the one session that their events
    are in; None if there are none, or several."""
    from xreview.domain.events.event import TrialStarted
    from xreview.journal.queries import SessionSummary
    from xreview.review.attempts.wish import task_title

    found = [
        SessionSummary(
            one.session,
            one.at,
            f"attempts at: {task_title(one.payload.task)}",
            "attempts",
            0,
            0,
            one.repository,
            one.actor,
        )
        for one in journal.events(types=(TrialStarted,))
        if isinstance(one.payload, TrialStarted) and one.session.startswith(wanted)
    ]
    return found[0] if len(found) == 1 else None


def short(session: str) -> str:
    """A session's id as tables show it."""
    return session[:_SHOWN]


def local_moment(at: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """A time of the journal in the local time zone; unchanged if it isn't a time."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime(form)
    except ValueError:
        return at


def since_moment(text: str) -> str:
    """The `--since` of a day (from local midnight) or a time, as events write times. Raises
    UsageError."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"--since: “{quoted(text)}” isn't a date.", "Write it like 2026-01-31."
        ) from error
