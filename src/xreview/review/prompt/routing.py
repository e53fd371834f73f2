"""What is left out, what is read first and what is hard, by the data of `lenses/routing.toml`.

How a score comes about is described at the top of that file.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from xreview.config.ignore import IgnoreRules
from xreview.domain.change import FileDiff, FileStatus, LineKind
from xreview.reviewers.embedded.plan import Skip, is_test

MOST_DELETED_ROWS = 200
"""A deleted file with more is left out: what it was for can't be told from that many lines."""

_SUBMODULE, _LINK = "160000", "120000"
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PATH_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Route:
    """Where a file comes in the order of reading.

    Args:
        score: the higher, the earlier.
        reasons: what raised it, for people.
        last: why it comes after all others; "" where it does not.
    """

    score: int
    reasons: tuple[str, ...] = ()
    last: str = ""


@dataclass(frozen=True)
class Routing:
    """The data file, read."""

    hard_from: int
    left_out: tuple[tuple[str, IgnoreRules], ...]
    last: tuple[tuple[str, IgnoreRules], ...]
    paths: tuple[tuple[int, str, IgnoreRules], ...]
    words: tuple[tuple[int, str, frozenset[str]], ...]

    def skip(self, file: FileDiff) -> Skip | None:
        """Why a file is left out, as far as can be told without its content; None where it is not.

        What somebody would expect to be read all the same is marked so (`Skip.expected`).
        """
        modes = {file.old_mode, file.new_mode}
        if file.status is FileStatus.UNMERGED:
            return Skip("it has merge conflicts", expected=False)
        if _SUBMODULE in modes:
            return Skip("a submodule")
        if _LINK in modes:
            return Skip("a symbolic link")
        if file.binary:
            return Skip("binary")
        if (why := _first(self.left_out, file.path)) is not None:
            return Skip(why)
        if not file.body:
            return Skip(file.notice, expected=False) if file.notice else Skip("no lines changed")
        if file.status is FileStatus.DELETED and file.row_count > MOST_DELETED_ROWS:
            return Skip(f"deleted, with more than {MOST_DELETED_ROWS} lines")
        return None

    def route(self, file: FileDiff) -> Route:
        """Where a file belongs in the order of reading."""
        path = _plain(file.path)
        found = [(weight, why) for weight, why, rules in self.paths if rules.ignores(path)]
        reasons = [max(found)] if found else []
        words, changed = _changed_words(file)
        reasons += [(weight, why) for weight, why, known in self.words if known & words]
        score = sum(weight for weight, _ in reasons) + changed.bit_length()
        if is_test(file.path):
            score //= 2
        named = tuple(dict.fromkeys(why for _, why in reasons))
        return Route(score, named, _first(self.last, file.path) or "")


@cache
def routing() -> Routing:
    """The routing that ships with the program, read once."""
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


def _rules(patterns: Iterable[str]) -> IgnoreRules:
    return IgnoreRules(pattern.lower() for pattern in patterns)


def _plain(path: str) -> str:
    return path[-_PATH_CHARACTERS:].lower()


def _first(kinds: Iterable[tuple[str, IgnoreRules]], path: str) -> str | None:
    plain = _plain(path)
    return next((why for why, rules in kinds if rules.ignores(plain)), None)


def _changed_words(file: FileDiff) -> tuple[set[str], int]:
    """The words on changed lines, parts of compound ones too, and how many lines changed."""
    identifiers: set[str] = set()
    changed = 0
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind is not LineKind.CONTEXT:
                changed += 1
                identifiers.update(_IDENTIFIER.findall(line.text))
    words = {identifier.lower() for identifier in identifiers}
    for identifier in identifiers:
        words.update(part.lower() for part in _PART.findall(identifier))
    return words, changed
