"""`xreview-tui escalation list`: what is escalated in this repository, and what came back."""

import argparse
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
from xreview.cli.sessions import local_moment, open_journal
from xreview.domain.errors import ExitCode
from xreview.domain.identity.anchor import short_form
from xreview.domain.text import count_of, visible, visible_block

if TYPE_CHECKING:
    from xreview.export.document import ExportEntry
    from xreview.export.statements import Statement

SUMMARY = "list the findings that are escalated, and what came back"
DESCRIPTION = """\
The findings of this repository that are escalated, over all sessions: to whom, by whom
and when (your time), with every opinion and answer that came back. One that was decided
since is not listed; `xreview-tui export` still tells what came back for it."""

_INDENT = "    "


def add_arguments(parser: Parser) -> None:
    """In which form."""
    add_folder_option(parser)
    add_form_option(parser)


def add_form_option(parser: Parser, *, is_top: bool = False) -> None:
    """`--json`. `list` leaves alone what was given before it."""
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if is_top else argparse.SUPPRESS,
        help="as JSON, each finding as `export --format json` has it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print it. Raises UsageError, JournalError."""
    from xreview.export.json import finding_to_json
    from xreview.repo.repository import find_repository
    from xreview.review.escalate.letters import escalated_in

    repository = find_repository(folder_of(arguments))
    with open_journal() as journal:
        escalated = escalated_in(journal, repository.identity)
    if arguments.json:
        say(json.dumps([finding_to_json(entry) for entry in escalated.entries], indent=2))
    elif escalated.entries:
        say("\n\n".join("\n".join(_lines(entry)) for entry in escalated.entries))
    else:
        say("Nothing is escalated in this repository. In the app, e escalates a finding.")
    if escalated.not_here:
        reports = count_of(escalated.not_here, "escalated report")
        complain(f"{reports} can't be told of: not in this journal, or the code was edited since.")
    return ExitCode.DONE


def _lines(entry: "ExportEntry") -> Iterator[str]:
    from xreview.export.phrases import person, place
    from xreview.export.statements import opinions, outcomes

    finding, lead = entry.finding, entry.finding.lead
    name = visible(short_form(finding.fingerprint))
    title = visible(lead.title) or "untitled"
    yield f"{name}  {finding.severity.word}  {visible(place(lead.anchor))}  {title}"
    words = [finding.disagreement.value]
    if made := entry.decided:
        by = visible(person(made.actor)) or "unknown"
        words.append(f"{made.decision.label}, by {by}, {visible(local_moment(made.at))}")
    if entry.is_gone:
        words.append("its problem was found to be fixed")
    yield _INDENT + " · ".join(words)
    came_back = [*opinions(entry), *outcomes(entry)]
    for said in came_back:
        yield from _indented(_told(said))
    if not came_back:
        yield f"{_INDENT}nothing came back yet"


def _told(said: "Statement") -> Iterator[str]:
    when = local_moment(said.at) if said.at else ""
    heading = ", ".join(filter(None, (said.kind, said.who, when)))
    yield f"{heading}: {said.gist}"
    yield from filter(None, (said.argument.strip(), said.doubt))


def _indented(texts: Iterable[str]) -> Iterator[str]:
    # What others wrote stays below its finding, whatever line ends it has.
    for text in texts:
        yield from (f"{_INDENT}{line}".rstrip() for line in visible_block(text).split("\n"))
