"""`xreview-tui log`: the journal, one file for each thing to do with it."""

import argparse
from typing import Protocol

from xreview.cli import (
    log_list,
    log_path,
    log_proposals,
    log_prune,
    log_show,
    log_sign,
    log_stats,
    log_verify,
)
from xreview.cli.log_share import PULL, PUSH
from xreview.cli.parser import Parser

SUMMARY = "look at the journal of sessions and decisions, check, shorten and share it"


class CommandModule(Protocol):
    """What a module of a command has, or an object in its place."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802 - a constant of a module
        """One line for the help of the command above."""
        ...

    @property
    def DESCRIPTION(self) -> str:  # noqa: N802
        """The text of its own help."""
        ...

    def add_arguments(self, parser: Parser) -> None:
        """Its options and words."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and return the exit code."""
        ...


COMMANDS: dict[str, CommandModule] = {
    "list": log_list,
    "show": log_show,
    "verify": log_verify,
    "sign": log_sign,
    "stats": log_stats,
    "prune": log_prune,
    "path": log_path,
    "push": PUSH,
    "pull": PULL,
    "proposals": log_proposals,
}

DESCRIPTION = """\
The journal: an append-only file in which every session, report and decision is kept.
Without a COMMAND, `list`."""


def add_arguments(parser: Parser) -> None:
    """A parser for each command."""
    commands = parser.add_subparsers(
        title="commands", dest="log_command", metavar="COMMAND", parser_class=Parser
    )
    log_list.add_defaults(parser)
    for name, command in COMMANDS.items():
        program = f"{parser.prog} {name}"
        below = commands.add_parser(
            name, help=command.SUMMARY, description=command.DESCRIPTION, prog=program
        )
        command.add_arguments(below)


def run(arguments: argparse.Namespace) -> int:
    """Do what the command below `log` does."""
    return COMMANDS[arguments.log_command or "list"].run(arguments)
