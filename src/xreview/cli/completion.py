"""`xreview-tui completion`: shell completion scripts."""

import argparse
from collections.abc import Iterable, Iterator
from enum import StrEnum

from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser
from xreview.domain.errors import ExitCode
from xreview.domain.record import dataclass

SHELLS = ("bash", "zsh", "fish")
DESCRIPTION = """\
Print a completion script. To use it:

  bash   xreview-tui completion bash > ~/.local/share/bash-completion/completions/xreview-tui
  zsh    xreview-tui completion zsh > "${fpath[1]}/_xreview-tui"
  fish   xreview-tui completion fish > ~/.config/fish/completions/xreview-tui.fish"""


def add_arguments(parser: Parser) -> None:
    """Add the options."""
    parser.add_argument("shell", type=OneOf(lambda: SHELLS), metavar="SHELL", help="%(type)s")


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    from xreview.cli.completion_scripts import script

    say(script(arguments.shell).rstrip("\n"))
    return ExitCode.DONE


class Values(StrEnum):
    """The kind of an option's value, when it isn't from a list of words."""

    NONE = "none"
    ANY = "any"
    FILE = "file"
    FOLDER = "folder"
    REVISION = "revision"


_BY_DEST = {
    "folder": Values.FOLDER,
    "commit": Values.REVISION,
    "of_commit": Values.REVISION,
    "range": Values.REVISION,
    "base": Values.REVISION,
    "revision": Values.REVISION,
    "patch": Values.FILE,
    "output": Values.FILE,
}
_EXTRA_WORDS = {"sessions": ("latest", "all")}


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its spellings, help, and possible values."""

    names: tuple[str, ...]
    help: str
    values: Values
    words: tuple[str, ...] = ()

    @property
    def takes_value(self) -> bool:
        """Whether the next word is its value."""
        return self.values is not Values.NONE


@dataclass(frozen=True, slots=True)
class CompletionCommand:
    """A command ("" for the program itself), its options, and words it takes as arguments."""

    name: str
    help: str
    options: tuple[Option, ...]
    words: tuple[str, ...] = ()


def commands() -> tuple[CompletionCommand, ...]:
    """Return the program itself, then its commands in the order of the help."""
    from xreview.cli.tree import COMMANDS, build_parser

    parser = build_parser()
    below = [
        _command(name, COMMANDS[name].SUMMARY, command, _all_options(command))
        for name, command in parser.commands().items()
    ]
    return (_command("", "", parser, parser.options()), *below)


def _command(
    name: str, help: str, parser: Parser, options: Iterable[argparse.Action]
) -> CompletionCommand:
    words = tuple(word for action in parser.positionals() for word in _words(action))
    return CompletionCommand(name, help, tuple(map(_option, options)), words)


def _all_options(parser: Parser) -> Iterator[argparse.Action]:
    """Yield the options of a command and its subcommands, each once."""
    seen: set[str] = set()
    for one in (parser, *parser.commands().values()):
        for action in one.options():
            if not seen.issuperset(action.option_strings):
                seen.update(action.option_strings)
                yield action


def _option(action: argparse.Action) -> Option:
    words = _words(action)
    values = Values.NONE if action.nargs == 0 else _BY_DEST.get(action.dest, Values.ANY)
    stands_for = {"type": action.type, "default": action.default, "prog": "xreview-tui"}
    help = " ".join(((action.help or "") % stands_for).split())
    return Option(tuple(action.option_strings), help, values, words)


def _words(action: argparse.Action) -> tuple[str, ...]:
    if isinstance(action.type, OneOf):
        return action.type.words
    if action.choices is not None and not action.option_strings:  # subcommands
        return tuple(map(str, action.choices))
    return _EXTRA_WORDS.get(action.dest, ())
