"""`xreview-tui log missed`: problems that came to light after a review."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xreview.cli.options import add_folder_option, folder_of, severities
from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser, quoted
from xreview.cli.sessions import (
    find_session,
    journal_names,
    local_moment,
    open_journal,
    repository_of,
    short,
)
from xreview.cli.table import Column, table
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.domain.events.event import Event, ProblemMissed
    from xreview.journal.store import Journal
    from xreview.review.past.missed import ReviewedSession

SUMMARY = "record a problem that a review missed"
DESCRIPTION = """\
Record a problem that came to light in testing or production. It is charged to the latest
session in which a reviewer read the file, or to the one you name; `log stats` counts it
against the reviewers that read the file there. --list shows what was recorded, and
--remove removes an entry."""

_COLUMNS = (
    Column("ID"),
    Column("TIME"),
    Column("FOUND IN"),
    Column("SEVERITY"),
    Column("WHERE"),
    Column("WHAT", is_flexible=True),
)


def _found_in() -> list[str]:
    from xreview.domain.events.person_events import FoundIn

    return [one.value for one in FoundIn]


def _categories() -> list[str]:
    from xreview.domain.report import Category

    return [one.value for one in Category]


def add_arguments(parser: Parser) -> None:
    """The problem, the session, and the list."""
    add_folder_option(parser)
    parser.add_argument("place", metavar="PATH[:LINE]", nargs="?", help="where the problem is")
    parser.add_argument("text", metavar="WHAT", nargs="?", help="what was wrong, in a sentence")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--session", metavar="ID", help="the session to charge, as `log list` says")
    which.add_argument(
        "--commit", dest="of_commit", metavar="REV", help="the latest session of this commit"
    )
    parser.add_argument(
        "--found", type=OneOf(_found_in), default="production", metavar="WHERE",
        help="where it came to light: %(type)s (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--severity", type=OneOf(severities), default="medium", metavar="LEVEL",
        help="how bad it is: %(type)s (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--category", type=OneOf(_categories), metavar="KIND",
        help="its kind, to charge only reviewers that look for it: %(type)s",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="list what was recorded")
    parser.add_argument("--remove", metavar="ID", help="remove the entry with this id")
    parser.add_argument("--json", action="store_true", help="with --list: print JSON")
    parser.set_defaults(all=False)


def run(arguments: argparse.Namespace) -> int:
    """Record, list or remove."""
    if arguments.list:
        return _list(arguments)
    if arguments.remove is not None:
        return _remove(arguments)
    if not arguments.place or not (arguments.text or "").strip():
        raise UsageError(
            "A place and a sentence are required.", 'Write: log missed app.py:12 "what was wrong".'
        )
    return _record(arguments)


def _record(arguments: argparse.Namespace) -> int:
    from xreview.domain.events.event import ProblemMissed
    from xreview.domain.events.person_events import FoundIn
    from xreview.domain.report import Category, Severity
    from xreview.review.session.surroundings import new_id

    path, line = _place(arguments)
    with open_journal() as journal:
        session = _session(journal, arguments, path)
        missed = ProblemMissed(
            new_id(),
            path,
            line,
            arguments.text.strip(),
            FoundIn(arguments.found),
            Severity[arguments.severity.upper()],
            Category(arguments.category) if arguments.category else None,
        )
        journal.append([_event(missed, session.id, arguments)])
    readers = visible(", ".join(session.readers)) or "No reviewer"
    say(
        f"Recorded as missed, found in {missed.found}. {readers} read {visible(path)} in session "
        f"{short(session.id)} ({local_moment(session.opened_at)}).\n"
        f"`log missed --remove {short(missed.action)}` removes the entry."
    )
    return ExitCode.DONE


def _place(arguments: argparse.Namespace) -> tuple[str, int]:
    """The path from the repository's top, and the line; 0 for none."""
    path, colon, line = arguments.place.rpartition(":")
    if not colon or not line.isdecimal():
        path, line = arguments.place, "0"
    folder = folder_of(arguments)
    from xreview.config.paths import repository_file

    if repository_file(folder, os.environ) is not None:
        from xreview.repo.repository import find_repository

        top = find_repository(folder).folder
        inside = os.path.relpath(Path(folder, path).absolute(), top)
        path = path if inside.startswith("..") else Path(inside).as_posix()
    return path, int(line)


def _session(journal: "Journal", arguments: argparse.Namespace, path: str) -> "ReviewedSession":
    from xreview.review.past.missed import latest_reviewed, session_on

    repository = repository_of(arguments) or ""
    if arguments.session:
        summary = find_session(journal, arguments.session, repository)
        return session_on(journal, summary, path)
    wanted = _commit(arguments) if arguments.of_commit else ""
    found = latest_reviewed(
        journal, repository, path, is_wanted=lambda one: not wanted or one.head == wanted
    )
    if found is None:
        of = f" of {quoted(arguments.of_commit)}" if wanted else ""
        raise UsageError(
            f"In no session{of} did a reviewer read “{quoted(path)}”.",
            "Name one with --session; `log list` shows them.",
        )
    return found


def _commit(arguments: argparse.Namespace) -> str:
    from xreview.repo.change.revisions import Lookup
    from xreview.repo.repository import find_repository

    revision = arguments.of_commit
    lookup = Lookup(find_repository(folder_of(arguments)), [revision])
    if (commit := lookup.finish()[revision]) is None:
        raise UsageError(f"“{quoted(revision)}” isn't a commit.", "Name one that `git log` shows.")
    return commit.id


def _event(payload: Any, session: str, arguments: argparse.Namespace) -> "Event":
    from xreview.domain.events.event import Event
    from xreview.review.session.surroundings import new_id, now

    repository, actor = journal_names(folder_of(arguments))
    return Event(new_id(), session, repository, now(), actor, payload)


def _list(arguments: argparse.Namespace) -> int:
    from xreview.domain.events.event import ProblemMissed
    from xreview.review.past.missed import missed_problems

    with open_journal() as journal:
        events = missed_problems(journal, repository_of(arguments))
    listed = [(one, one.payload) for one in events if isinstance(one.payload, ProblemMissed)]
    if arguments.json:
        say(json.dumps([_as_json(event, missed) for event, missed in listed], indent=2))
    elif not listed:
        say("Nothing was recorded as missed.")
    else:
        say(table(_COLUMNS, [_row(event, missed) for event, missed in listed]))
    return ExitCode.DONE


def _row(event: "Event", missed: "ProblemMissed") -> tuple[str, ...]:
    return (
        short(missed.action),
        local_moment(event.at),
        missed.found.value,
        missed.severity.word,
        visible(f"{missed.path}:{missed.line}" if missed.line else missed.path),
        visible(" ".join(missed.text.split())),
    )


def _as_json(event: "Event", missed: "ProblemMissed") -> dict[str, object]:
    return {
        "id": missed.action,
        "session": event.session,
        "at": event.at,
        "by": event.actor,
        "found": missed.found.value,
        "severity": missed.severity.word,
        "category": missed.category.value if missed.category else None,
        "path": missed.path,
        "line": missed.line or None,
        "text": missed.text,
    }


def _remove(arguments: argparse.Namespace) -> int:
    from xreview.domain.events.event import DecisionUndone, ProblemMissed
    from xreview.review.past.missed import missed_problems

    with open_journal() as journal:
        events = missed_problems(journal, repository_of(arguments))
        matching = [
            (event, event.payload)
            for event in events
            if isinstance(event.payload, ProblemMissed)
            and event.payload.action.startswith(arguments.remove)
        ]
        if len(matching) != 1 or not arguments.remove:
            said = f"{len(matching)} entries match" if matching else "No entry matches"
            raise UsageError(f"{said} “{quoted(arguments.remove)}”.", "See `log missed --list`.")
        ((event, missed),) = matching
        journal.append([_event(DecisionUndone(missed.action), event.session, arguments)])
    say(f"Removed: {visible(missed.text)}")
    return ExitCode.DONE
