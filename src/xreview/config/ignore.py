r"""Patterns as in gitignore(5), matched in time that no pattern can blow up.

The patterns may come from the repository under review, and the paths do. Libraries turn a pattern
into one regular expression that backtracks: `*a*a*a*a*b` against a name of 200 letters took
pathspec 8 seconds. Here each part of a path is matched by an atomic expression, as `fnmatch` does,
and the parts by running through the path once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_Segment = re.Pattern[str] | None  # None stands for `**`: any number of folders, none too


@dataclass(frozen=True, slots=True)
class _Rule:
    segments: tuple[_Segment, ...]
    negated: bool
    folders_only: bool

    def hits(self, parts: Sequence[str]) -> list[bool]:
        """For each part of a path, whether the rule matches the path up to and with it."""
        found: list[bool] = []
        states = self._with_skips({0})
        for part in parts:
            reached: set[int] = set()
            for state in states:
                if state == len(self.segments):
                    continue
                segment = self.segments[state]
                if segment is None:
                    reached.add(state)
                elif segment.fullmatch(part):
                    reached.add(state + 1)
            states = self._with_skips(reached)
            found.append(len(self.segments) in states)
        return found

    def _with_skips(self, states: set[int]) -> set[int]:
        for state in tuple(states):
            after = state
            while after < len(self.segments) and self.segments[after] is None:
                after += 1
                states.add(after)
        return states


class IgnoreRules:
    """A list of patterns; the last one that matches decides, as in a .gitignore file.

    Raises ValueError for a pattern that has a `flaw`.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = tuple(_rule(pattern) for pattern in patterns)

    def ignores(self, path: str) -> bool:
        """Whether a `/`-separated path relative to the repository's top is left out.

        As with git, what is inside an ignored folder can't be brought back by a `!` pattern.
        """
        if not self._rules:
            return False
        parts = path.split("/")
        runs = [(rule, rule.hits(parts)) for rule in reversed(self._rules)]
        for index in range(len(parts)):
            is_folder = index + 1 < len(parts)
            for rule, hits in runs:
                if hits[index] and (is_folder or not rule.folders_only):
                    if not rule.negated:
                        return True
                    break
        return False


@lru_cache(maxsize=8)
def rules_of(patterns: tuple[str, ...]) -> IgnoreRules:
    """The rules for some patterns, compiled once."""
    return IgnoreRules(patterns)


def flaw(pattern: str) -> str:
    """What is wrong with a pattern, as the end of a sentence; "" where nothing is."""
    try:
        _rule(pattern)
    except ValueError as error:
        return str(error)
    return ""


def _rule(pattern: str) -> _Rule:
    if pattern.startswith("#"):
        raise ValueError("begins with #, which makes it a comment: write \\# for the character")
    body = _without_trailing_spaces(pattern)
    negated = body.startswith("!")
    body = body[negated:]
    folders_only = body.endswith("/")
    body = body[: len(body) - folders_only]
    anchored = "/" in body
    names = body.removeprefix("/").split("/")
    if not all(names):
        raise ValueError("names nothing, or has an empty part between two slashes")
    segments: list[_Segment] = [] if anchored else [None]
    for name in names:
        whole = name == "**" and anchored
        segments.append(None if whole else re.compile(_expression(name)))
    if anchored and names[-1] == "**":
        segments.append(re.compile(r"[\s\S]*"))  # `a/**` is what is in `a`, not `a` itself
    return _Rule(tuple(segments), negated, folders_only)


def _without_trailing_spaces(pattern: str) -> str:
    bare = pattern.rstrip(" ")
    escapes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if escapes % 2 and bare != pattern else bare


def _expression(name: str) -> str:
    """The regular expression of one part of a path; stars never give back what they took."""
    chunks = [""]
    for token in _tokens(name):
        if token == "*":
            chunks.append("")
        else:
            chunks[-1] += token
    if len(chunks) == 1:
        return chunks[0]
    first, *middle, last = chunks
    return (
        first
        + "".join(f"(?>[\\s\\S]*?{chunk})" for chunk in middle if chunk)
        + (f"[\\s\\S]*{last}")
    )


def _tokens(name: str) -> Iterator[str]:
    """The parts of a name as regular expressions for one character each, and "*" for a star."""
    at = 0
    while at < len(name):
        character = name[at]
        at += 1
        if character == "*":
            yield "*"
        elif character == "?":
            yield r"[\s\S]"
        elif character == "[":
            expression, at = _class(name, at)
            yield expression
        elif character == "\\":
            if at == len(name):
                raise ValueError("ends with a single backslash")
            yield re.escape(name[at])
            at += 1
        else:
            yield re.escape(character)


def _class(name: str, at: int) -> tuple[str, int]:
    """The `[…]` whose content begins at `at`, and where what follows it begins."""
    negated = name[at : at + 1] in ("!", "^")
    at += negated
    ranges: list[str] = []
    first = True
    while name[at : at + 1] != "]" or first:
        first = False
        if name.startswith("[:", at):
            raise ValueError("uses a [:class:], which is not supported: list the characters")
        low, at = _class_character(name, at)
        high = low
        if name[at : at + 1] == "-" and name[at + 1 : at + 2] not in ("]", ""):
            high, at = _class_character(name, at + 1)
        if low <= high:
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
    if not ranges:  # only ranges that run backwards: nothing is in it
        return (r"[\s\S]" if negated else r"(?!)"), at + 1
    return f"[{'^' if negated else ''}{''.join(ranges)}]", at + 1


def _class_character(name: str, at: int) -> tuple[str, int]:
    at += name[at : at + 1] == "\\"
    if at >= len(name):
        raise ValueError("has a [ that is never closed")
    return name[at], at + 1
