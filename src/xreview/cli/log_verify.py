"""`xreview-tui log verify`: check that the journal is complete and unaltered."""

import argparse
import json
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.cli.sessions import LATEST, find_session, open_journal, repository_of
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.domain.events.shared_push import JournalHead
    from xreview.journal.heads import KeptHead
    from xreview.journal.store import Journal
    from xreview.journal.verify import JournalProblem

SUMMARY = "check that nothing in the journal was altered or lost"
DESCRIPTION = """\
Recompute the hash of every event and follow the chain of every session. Prints the
first bad row of each session and exits with 3 if there is one. Also reported: triggers,
views and indexes that aren't the journal's, decisions from the future or from before
the report they are about, and whether the journal continues from where it last ended.
That end is kept in the state folder, and sent with every `log push`.

A limit: anyone with your permissions can rewrite both files. Only an end that was
pushed, or that you signed with your SSH key (`log sign`), can show that.

A table beside the events tells which findings they are about. If it doesn't match the
events, --rebuild derives it anew and restores triggers, views and indexes. The events
themselves never change."""


def add_arguments(parser: Parser) -> None:
    """What to check, and the output format."""
    add_folder_option(parser)
    parser.add_argument(
        "session", metavar="SESSION", nargs="?", help="only this session (default: the whole file)"
    )
    parser.add_argument(
        "--archive", metavar="FILE", help="check a file written by `log prune` instead"
    )
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="restore triggers, views, indexes and the table of subjects, then check",
    )
    parser.add_argument(
        "--accept",
        action="store_true",
        help="accept the journal as is, for instance after restoring an older copy",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(all=False)


def run(arguments: argparse.Namespace) -> int:
    """Check, and print the result."""
    from xreview.journal.stream import newer_sentence

    if arguments.archive is not None:
        if arguments.session is not None:
            raise UsageError("--archive and SESSION can't be combined.", "Use one of them.")
        if arguments.rebuild:
            raise UsageError("--archive and --rebuild can't be combined.", "Use one of them.")
        return _verify_archive(Path(arguments.archive), as_json=arguments.json)
    with open_journal() as journal:
        session = _wanted(arguments, journal)
        if arguments.rebuild:
            journal.rebuild()
        if arguments.accept:
            journal.accept_end()
        heads = journal.heads()
        if session is not None:
            heads = {session: heads[session]}
        kept, signature = journal.kept_end(), ""
        witnesses: tuple[JournalHead, ...] = ()
        if session is None:
            witnesses, signature = _told_elsewhere(arguments, kept)
        problems = journal.verify(session, witnesses=witnesses)
        if not problems:
            journal.end()  # recorded from now on, if it never was
        pruned = len(journal.pruned_sessions())
        stream = journal.events(session=session)
        deque(stream, maxlen=0)
    events = sum(head.events for head in heads.values())
    if arguments.json:
        say(
            json.dumps(_as_json(events, len(heads), pruned, problems, kept, stream.newer), indent=2)
        )
    else:
        counted = f"{count_of(events, 'event')} in {count_of(len(heads), 'session')}"
        say(_as_text(counted, pruned if session is None else 0, problems))
        if session is None and not problems:
            say(" ".join(filter(None, (_end_in_words(kept, len(witnesses)), signature))))
        if stream.newer:
            say(newer_sentence(stream.newer))
    return ExitCode.INCOMPLETE if problems else ExitCode.DONE


def _told_elsewhere(
    arguments: argparse.Namespace, kept: "KeptHead | None"
) -> "tuple[tuple[JournalHead, ...], str]":
    """The pushed ends of the journal, and a sentence about its signature."""
    from xreview.domain.errors import XReviewError
    from xreview.repo.repository import find_repository
    from xreview.review.sharing.witnesses import pushed_ends, signature_in_words

    if kept is None:
        return (), ""
    try:
        repository = find_repository(folder_of(arguments))
    except XReviewError:
        return (), "Signatures are checked only inside a repository." if kept.signed else ""
    return pushed_ends(repository), signature_in_words(repository, kept)


def _end_in_words(kept: "KeptHead | None", witnesses: int) -> str:
    if kept is None:
        return (
            "The end of the journal wasn't recorded until now, so earlier truncation can't be "
            "detected."
        )
    at = f"It continues from where it ended, at row {kept.head.row:,}"
    if witnesses:
        at += f", and from {count_of(witnesses, 'pushed end')}"
    return f"{at}."


def _wanted(arguments: argparse.Namespace, journal: "Journal") -> str | None:
    """The session to check; its rows are enough, even without a `session-opened` event."""
    wanted: str | None = arguments.session
    if wanted is None or wanted in journal.heads():
        return wanted
    here = repository_of(arguments) if wanted == LATEST else None
    return find_session(journal, wanted, here).id


def _as_text(counted: str, pruned: int, problems: "list[JournalProblem]") -> str:
    if not problems:
        beside = f" Pruned to files: {count_of(pruned, 'session')}." if pruned else ""
        return f"{counted}: nothing was altered or lost.{beside}"
    lines = [f"{counted}: {count_of(len(problems), 'problem')}."]
    for problem in problems:
        where = f" (session {visible(problem.session)})" if problem.session else ""
        lines.append(f"  {visible(str(problem))}{where}")
    return "\n".join(lines)


def _as_json(
    events: int,
    sessions: int,
    pruned: int,
    problems: "list[JournalProblem]",
    kept: "KeptHead | None",
    newer: int,
) -> dict[str, object]:
    from xreview.domain.events.codec import to_json

    return {
        "end": kept and to_json(kept.head),
        "ok": not problems,
        "events": events,
        "sessions": sessions,
        "pruned_sessions": pruned,
        "newer": newer,
        "problems": [
            {"row": problem.sequence, "session": problem.session, "what": problem.what}
            for problem in problems
        ],
    }


def _verify_archive(path: Path, *, as_json: bool) -> int:
    from xreview.journal.archive import read_archive

    archive = read_archive(path)
    with open_journal() as journal:
        is_known = set(archive.sessions) <= set(journal.pruned_sessions())
    sessions = len(archive.sessions)
    if as_json:
        values = {"ok": True, "events": archive.events, "sessions": sessions, "known": is_known}
        say(json.dumps(values, indent=2))
        return ExitCode.DONE
    verb = "were" if is_known else "weren't"
    counted = f"{count_of(archive.events, 'event')} in {count_of(sessions, 'session')}"
    say(f"{counted}: nothing was altered or lost. They {verb} pruned from this journal.")
    return ExitCode.DONE
