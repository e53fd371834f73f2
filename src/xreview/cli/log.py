"""`xreview-tui log`: the commands about the journal, one file each."""

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

SUMMARY = "show, check, prune and share the journal of sessions and decisions"


class CommandModule(Protocol):
    """The interface of a command's module, or of an object like it."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802 - a constant of a module
        """One line for the parent command's help."""
        ...

    @property
    def DESCRIPTION(self) -> str:  # noqa: N802
        """The introduction of its own help."""
        ...

    def add_arguments(self, parser: Parser) -> None:
        """Add its options and arguments."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Run it and return the exit code."""
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
The journal is an append-only file of all sessions, reports and decisions.
The default COMMAND is `list`."""


def add_arguments(parser: Parser) -> None:
    """Add a parser for each command."""
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
    """Run the command below `log`."""
    return COMMANDS[arguments.log_command or "list"].run(arguments)
