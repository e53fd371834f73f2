"""Finding regular expressions that can take exponential time to fail.

The structure of an expression only suggests texts that could be slow; the time that Python's `re`,
which backtracks like the engines of JavaScript, takes for growing texts decides.
"""

import math
import re
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import islice
from typing import Any

from xreview.analysers.characters import ALL, characters_of
from xreview.analysers.processor_time import OutOfTimeError, limited_to
from xreview.domain.record import dataclass

SLOW = 0.02
"""Seconds of processor time from which the growth of the time is sure."""

LONGEST_ATTEMPT = 0.25
"""Seconds of processor time after which an attempt is ended, being slow enough."""

LONGEST_EXPRESSION = 2000
"""Characters. Longer expressions are mostly generated, and take long to try."""

MOST_TEXTS = 60
"""Texts that are tried for one expression."""

_MOST_REPETITIONS = 40
"""In the tried texts: with so few, only exponential time is slow. One more at a time, since each
can multiply the time."""

_LONGEST_REPEATED = 5
"""Characters; the time may grow by a factor for each."""

_EXPONENTIAL = 3.2
"""The least growth of the time with four more repetitions."""

_LONG = 8
"""The repetitions that a repeat must allow to be suspicious."""

_ENDS = ("\x00", "", "\n\x00")
"""Ends of texts at which most expressions fail."""

_LONGEST_SAMPLE = 1000
"""Characters; nested repeats multiply them."""

_NAMES = {" ": "a space", "\t": "a tab", "\n": "a line feed", "`": "a backtick"}

_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT"})


@dataclass(frozen=True, slots=True)
class Backtracking:
    """The text whose repetitions make an expression slow."""

    repeated: str

    @property
    def named(self) -> str:
        """What is repeated, as it can stand in a sentence."""
        return _NAMES.get(self.repeated) or f"`{repr(self.repeated)[1:-1]}`"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of any length: `start`, then `repeated` many times, then `end`."""

    start: str
    repeated: str
    end: str

    def of(self, repetitions: int) -> str:
        return self.start + self.repeated * repetitions + self.end


@dataclass(frozen=True, slots=True)
class _Trials:
    """Attempts to match one expression, until `end` on this process's clock."""

    attempt: Callable[[str], object]
    end: float

    def seconds(self, text: str) -> float:
        """The time that an attempt takes, or was ended after. Raises OutOfTimeError."""
        if (left := self.end - time.process_time()) <= 0:
            raise OutOfTimeError
        # Processor time, so that other programs don't count.
        began = time.thread_time()
        with suppress(OutOfTimeError), limited_to(min(left, LONGEST_ATTEMPT)):
            self.attempt(text)
        return max(time.thread_time() - began, 1e-7)


def find_backtracking(
    expression: str, flags: int, seconds: float = math.inf
) -> Backtracking | None:
    """What makes an expression in Python's syntax slow; None if it isn't, or isn't valid.

    Args:
        flags: those of `re`.
        seconds: of processor time that all attempts may take; OutOfTimeError if they take more.
    """
    if len(expression) > LONGEST_EXPRESSION:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about syntax that may change its meaning
        try:
            compiled = re.compile(expression, flags)
        except (re.error, OverflowError, RecursionError, ValueError):
            return None
        tree = _parse(expression, flags)
    if not _can_backtrack(tree):
        return None
    trials = _Trials(compiled.match, time.process_time() + seconds)
    slow = (text for text in islice(_texts(tree), MOST_TEXTS) if _is_exponential(trials, text))
    return next((Backtracking(text.repeated) for text in slow), None)


def _is_exponential(trials: _Trials, text: _Text) -> bool:
    times: list[float] = []
    for count in range(1, _MOST_REPETITIONS + 1):
        times.append(trials.seconds(text.of(count)))
        if times[-1] > SLOW:
            return times[-1] / times[-5:][0] > _EXPONENTIAL
    return False


# `re` has no public form of what it parsed. The parts of a tree are (name, argument) as in the
# module `re._parser`.
_Tree = Sequence[tuple[Any, Any]]


def _parse(expression: str, flags: int) -> _Tree:
    parser: Any = import_module("re._parser")
    return parser.parse(expression, flags)


def _is_long_repeat(name: str, argument: Any) -> bool:
    return name in _REPEATS and argument[1] >= _LONG


def _parts_within(name: str, argument: Any) -> list[_Tree]:
    """The sequences directly inside a part."""
    match name:
        case "BRANCH":
            return list(argument[1])
        case "SUBPATTERN":
            return [argument[3]]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [argument[2]]
        case "ASSERT":
            return [argument[1]]
        case "ATOMIC_GROUP":
            return [argument]
        case _:
            return []


def _can_backtrack(tree: _Tree) -> bool:
    """Whether it is worth trying: two long repeats, or a choice inside one."""
    repeats = [each for each in _walk(tree) if _is_long_repeat(*each)]
    inside = {name for _, argument in repeats for name, _ in _walk(argument[2])}
    return len(repeats) > 1 or not inside.isdisjoint({"BRANCH", *_REPEATS})


def _walk(tree: _Tree) -> Iterator[tuple[str, Any]]:
    for name, argument in tree:
        yield str(name), argument
        for inner in _parts_within(str(name), argument):
            yield from _walk(inner)


def _texts(tree: _Tree) -> Iterator[_Text]:
    alphabet = _alphabet(tree)
    for start, body in _long_repeats(tree, ""):
        for repeated in _repeatable(body, alphabet):
            for end in _ENDS:
                yield _Text(start, repeated, end)


def _long_repeats(tree: _Tree, start: str) -> Iterator[tuple[str, _Tree]]:
    """Every long repeat's body, with a text that leads to it."""
    for name, argument in tree:
        if _is_long_repeat(str(name), argument):
            yield start, argument[2]
        for inner in _parts_within(str(name), argument):
            yield from _long_repeats(inner, start)
        start += _sample([(name, argument)], least=0)


def _repeatable(body: _Tree, alphabet: str) -> list[str]:
    """Texts that the body may match in several ways, without duplicates."""
    sets = [characters_of(str(name), argument) for name, argument in _walk(body)]
    within = frozenset[str]().union(*sets)
    words = [_sample(each, least=least) for each in _choices(body) for least in (0, 1)]
    letters = [letter for letter in alphabet if letter in within]
    found = dict.fromkeys((*letters, *words))
    return [text for text in found if 0 < len(text) <= _LONGEST_REPEATED]


def _choices(body: _Tree) -> list[_Tree]:
    """The branches of a body that is only a choice, or the body."""
    if len(body) == 1:
        name, argument = str(body[0][0]), body[0][1]
        if name in ("SUBPATTERN", "BRANCH"):
            return [each for inner in _parts_within(name, argument) for each in _choices(inner)]
    return [body]


def _alphabet(tree: _Tree) -> str:
    """One character for each way to belong to the sets of an expression."""
    sets = [characters_of(str(name), argument) for name, argument in _walk(tree)]
    kinds: dict[tuple[bool, ...], str] = {}
    for letter in ALL:
        kinds.setdefault(tuple(letter in each for each in sets), letter)
    return "".join(kinds.values())


def _sample(tree: _Tree, *, least: int) -> str:
    """A short text that a sequence matches, with `least` repetitions of what can be left out."""
    return "".join(_sample_part(str(name), argument, least) for name, argument in tree)


def _sample_part(name: str, argument: Any, least: int) -> str:
    if name in ("ASSERT", "ASSERT_NOT"):
        return ""
    if name == "BRANCH":
        return _sample(argument[1][0], least=least)
    if name in (*_REPEATS, "POSSESSIVE_REPEAT"):
        count = min(max(argument[0], min(least, argument[1])), _LONG)
        return (_sample(argument[2], least=least) * count)[:_LONGEST_SAMPLE]
    inner = "".join(_sample(each, least=least) for each in _parts_within(name, argument))
    return inner or next((c for c in ALL if c in characters_of(name, argument)), "")
