"""The argument parser: argparse with plain error messages and suggestions."""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn, cast

from xreview.cli.output import say
from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass
from xreview.domain.text import shorten, visible

_BAD_CHOICE = re.compile(r"^argument (?P<what>.*?): invalid choice: (?P<value>'.*?'|\".*?\")")
_NO_VALUE = re.compile(r"^argument (?P<what>[^:]*): expected one argument")


@dataclass(frozen=True, slots=True)
class OneOf:
    """The type of an argument that is one of some words, or several separated by commas.

    Args:
        offer: gives the words, when an argument is checked, for help (as `%(type)s`) and for
            completion.
        several: whether more than one can be given; the value is then a tuple.
    """

    offer: Callable[[], Iterable[str]]
    several: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The accepted words."""
        return tuple(self.offer())

    def __str__(self) -> str:
        return ", ".join(self.words)

    def __call__(self, text: str) -> Any:
        """The word or words. Raises UsageError."""
        given = text.split(",") if self.several else [text]
        words = self.words
        for word in given:
            if word not in words:
                raise UsageError(f"“{quoted(word)}” isn't one of {self}.", nearest(word, words))
        return tuple(given) if self.several else text


@dataclass(frozen=True)
class Subcommand:
    """A command without a module of its own, with the names that such a module has."""

    SUMMARY: str
    DESCRIPTION: str
    add_arguments: "Callable[[Parser], None]"
    run: Callable[[argparse.Namespace], int]


@dataclass(frozen=True)
class CommandModule:
    """A command in a module of its own, which is imported when the command is used."""

    module: str
    SUMMARY: str

    @property
    def DESCRIPTION(self) -> str:  # noqa: N802 - as in `Subcommand`
        """The text above the options in its help."""
        return import_module(self.module).DESCRIPTION

    def add_arguments(self, parser: "Parser") -> None:
        """Add its options."""
        import_module(self.module).add_arguments(parser)

    def run(self, arguments: argparse.Namespace) -> int:
        """Run it and return the exit code."""
        return import_module(self.module).run(arguments)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises UsageError and accepts no abbreviations."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **given)

    def _print_message(self, message: str, file: object = None) -> None:
        """Print help or the version. argparse would silently drop what can't be written."""
        say(message.removesuffix("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message as a sentence."""
        if match := _BAD_CHOICE.match(message):
            word = match["value"][1:-1]
            raise UsageError(
                f"Unknown command “{quoted(word)}”.",
                nearest(word, self.commands()) or self._instead_of(word),
            )
        if match := _NO_VALUE.match(message):
            raise UsageError(f"{match['what']} needs a value.", self._how_to_give(match["what"]))
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", "See --help.")

    def _how_to_give(self, option: str) -> str:
        """How an option and its value are written."""
        found = (one.metavar for one in self._actions if option in one.option_strings)
        metavar = next(found, None)
        return f"Write `{option} {metavar}`. See --help." if metavar else "See --help."

    def _instead_of(self, word: str) -> str:
        if "review" in self.commands():
            return f"To review a commit, use --commit {quoted(word)}."
        return f"Use one of: {', '.join(self.commands())}."

    def add_commands(
        self,
        dest: str,
        commands: Mapping[str, "Subcommand | CommandModule | ModuleType"],
        made: "Callable[[Parser], None]" = lambda _: None,
    ) -> None:
        """Add commands, whose parsers are made when they are used; `made` is told of each.

        `dest` is the argument with the given one's name.
        """
        below: Any = self.add_subparsers(
            action=_Commands, title="commands", dest=dest, metavar="COMMAND", prog=self.prog
        )
        below.offer(commands, made)

    def commands(self) -> "Mapping[str, Parser]":
        """The parsers of this one's commands, by name."""
        action = self._commands_action()
        return action.parsers if action else {}

    def _commands_action(self) -> "_Commands | None":
        return next((one for one in self._actions if isinstance(one, _Commands)), None)

    def options(self) -> list[argparse.Action]:
        """The options of this parser, without those of its commands."""
        return [action for action in self._actions if action.option_strings]

    def positionals(self) -> list[argparse.Action]:
        """The arguments without a dash, except the command."""
        return [
            action
            for action in self._actions
            if not action.option_strings and action.dest != "command"
        ]

    def parse_strictly(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse all words. Raises UsageError, which suggests an option for a wrong one."""
        arguments, left_over = self.parse_known_args(words)
        if left_over:
            raise UsageError(*self._left_over(left_over[0], arguments))
        return arguments

    def _chosen(self, arguments: argparse.Namespace) -> tuple["Parser", str]:
        """The parser of the given command, and the command; "" for none."""
        parser, words = self, list[str]()
        while (found := parser._commands_action()) and (name := getattr(arguments, found.dest)):
            parser = parser.commands()[name]
            words.append(name)
        return parser, " ".join(words)

    def _left_over(self, word: str, arguments: argparse.Namespace) -> tuple[str, str]:
        parser, command = self._chosen(arguments)
        if not word.startswith("-"):
            return f"Unexpected argument “{quoted(word)}”.", "See --help."
        name = word.partition("=")[0]
        known = [option for action in parser.options() for option in action.option_strings]
        whose = f" for `{command}`" if command else ""
        return f"Unknown option {quoted(name)}{whose}.", nearest(name, known) or "See --help."


class _Parsers(Mapping[str, Parser]):
    """The parsers of commands by name, each made when it's first asked for."""

    def __init__(self, names: Iterable[str], make: Callable[[str], Parser]) -> None:
        self._names = tuple(names)
        self._make = cache(make)

    def __getitem__(self, name: str) -> Parser:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _Commands(argparse._SubParsersAction):  # type: ignore[type-arg]  # pyright: ignore[reportPrivateUsage] - argparse has no public way to make parsers late
    """The commands of a parser. Unlike argparse's own, it makes only the parser that is used."""

    parsers: Mapping[str, Parser] = {}

    def offer(
        self,
        commands: Mapping[str, Subcommand | CommandModule | ModuleType],
        made: Callable[[Parser], None],
    ) -> None:
        def make(name: str) -> Parser:
            command = commands[name]
            parser = Parser(prog=f"{self._prog_prefix} {name}", description=command.DESCRIPTION)
            command.add_arguments(parser)
            made(parser)
            return parser

        self.parsers = _Parsers(commands, make)
        self._name_parser_map = cast("dict[str, Any]", self.parsers)
        self.choices = self._name_parser_map
        for name, command in commands.items():
            self._choices_actions.append(self._ChoicesPseudoAction(name, (), command.SUMMARY))


def nearest(word: str, known: Iterable[str]) -> str:
    """“Did you mean …?” with the most similar word; "" where none is similar."""
    import difflib  # most command lines have no error

    near = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"Did you mean {near[0]}?" if near else ""


def quoted(word: str) -> str:
    """A word of the command line, safe and short enough for a message."""
    return visible(shorten(word, 80))
