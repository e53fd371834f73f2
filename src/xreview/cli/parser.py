"""The argument parser: argparse, with every refusal as one sentence and the nearest right word."""

import argparse
import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from xreview.cli.output import say
from xreview.domain.errors import UsageError
from xreview.domain.text import shorten, visible

_BAD_CHOICE = re.compile(r"^argument (?P<what>.*?): invalid choice: (?P<value>'.*?'|\".*?\")")
_NO_VALUE = re.compile(r"^argument (?P<what>[^:]*): expected one argument")


@dataclass(frozen=True, slots=True)
class OneOf:
    """The type of an argument that takes one of some words, or several separated by commas.

    Args:
        offer: gives the words; asked only when one was given, for help and for completion. In a
            help text `%(type)s` stands for them.
        several: whether more than one may be given; the value is then a tuple.
    """

    offer: Callable[[], Iterable[str]]
    several: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What may be given."""
        return tuple(self.offer())

    def __str__(self) -> str:
        return ", ".join(self.words)

    def __call__(self, text: str) -> Any:
        """The word or words. Raises UsageError."""
        given = text.split(",") if self.several else [text]
        words = self.words
        for word in given:
            if word not in words:
                raise UsageError(f"“{quoted(word)}” is none of {self}.", nearest(word, words))
        return tuple(given) if self.several else text


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises UsageError and takes no abbreviations."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **given)

    def _print_message(self, message: str, file: object = None) -> None:
        """Print help or the version. argparse drops what can't be written without a word."""
        say(message.removesuffix("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError: what argparse found wrong, in a sentence."""
        if match := _BAD_CHOICE.match(message):
            word = match["value"][1:-1]
            raise UsageError(
                f"There is no command “{quoted(word)}”.",
                nearest(word, self.commands()) or self._instead_of(word),
            )
        if match := _NO_VALUE.match(message):
            raise UsageError(f"{match['what']} needs a value.", "See --help.")
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", "See --help.")

    def _instead_of(self, word: str) -> str:
        if "review" in self.commands():
            return f"To review a commit: --commit {quoted(word)}."
        return f"There are {', '.join(self.commands())}."

    def commands(self) -> dict[str, "Parser"]:
        """The parsers of the commands below this one, by name."""
        action = self._commands_action()
        return cast("dict[str, Parser]", action.choices) if action else {}

    def _commands_action(self) -> argparse.Action | None:
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # pyright: ignore[reportPrivateUsage] - argparse has no public way to ask for its commands
                return cast("argparse.Action", action)
        return None

    def options(self) -> list[argparse.Action]:
        """The options of this parser, without those of the commands below it."""
        return [action for action in self._actions if action.option_strings]

    def positionals(self) -> list[argparse.Action]:
        """The arguments without a dash, without the command."""
        return [
            action
            for action in self._actions
            if not action.option_strings and action.dest != "command"
        ]

    def parse_strictly(self, words: Sequence[str]) -> argparse.Namespace:
        """The arguments. Raises UsageError, which names the nearest option to a wrong one."""
        arguments, left_over = self.parse_known_args(words)
        if left_over:
            raise UsageError(*self._left_over(left_over[0], arguments))
        return arguments

    def _chosen(self, arguments: argparse.Namespace) -> tuple["Parser", str]:
        """The parser of the command that was given, and that command, "" for none."""
        parser, words = self, list[str]()
        while (found := parser._commands_action()) and (name := getattr(arguments, found.dest)):
            parser = parser.commands()[name]
            words.append(name)
        return parser, " ".join(words)

    def _left_over(self, word: str, arguments: argparse.Namespace) -> tuple[str, str]:
        parser, command = self._chosen(arguments)
        if not word.startswith("-"):
            return f"“{quoted(word)}” is one argument too many.", "See --help."
        name = word.partition("=")[0]
        known = [option for action in parser.options() for option in action.option_strings]
        whose = f" of `{command}`" if command else ""
        return f"There is no option {quoted(name)}{whose}.", nearest(name, known) or "See --help."


def nearest(word: str, known: Iterable[str]) -> str:
    """“Did you mean …?” with the most similar word, "" where none is similar."""
    near = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"Did you mean {near[0]}?" if near else ""


def quoted(word: str) -> str:
    """A word of the command line as a message may show it."""
    return visible(shorten(word, 80))
