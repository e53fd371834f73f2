"""Finding lines that look like secrets, so that they are withheld from models.

Several detectors, since each misses what the others find (imported when code is about to leave, for
they are large): Kingfisher knows how the tokens of hundreds of services look, and takes our own
rules for what it leaves out (`secret_rules.yaml`); detect-secrets finds passwords by the words
around them and random strings by their entropy; the words of wallets are told by their checksum.
All work offline here: no check of a secret against its service is used. In doubt a line is
withheld; what is certainly none (`no_secret`) is not, for a review of less finds less.

Synchronous and worth a thread: the first use on a machine takes seconds.
"""

import re
import threading
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from xreview.review.egress.no_secret import is_hash, is_other_name, is_placeholder
from xreview.review.egress.seed_phrases import seed_phrases

if TYPE_CHECKING:
    from kingfisher_sdk import Scanner

WITHHELD = "[xreview: this line was withheld because it looks like a secret]"
"""What stands in a withheld line's place, so that line numbers stay as they are."""

PROSE = "said.txt"
"""The path that stands for text which is no file: values stand in it without quotes."""

_LONGEST_LINE = 10_000  # the detectors of single lines take quadratic time for some long ones
_PLAIN = "settings.yaml"
# A look at each line costs detect-secrets 90 microseconds; these say in one which it is worth. The
# words are those of its keywords; a random string has 16 characters at least without a break.
_WORTH_A_LOOK = re.compile(
    r"key|pass|pwd|secret|contrase|://[^\s/]*@|[\"'][A-Za-z0-9+/=_-]{16,}[\"']"
    r"|(?:A3T|AKIA|ABIA|ACCA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)",
    re.IGNORECASE,
)
_KEY_BEGINS, _KEY_ENDS = "PRIVATE KEY", "-----END"
_LONGEST_KEY = 200  # lines
_KEY_ROW = re.compile(r"[\s\"'+>-]*+([A-Za-z0-9+/]{20,76})={0,2}(?:\\n)?[\"',\s+\\;]*")
_LONGEST_KEY_ROW = 400
_KEY_COLUMNS = 64  # of a row (RFC 7468); the last one is shorter
_KEY_VARIETY = 24  # different characters in a row: a hexadecimal number has 16
_UNQUOTED = frozenset(
    {"", ".cfg", ".conf", ".env", ".ini", ".properties", ".toml", ".txt", ".yaml", ".yml"}
)
_RANDOM = frozenset({"Base64 High Entropy String", "Hex High Entropy String"})
_KEYWORD = "Secret Keyword"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Span:
    """A secret in a text, from one character up to another."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a text holds.

    Args:
        lines: the 1-based numbers of the lines that look like secrets.
        values: the secrets themselves, as far as they stand on one line each.
    """

    lines: frozenset[int] = frozenset()
    values: frozenset[str] = frozenset()


def find_secrets(text: str, path: str) -> Secrets:
    """The secrets of a text.

    Args:
        text: a whole file of any content, wherever it is at hand: a line may look like a secret
            only among its neighbours. path: its name, which tells whether values stand there
            without quotes.
    """
    lines = text.split("\n")
    found: set[int] = set()
    values: set[str] = set()
    spans = tuple(own_form_secrets(text, path))
    numbers = _Numbers(text)
    for span in spans:
        found.update(numbers.of(span))
        values.add(text[span.start : span.end])
    for number, value in _of_words(lines, path):
        found.add(number)
        values.add(value)
    found.update(_rows_of_keys(lines))
    for number in tuple(found):
        found.update(_rest_of_the_key(lines, number, found))
    return Secrets(frozenset(found), frozenset(one for one in values if "\n" not in one))


def secret_lines(text: str, path: str) -> frozenset[int]:
    """The 1-based numbers of the lines that look like secrets (`find_secrets`)."""
    return find_secrets(text, path).lines


def without_lines(text: str, numbers: frozenset[int]) -> str:
    """The text with those lines replaced by `WITHHELD`."""
    if not numbers:
        return text
    lines = text.split("\n")
    for number in numbers:
        lines[number - 1] = WITHHELD
    return "\n".join(lines)


def without_secrets(text: str, path: str) -> tuple[str, int]:
    """The text with such lines replaced by `WITHHELD`, and how many those are."""
    withheld = secret_lines(text, path)
    return without_lines(text, withheld), len(withheld)


def own_form_secrets(text: str, path: str = PROSE) -> Iterator[Span]:
    """The secrets that are told by their own form, whatever stands around a text."""
    content = text.encode("utf-8", "replace")
    with _lock:  # one scanner for all threads
        findings = [(one.location, one.rule_id) for one in _scanner().scan(content)]
    is_ascii = len(content) == len(text)
    for location, rule in findings:
        start, end = location["start_offset"], location["end_offset"]
        if not is_ascii:
            start = len(content[:start].decode("utf-8", "replace"))
            end = start + len(content[location["start_offset"] : end].decode("utf-8", "replace"))
        value = text[start:end]
        if not (is_placeholder(value) or _is_public(value, text, start, end, rule, path)):
            yield Span(start, end)
    for start, end in seed_phrases(text):
        yield Span(start, end)


def _is_public(value: str, text: str, start: int, end: int, rule: str, path: str) -> bool:
    """Whether a generic rule, which knows nothing of a service, took a public hash for a key."""
    if not ("generic" in rule or rule.startswith("custom.hexadecimal")):
        return False
    before, after = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[before : after if after >= 0 else len(text)]
    return is_hash(value, line[:_LONGEST_LINE], path)


class _Numbers:
    """The numbers of lines by characters: only line feeds count, as in a diff."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1

    def of(self, span: Span) -> range:
        """The lines on which a span stands."""
        if span.start < self._at:
            self._at, self._line = 0, 1
        self._line += self._text.count("\n", self._at, span.start)
        self._at = span.start
        last = self._line + self._text.count("\n", span.start, span.end)
        return range(self._line, last + 1)


def _of_words(lines: list[str], path: str) -> Iterator[tuple[int, str]]:
    name = PurePosixPath(path)
    is_unquoted = name.suffix.lower() in _UNQUOTED or name.name.startswith(".env")
    shown = _PLAIN if is_unquoted else name.name
    detectors = _line_detectors()
    for number, line in enumerate(lines, 1):
        piece = line[:_LONGEST_LINE]
        if not _WORTH_A_LOOK.search(piece):
            continue
        for detector in detectors:
            found = detector.analyze_line(filename=shown, line=piece, line_number=number)
            for one in found:
                value = one.secret_value or ""
                if is_placeholder(value) or (one.type == _KEYWORD and is_other_name(piece)):
                    continue
                if one.type in _RANDOM and is_hash(value, piece, path):
                    continue
                yield number, value


def _rows_of_keys(lines: list[str]) -> Iterator[int]:
    """The lines that are one of several rows of a key, as its block holds them.

    Where the block begins may not be at hand: a patch shows a part of a file.
    """
    rows = [_KEY_ROW.fullmatch(line) if len(line) < _LONGEST_KEY_ROW else None for line in lines]
    for number, (row, following) in enumerate(pairwise(rows), 1):
        if row is None or following is None or len(row[1]) != _KEY_COLUMNS:
            continue
        if len(set(row[1])) >= _KEY_VARIETY:
            yield number
            yield number + 1


def _rest_of_the_key(lines: list[str], number: int, known: Container[int]) -> Iterator[int]:
    """The lines of the block of a key of which one line was found, by its beginning or its form.

    What is known already ends it, so that a long block is gone through once.
    """
    begins = _KEY_BEGINS in lines[number - 1]
    if begins:
        for following in range(number, min(number + _LONGEST_KEY, len(lines)) + 1):
            yield following
            if _KEY_ENDS in lines[following - 1]:
                return
    if begins or not _KEY_ROW.fullmatch(lines[number - 1][:_LONGEST_KEY_ROW]):
        return
    for step in (-1, 1):
        other = number + step
        while 1 <= other <= len(lines) and other not in known:
            if not _KEY_ROW.fullmatch(lines[other - 1][:_LONGEST_KEY_ROW]):
                break
            yield other
            other += step


@lru_cache(maxsize=1)
def _scanner() -> "Scanner":
    from kingfisher_sdk import Rules, Scanner

    with as_file(files("xreview.review.egress").joinpath("secret_rules.yaml")) as own:
        return Scanner(Rules([own], confidence="low"))


@lru_cache(maxsize=1)
def _line_detectors() -> tuple[Any, ...]:
    from detect_secrets.plugins.aws import AWSKeyDetector
    from detect_secrets.plugins.basic_auth import BasicAuthDetector
    from detect_secrets.plugins.high_entropy_strings import (
        Base64HighEntropyString,
        HexHighEntropyString,
    )
    from detect_secrets.plugins.keyword import KeywordDetector
    from detect_secrets.plugins.private_key import PrivateKeyDetector

    # The limits are detect-secrets' own defaults for its command line.
    return (
        KeywordDetector(),
        Base64HighEntropyString(limit=4.5),
        HexHighEntropyString(limit=3.0),
        PrivateKeyDetector(),
        BasicAuthDetector(),
        AWSKeyDetector(),
    )
