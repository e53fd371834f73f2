"""`xreview-tui escalation`: what was escalated and what came back, one file for each command."""

import argparse

from xreview.cli import escalation_answer, escalation_letter, escalation_list
from xreview.cli.log import CommandModule
from xreview.cli.options import add_folder_option
from xreview.cli.parser import Parser
from xreview.domain.errors import UsageError

SUMMARY = "list what is escalated, write letters to colleagues, take in their answers"
DESCRIPTION = """\
Findings that were escalated wait for somebody else: a third vendor's model, a colleague,
or a test. What comes back goes to the journal, helps to decide, and decides nothing.
Without a COMMAND, `list`."""

COMMANDS: dict[str, CommandModule] = {
    "list": escalation_list,
    "letter": escalation_letter,
    "answer": escalation_answer,
}

_WITHOUT = "list"
"""The command that is meant where none is given."""


def add_arguments(parser: Parser) -> None:
    """A parser for each command."""
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
    """Do what the command below `escalation` does. Raises UsageError, JournalError."""
    name = arguments.escalation_command or _WITHOUT
    if arguments.json and name != _WITHOUT:
        raise UsageError(
            f"There is no option --json of `escalation {name}`.", f"`{_WITHOUT}` has it."
        )
    return COMMANDS[name].run(arguments)
