"""`xreview-tui escalation list`: the escalated findings of this repository and their answers."""

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

SUMMARY = "list the escalated findings and their answers"
DESCRIPTION = """\
List the escalated findings of this repository, over all sessions: to whom, by whom and
when (local time), with every opinion and answer. Findings decided since are not listed;
`xreview-tui export` still includes their answers."""

_INDENT = "    "


def add_arguments(parser: Parser) -> None:
    """Add the arguments."""
    add_folder_option(parser)
    add_form_option(parser)


def add_form_option(parser: Parser, *, is_top: bool = False) -> None:
    """Add `--json`; below `escalation`, it keeps a value given before the command."""
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if is_top else argparse.SUPPRESS,
        help="print JSON, with findings as in `export --format json`",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the list. Raises UsageError, JournalError."""
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
        say("Nothing is escalated in this repository. In the app, press e to escalate a finding.")
    if escalated.not_here:
        reports = count_of(escalated.not_here, "escalated report")
        complain(f"{reports} can't be shown: not in this journal, or the code was edited since.")
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
        words.append("the problem is fixed")
    yield _INDENT + " · ".join(words)
    came_back = [*opinions(entry), *outcomes(entry)]
    for said in came_back:
        yield from _indented(_told(said))
    if not came_back:
        yield f"{_INDENT}no answer yet"


def _told(said: "Statement") -> Iterator[str]:
    when = local_moment(said.at) if said.at else ""
    heading = ", ".join(filter(None, (said.kind, said.who, when)))
    yield f"{heading}: {said.gist}"
    yield from filter(None, (said.argument.strip(), said.doubt))


def _indented(texts: Iterable[str]) -> Iterator[str]:
    # Text from others must stay below its finding, whatever line ends it has.
    for text in texts:
        yield from (f"{_INDENT}{line}".rstrip() for line in visible_block(text).split("\n"))
