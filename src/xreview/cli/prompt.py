"""`xreview-tui prompt`: what models are told, in our words and in yours."""

import argparse
import json
import os
from types import ModuleType
from typing import TYPE_CHECKING

from xreview.cli import prompt_show
from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser, Subcommand
from xreview.cli.table import Column, table
from xreview.config.paths import folders
from xreview.domain.errors import ConfigError, ExitCode, UsageError
from xreview.domain.text import shorten

if TYPE_CHECKING:
    from pathlib import Path

    from xreview.review.assembly.prompt_list import ListedPrompt

DESCRIPTION = """\
The prompts are versioned templates. To change the words of one, copy it and edit the copy,
`prompts/NAME.toml` beside your configuration. The default COMMAND is `list`."""
_COLUMNS = (
    Column("NAME"),
    Column("VERSION", is_number=True),
    Column("DIGEST"),
    Column("WORDS", is_flexible=True),
)
_DIGEST = 12


def add_arguments(parser: Parser) -> None:
    """Add a parser for each command."""
    parser.add_commands("prompt_command", _COMMANDS)
    parser.set_defaults(json=False)


def run(arguments: argparse.Namespace) -> int:
    """Run the command below `prompt`. Raises UsageError."""
    from xreview.cli.options import given_change_options

    command = arguments.prompt_command or "list"
    if command != "show" and (idle := given_change_options(arguments)):
        raise UsageError(f"`prompt {command}` doesn't accept {idle[0]}.", "Remove it.")
    return _COMMANDS[command].run(arguments)


def _folder() -> "Path":
    return folders(os.environ).prompts


def _add_list_arguments(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _list(arguments: argparse.Namespace) -> int:
    from xreview.review.assembly.prompt_list import list_prompts

    listed = list_prompts(_folder())
    if arguments.json:
        say(json.dumps([_as_json(one) for one in listed], indent=2))
    else:
        say(table(_COLUMNS, [_row(one) for one in listed]))
    return ExitCode.DONE


def _row(one: "ListedPrompt") -> tuple[str, str, str, str]:
    from xreview.review.prompt.compare import prompt_diff

    own = one.own
    if own is None:
        whose = "ours"
    else:
        whose = own.basis or ("yours" if prompt_diff(own) else "yours, the same as ours")
    return one.name, str(one.template.version), one.template.digest[:_DIGEST], whose


def _as_json(one: "ListedPrompt") -> dict[str, object]:
    own = one.own
    return {
        "name": one.name,
        "version": one.template.version,
        "reference": one.template.reference,
        "digest": one.template.digest,
        "own": None if own is None else {"path": str(own.path), "based_on": own.based_on},
    }


def _names() -> tuple[str, ...]:
    from xreview.review.prompt.own import OWN_PARTS

    return tuple(OWN_PARTS)


def _add_diff_arguments(parser: Parser) -> None:
    parser.add_argument(
        "name", nargs="?", type=OneOf(_names), metavar="[NAME]", help="one of %(type)s"
    )


def _diff(arguments: argparse.Namespace) -> int:
    from xreview.review.prompt.compare import prompt_diff
    from xreview.review.prompt.own import read_own_prompt, read_own_prompts

    name: str | None = arguments.name
    if name is None:
        prompts = tuple(read_own_prompts(_folder()).prompts.values())
    else:
        prompts = (read_own_prompt(_folder(), name),)
    if not prompts:
        say("You have no prompts of your own. `xreview-tui prompt copy NAME` starts one.")
    for one in prompts:
        if one.basis:
            say(f"{one.name}: {one.basis}.")
        say(prompt_diff(one) or f"{one.name}: yours says the same as ours.")
    return ExitCode.DONE


def _add_copy_arguments(parser: Parser) -> None:
    parser.add_argument("name", type=OneOf(_names), metavar="NAME", help="one of %(type)s")


def _copy(arguments: argparse.Namespace) -> int:
    from xreview.review.prompt.compare import copied_prompt

    folder, name = _folder(), arguments.name
    path = folder / f"{name}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(copied_prompt(name))
    except FileExistsError as error:
        raise ConfigError(
            "This prompt exists already; it isn't overwritten.",
            f"Edit it, or compare it: `xreview-tui prompt diff {name}`.",
            path=str(path),
        ) from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ConfigError(
            f"This can't be written: {shorten(reason, 200)}.", "Check its folder.", path=str(path)
        ) from error
    say(str(path))
    return ExitCode.DONE


_COMMANDS: dict[str, Subcommand | ModuleType] = {
    "show": prompt_show,
    "list": Subcommand(
        "list the prompts, with versions, and whose words they have",
        """\
The prompts that you can change, with the version and digest that the journal keeps.
Other prompts (fix, attempt) are ours for good.""",
        _add_list_arguments,
        _list,
    ),
    "diff": Subcommand(
        "compare your prompts with ours",
        """\
The difference between our words and yours, for one prompt or all that you have changed,
and whether ours has another version than the one that yours is based on.""",
        _add_diff_arguments,
        _diff,
    ),
    "copy": Subcommand(
        "start a prompt of your own from ours",
        """\
Write our words to `prompts/NAME.toml` beside your configuration, to be edited. An existing
file isn't overwritten. Remove the parts that you don't change: ours stay up to date.""",
        _add_copy_arguments,
        _copy,
    ),
}
