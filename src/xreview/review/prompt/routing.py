"""Deciding which files a model reads first or not at all, with the data of `lenses/routing.toml`.

The top of that file explains the score.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from xreview.analysers.plan import Skip, unchanged_reason, unreadable
from xreview.config.ignore import IgnoreRules
from xreview.domain.change import FileDiff, FileStatus, LineKind
from xreview.domain.record import dataclass
from xreview.domain.tests import is_test

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PATH_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Route:
    """The place of a file in the reading order: the higher the score, the earlier, unless `last`
    says why it comes after all others."""

    score: int
    reasons: tuple[str, ...] = ()
    last: str = ""


@dataclass(frozen=True)
class Routing:
    """The content of the data file."""

    hard_from: int
    left_out: tuple[tuple[str, IgnoreRules], ...]
    last: tuple[tuple[str, IgnoreRules], ...]
    paths: tuple[tuple[int, str, IgnoreRules], ...]
    words: tuple[tuple[int, str, frozenset[str]], ...]

    def skip(self, file: FileDiff) -> Skip | None:
        """Why a file is left out, judged without its content; None if it isn't."""
        if (skipped := unreadable(file) or unchanged_reason(file)) is not None:
            return skipped
        why = _first(self.left_out, file.path)
        return None if why is None else Skip(why)

    def route(self, file: FileDiff) -> Route:
        """The place of a file in the reading order."""
        path = plain_path(file.path)
        found = [(weight, why) for weight, why, rules in self.paths if rules.ignores(path)]
        reasons = [max(found)] if found else []
        changed = words_on_changed_lines(file)
        reasons += [(weight, why) for weight, why, known in self.words if known & changed.words]
        score = sum(weight for weight, _ in reasons) + changed.lines.bit_length()
        if is_test(file.path):
            score //= 2
        named = tuple(dict.fromkeys(why for _, why in reasons))
        last = "deleted" if file.status is FileStatus.DELETED else ""
        return Route(score, named, _first(self.last, file.path) or last)


@cache
def routing() -> Routing:
    """The routing that ships with the program."""
    text = files("xreview.lenses").joinpath("routing.toml").read_text("utf-8")
    data = tomllib.loads(text)
    entries: list[dict[str, Any]] = data["path"]
    words: list[dict[str, Any]] = data["code"]
    return Routing(
        data["hard_from"],
        tuple((why, _rules(patterns)) for why, patterns in data["left_out"].items()),
        tuple((why, _rules(patterns)) for why, patterns in data["last"].items()),
        tuple((one["weight"], one["why"], _rules(one["patterns"])) for one in entries),
        tuple(
            (one["weight"], one["why"], frozenset(map(str.lower, one["words"]))) for one in words
        ),
    )


def words_in(text: str) -> set[str]:
    """The words of a text in lower case, with the parts of compound ones (`userName`)."""
    return _with_parts(set(_IDENTIFIER.findall(text)))


def plain_path(path: str) -> str:
    """A path as patterns match it: in lower case, and the end of a very long one."""
    return path[-_PATH_CHARACTERS:].lower()


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """The words on the changed lines of a file, with the number and length of these lines."""

    words: frozenset[str]
    lines: int
    characters: int


def words_on_changed_lines(file: FileDiff) -> ChangedWords:
    """Read the changed lines of a file."""
    identifiers: set[str] = set()
    lines = characters = 0
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind is not LineKind.CONTEXT:
                lines += 1
                characters += len(line.text)
                identifiers.update(_IDENTIFIER.findall(line.text))
    return ChangedWords(frozenset(_with_parts(identifiers)), lines, characters)


def _rules(patterns: Iterable[str]) -> IgnoreRules:
    return IgnoreRules(pattern.lower() for pattern in patterns)


def _first(kinds: Iterable[tuple[str, IgnoreRules]], path: str) -> str | None:
    plain = plain_path(path)
    return next((why for why, rules in kinds if rules.ignores(plain)), None)


def _with_parts(identifiers: set[str]) -> set[str]:
    words = {identifier.lower() for identifier in identifiers}
    for identifier in identifiers:
        words.update(part.lower() for part in _PART.findall(identifier))
    return words
