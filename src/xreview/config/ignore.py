r"""Patterns as in gitignore(5), matched without backtracking.

The repository under review supplies paths, and can supply patterns. Libraries turn a pattern into
one backtracking regular expression: `*a*a*a*a*b` against a name of 200 letters took pathspec 8
seconds. Here an atomic expression matches each part of a path, as in `fnmatch`, in one pass over
the parts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from xreview.domain.record import dataclass

_Segment = re.Pattern[str] | None  # None is `**`: any number of folders, or none


@dataclass(frozen=True, slots=True)
class _Rule:
    segments: tuple[_Segment, ...]
    negated: bool
    folders_only: bool

    @property
    def name(self) -> re.Pattern[str] | None:
        """What each part of a path is compared with, if the pattern has no folders."""
        is_name = len(self.segments) == 2 and self.segments[0] is None
        return self.segments[1] if is_name else None

    def hits(self, parts: Sequence[str]) -> list[bool]:
        """Return for each part whether the rule matches the path up to and including it."""
        if (name := self.name) is not None:
            return [name.fullmatch(part) is not None for part in parts]
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
    """A list of patterns; the last match decides, as in a .gitignore file.

    Raises ValueError for a pattern with a `flaw`.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        rules = tuple(_rule(pattern) for pattern in patterns)
        self._rules = rules
        # Names without folders, as most are, are one expression, unless their order counts.
        is_ordered = any(one.negated for one in rules)
        self._ordered = tuple(one for one in rules if is_ordered or one.name is None)
        names = () if is_ordered else rules
        self._names = _any_of(one for one in names if not one.folders_only)
        self._folders = _any_of(one for one in names if one.folders_only)

    def ignores(self, path: str) -> bool:
        """Return whether a `/`-separated path, relative to the repository's top, is ignored.

        As in git, a `!` pattern can't include files inside an ignored folder.
        """
        if not self._rules:
            return False
        parts = path.split("/")
        if self._names is not None and any(map(self._names.fullmatch, parts)):
            return True
        if self._folders is not None and any(map(self._folders.fullmatch, parts[:-1])):
            return True
        runs = [(rule, rule.hits(parts)) for rule in reversed(self._ordered)]
        for index in range(len(parts)):
            is_folder = index + 1 < len(parts)
            for rule, hits in runs:
                if hits[index] and (is_folder or not rule.folders_only):
                    if not rule.negated:
                        return True
                    break
        return False


def _any_of(rules: Iterable[_Rule]) -> re.Pattern[str] | None:
    """What matches the name of any of the rules; None without any."""
    names = [f"(?:{rule.name.pattern})" for rule in rules if rule.name]
    return re.compile("|".join(names)) if names else None


@lru_cache(maxsize=8)
def rules_of(patterns: tuple[str, ...]) -> IgnoreRules:
    """Return the compiled rules, from a cache."""
    return IgnoreRules(patterns)


def flaw(pattern: str) -> str:
    """Return what is wrong with a pattern, as the end of a sentence; "" for nothing."""
    try:
        _rule(pattern)
    except ValueError as error:
        return str(error)
    return ""


def _rule(pattern: str) -> _Rule:
    if pattern.startswith("#"):
        raise ValueError("starts with #, which makes it a comment; write \\# for the character")
    body = _without_trailing_spaces(pattern)
    negated = body.startswith("!")
    body = body[negated:]
    folders_only = body.endswith("/")
    body = body[: len(body) - folders_only]
    anchored = "/" in body
    names = body.removeprefix("/").split("/")
    if not all(names):
        raise ValueError("is empty, or has an empty part between two slashes")
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
    """Return the regular expression for one part of a path; stars don't backtrack."""
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
    """Yield a regular expression for each character of a name, and "*" for a star."""
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
    """Return the `[…]` whose content starts at `at`, and where it ends."""
    negated = name[at : at + 1] in ("!", "^")
    at += negated
    ranges: list[str] = []
    first = True
    while name[at : at + 1] != "]" or first:
        first = False
        if name.startswith("[:", at):
            raise ValueError("uses a [:class:], which isn't supported; list the characters")
        low, at = _class_character(name, at)
        high = low
        if name[at : at + 1] == "-" and name[at + 1 : at + 2] not in ("]", ""):
            high, at = _class_character(name, at + 1)
        if low <= high:
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
    if not ranges:  # only backward ranges: it is empty
        return (r"[\s\S]" if negated else r"(?!)"), at + 1
    return f"[{'^' if negated else ''}{''.join(ranges)}]", at + 1


def _class_character(name: str, at: int) -> tuple[str, int]:
    at += name[at : at + 1] == "\\"
    if at >= len(name):
        raise ValueError("has an unclosed [")
    return name[at], at + 1
