"""`xreview-tui escalation` and its commands, each in its own file."""

import argparse

from xreview.cli import escalation_answer, escalation_letter, escalation_list
from xreview.cli.log import CommandModule
from xreview.cli.options import add_folder_option
from xreview.cli.parser import Parser
from xreview.domain.errors import UsageError

SUMMARY = "list escalated findings, write letters to colleagues, record their answers"
DESCRIPTION = """\
An escalated finding waits for a third vendor's model, a colleague, or a test. Their answers
go to the journal and help you decide; they don't change the decision.
Without a COMMAND, runs `list`."""

COMMANDS: dict[str, CommandModule] = {
    "list": escalation_list,
    "letter": escalation_letter,
    "answer": escalation_answer,
}

_DEFAULT = "list"


def add_arguments(parser: Parser) -> None:
    """Add a parser for each command."""
    add_folder_option(parser)
    escalation_list.add_form_option(parser, is_top=True)
    commands = parser.add_subparsers(
        title="commands", dest="escalation_command", metavar="COMMAND", parser_class=Parser
    )
    for name, command in COMMANDS.items():
        program = f"{parser.prog} {name}"
        below = commands.add_parser(
            name, help=command.SUMMARY, description=command.DESCRIPTION, prog=program
        )
        command.add_arguments(below)


def run(arguments: argparse.Namespace) -> int:
    """Run the command. Raises UsageError, JournalError."""
    name = arguments.escalation_command or _DEFAULT
    if arguments.json and name != _DEFAULT:
        raise UsageError(
            f"`escalation {name}` doesn't accept --json.", f"Use it with `{_DEFAULT}`."
        )
    return COMMANDS[name].run(arguments)
