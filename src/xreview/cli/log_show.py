"""`xreview-tui log show`: the events of one session."""

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xreview.cli.log_list import session_as_json
from xreview.cli.options import add_folder_option
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
from xreview.cli.sessions import (
    LATEST,
    find_session,
    find_trial,
    local_moment,
    open_journal,
    repository_of,
)
from xreview.cli.table import Column, cut, table
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.domain.events.event import Event
    from xreview.domain.events.upkeep_events import ChainHead
    from xreview.domain.proposal import Proposal
    from xreview.journal.queries import SessionSummary
    from xreview.journal.store import Journal

SUMMARY = "show what happened in a session"
DESCRIPTION = """\
The events of a session in order: what was reported, read, decided, undone and noted; or,
with the id of attempts, what was made of a task.
`xreview-tui export --session SESSION` exports its findings."""

_COLUMNS = (Column("TIME"), Column("WHO"), Column("WHAT", is_flexible=True))
_WHO_COLUMNS = 14


def add_arguments(parser: Parser) -> None:
    """Which session, and the output format."""
    add_folder_option(parser)
    parser.add_argument(
        "session",
        metavar="SESSION",
        nargs="?",
        default=LATEST,
        help=f"the first characters of an id, or {LATEST} (default)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with whole events")
    parser.set_defaults(all=False)


def run(arguments: argparse.Namespace) -> int:
    """Print the events."""
    from xreview.journal.stream import newer_sentence

    with open_journal() as journal:
        session = _session(journal, arguments)
        stream = journal.events(session=session.id)
        events = list(stream)
        head = journal.heads()[session.id]
        proposals = _proposals(journal, session, events)
    if arguments.json:
        say(json.dumps(_as_json(session, events, head), indent=2))
    else:
        say("\n".join([_as_text(session, events, head), *map(_proposed, proposals)]))
    if stream.newer:
        complain(newer_sentence(stream.newer))
    if stream.malformed:
        altered = count_of(len(stream.malformed), "altered event")
        complain(f"{altered} can't be shown. See `xreview-tui log verify`.")
    return ExitCode.DONE


def _session(journal: "Journal", arguments: argparse.Namespace) -> "SessionSummary":
    """The session that is meant, or the attempts at a task. Raises UsageError."""
    # An id may belong to any repository; only "latest" needs the current one.
    if arguments.session == LATEST:
        return find_session(journal, LATEST, repository_of(arguments))
    try:
        return find_session(journal, arguments.session, None)
    except UsageError:
        if (trial := find_trial(journal, arguments.session)) is None:
            raise
        return trial


def _proposals(
    journal: "Journal", session: "SessionSummary", events: Sequence["Event"]
) -> "tuple[Proposal, ...]":
    """What other people propose about the session's findings."""
    from xreview.domain.events.event import ReportReceived
    from xreview.journal.replay import proposals_of

    reported = [one.payload for one in events if isinstance(one.payload, ReportReceived)]
    names = {payload.report.fingerprint for payload in reported}
    return proposals_of(journal, session.repository, names) if names else ()


def _proposed(proposal: "Proposal") -> str:
    about = f": {proposal.about}" if proposal.about else ""
    return visible(f"proposed by {proposal.who}, without effect: {proposal.words}{about}")


def _as_json(
    session: "SessionSummary", events: Sequence["Event"], head: "ChainHead"
) -> dict[str, object]:
    from xreview.domain.events.codec import to_json

    return {
        **session_as_json(session),
        "head": head.head,
        "events": [
            {
                "id": event.id,
                "at": event.at,
                "actor": event.actor,
                "type": event.payload.type,
                "version": event.payload.version,
                "payload": to_json(event.payload),
            }
            for event in events
        ],
    }


def _as_text(session: "SessionSummary", events: Sequence["Event"], head: "ChainHead") -> str:
    from xreview.cli.log_words import Telling

    about = [
        ("session", session.id),
        ("change", session.title),
        ("in", session.repository),
        ("opened", f"{local_moment(session.opened_at)} by {session.actor}"),
        ("events", f"{head.events:,}, the chain ends in {head.head[:16]}"),
    ]
    lines = "\n".join(f"{name:<8} {visible(value)}" for name, value in about)
    telling = Telling()
    rows = [
        (local_moment(event.at, "%m-%d %H:%M:%S"), _who(event), telling.words(event.payload))
        for event in events
    ]
    return f"{lines}\n\n{table(_COLUMNS, rows)}"


def _who(event: "Event") -> str:
    from xreview.domain.events.event import ReportReceived, StanceTaken

    name = event.actor.partition(" <")[0]
    if isinstance(event.payload, ReportReceived):
        name = event.payload.report.reviewer.name
    elif isinstance(event.payload, StanceTaken):
        name = event.payload.stance.party.name
    return cut(visible(name), _WHO_COLUMNS)
