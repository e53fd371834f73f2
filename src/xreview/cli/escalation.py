"""`xreview-tui escalation`: escalated findings, letters to colleagues, and their answers."""

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import STANDARD_OUTPUT, complain, deliver, say
from xreview.cli.parser import Parser, Subcommand
from xreview.cli.sessions import local_moment, open_journal
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.identity.anchor import short_form
from xreview.domain.text import count_of, visible, visible_block

if TYPE_CHECKING:
    from xreview.export.document import ExportEntry
    from xreview.export.statements import Statement
    from xreview.repo.repository import Repository
    from xreview.review.escalate.letters import EscalatedFindings

DESCRIPTION = """\
An escalated finding waits for a third vendor's model, a colleague, or a test. Their answers
go to the journal and help you decide; they don't change the decision.
Without a COMMAND, runs `list`."""

_DEFAULT = "list"
_INDENT = "    "


def add_arguments(parser: Parser) -> None:
    """Add a parser for each command."""
    add_folder_option(parser)
    _add_form_option(parser, default=False)
    parser.add_commands("escalation_command", _COMMANDS)


def run(arguments: argparse.Namespace) -> int:
    """Run the command. Raises UsageError, JournalError."""
    name = arguments.escalation_command or _DEFAULT
    if arguments.json and name != _DEFAULT:
        raise UsageError(
            f"`escalation {name}` doesn't accept --json.", f"Use it with `{_DEFAULT}`."
        )
    return _COMMANDS[name].run(arguments)


def _escalated(arguments: argparse.Namespace) -> "tuple[Repository, EscalatedFindings]":
    from xreview.repo.repository import find_repository
    from xreview.review.escalate.letters import escalated_in

    repository = find_repository(folder_of(arguments))
    with open_journal() as journal:
        return repository, escalated_in(journal, repository.identity)


def _add_form_option(parser: Parser, default: object = argparse.SUPPRESS) -> None:
    """Add `--json`; without a default, it keeps a value given before the command."""
    parser.add_argument(
        "--json",
        action="store_true",
        default=default,
        help="print JSON, with findings as in `export --format json`",
    )


def _add_list_arguments(parser: Parser) -> None:
    add_folder_option(parser)
    _add_form_option(parser)


def _list(arguments: argparse.Namespace) -> int:
    from xreview.export.json import finding_to_json

    _, escalated = _escalated(arguments)
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


def _add_letter_arguments(parser: Parser) -> None:
    add_folder_option(parser)
    parser.add_argument(
        "fingerprint",
        metavar="FINGERPRINT",
        help="the beginning of the finding's fingerprint, as `list` shows it",
    )
    parser.add_argument(
        "--to", dest="output", metavar="FILE", help="write to FILE instead of standard output"
    )


def _letter(arguments: argparse.Namespace) -> int:
    from xreview.review.escalate.letters import write_letter

    repository, escalated = _escalated(arguments)
    text = escalated.letter(arguments.fingerprint, repository.actor)
    if arguments.output in (None, STANDARD_OUTPUT):
        deliver(text, None)
        return ExitCode.DONE
    write_letter(Path(arguments.output), text)
    say(f"Wrote {arguments.output}. Record the answer with `xreview-tui escalation answer`.")
    return ExitCode.DONE


def _add_answer_arguments(parser: Parser) -> None:
    add_folder_option(parser)
    parser.add_argument("file", metavar="FILE", type=Path, help="the returned letter")


def _answer(arguments: argparse.Namespace) -> int:
    from xreview.repo.repository import find_repository
    from xreview.review.escalate.letters import keep_answer, read_letter

    repository = find_repository(folder_of(arguments))
    text = read_letter(arguments.file)
    journal = folders(os.environ).journal
    kept = keep_answer(journal, repository.identity, repository.actor, text)
    say(f"{kept.by} answered: {kept.outcome}")
    return ExitCode.DONE


_COMMANDS = {
    "list": Subcommand(
        "list the escalated findings and their answers",
        """\
List the escalated findings of this repository, over all sessions: to whom, by whom and
when (local time), with every opinion and answer. Findings decided since are not listed;
`xreview-tui export` still includes their answers.""",
        _add_list_arguments,
        _list,
    ),
    "letter": Subcommand(
        "write the letter to a colleague about a finding escalated to a person",
        """\
Write the letter to a colleague about a finding escalated to a person: Markdown with the
code and both sides, without the names of the models. The colleague fills in the first
lines and sends it back; `answer` records the answer.

The letter is the same as from the app. An existing file is never overwritten, since it
might contain an answer.""",
        _add_letter_arguments,
        _letter,
    ),
    "answer": Subcommand(
        "record a colleague's answer from a returned letter",
        """\
Record a colleague's answer from a returned letter.

The answer goes to the journal under the colleague's name. It helps you decide, but doesn't
change the decision on the finding.""",
        _add_answer_arguments,
        _answer,
    ),
}
