"""`xreview-tui log verify`: is the journal as it was written, and all of it there."""

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

SUMMARY = "prove that nothing in the journal was altered or lost"
DESCRIPTION = """\
Compute the hash of every event again and follow the chain of every session. The first
bad row of each session is named; the exit code is 3 then, else 0. Named too: triggers,
views and indexes that are not the journal's, decisions from the future or from before
the report they are about, and whether the journal goes on from where it ended when it
was last used. That end is kept in the state folder, and sent with every `log push`.

What this can't promise: somebody with your rights can rewrite both files. Only an end
kept elsewhere tells then: one that was pushed, or one that you signed with your SSH key
(`log sign`).

By a table beside the events the program finds what is about which finding. It is
derived from them: where it is not as they say, --rebuild writes it anew, and puts
triggers, views and indexes back. The events themselves are never changed."""


def add_arguments(parser: Parser) -> None:
    """What to check, and in which form to say it."""
    add_folder_option(parser)
    parser.add_argument(
        "session", metavar="SESSION", nargs="?", help="only this session (default: the whole file)"
    )
    parser.add_argument(
        "--archive", metavar="FILE", help="check a file that `log prune` wrote, instead"
    )
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="put triggers, views, indexes and the table of subjects back, then check",
    )
    parser.add_argument(
        "--accept",
        action="store_true",
        help="take the journal as it is for the right one, as after restoring an older copy",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(all=False)


def run(arguments: argparse.Namespace) -> int:
    """Check, and print what was found."""
    from xreview.journal.stream import newer_sentence

    if arguments.archive is not None:
        if arguments.session is not None:
            raise UsageError("--archive and SESSION don't go together.", "Give one of them.")
        if arguments.rebuild:
            raise UsageError("--archive and --rebuild don't go together.", "Give one of them.")
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
            journal.end()  # kept from now on, where it never was
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
    """Where the journal ended by what was pushed, and what is to say of a signature."""
    from xreview.domain.errors import XReviewError
    from xreview.repo.repository import find_repository
    from xreview.review.sharing.witnesses import pushed_ends, signature_in_words

    if kept is None:
        return (), ""
    try:
        repository = find_repository(folder_of(arguments))
    except XReviewError:
        return (), "Signatures are checked inside a repository only." if kept.signed else ""
    return pushed_ends(repository), signature_in_words(repository, kept)


def _end_in_words(kept: "KeptHead | None", witnesses: int) -> str:
    if kept is None:
        return (
            "Where the journal ended was kept nowhere until now, so nobody can know what was cut "
            "off before; from now on it is."
        )
    at = f"It goes on from where it ended, at row {kept.head.row:,}"
    if witnesses:
        at += f", and from what {count_of(witnesses, 'push', 'pushes')} said of it"
    return f"{at}."


def _wanted(arguments: argparse.Namespace, journal: "Journal") -> str | None:
    """The session to check; it need not have been opened properly, its rows are enough."""
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
    known = (
        "The journal says that these were pruned from it."
        if is_known
        else "The journal does not know them: they are of another one."
    )
    counted = f"{count_of(archive.events, 'event')} in {count_of(sessions, 'session')}"
    say(f"{counted}: nothing was altered or lost. {known}")
    return ExitCode.DONE
