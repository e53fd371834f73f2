"""Finding lines that look like secrets, so that they can be withheld from models.

Several detectors complement each other; they are large, so they are imported only when code is
about to leave. Kingfisher knows the token formats of hundreds of services, extended by our
`secret_rules.yaml`; detect-secrets finds passwords by the words around them and random strings by
entropy; checksums identify the words of wallets. Nothing is verified online. In doubt a line is
withheld, unless it is certainly no secret (`no_secret`): a reviewer that sees less finds less.

Slow, so call it in a thread: the first use on a machine takes seconds.
"""

import re
import threading
from collections.abc import Container, Iterator
from contextlib import suppress
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from xreview.domain.record import dataclass
from xreview.review.egress.line_detectors import line_detectors
from xreview.review.egress.no_secret import is_hash, is_other_name, is_placeholder
from xreview.review.egress.seed_phrases import seed_phrases

if TYPE_CHECKING:
    from kingfisher_sdk import Scanner

WITHHELD = "[xreview: this line was withheld because it looks like a secret]"
"""Replaces a withheld line, so that line numbers stay the same."""

PROSE = "said.txt"
"""The path for text that isn't a file: values have no quotes in it."""

_LONGEST_LINE = 10_000  # detect-secrets takes quadratic time for some longer lines
_PLAIN = "settings.yaml"
# detect-secrets takes 90 microseconds a line; this finds the lines worth checking in one. The words
# are from its keywords; a random string has at least 16 characters without a break.
_WORTH_A_LOOK = re.compile(
    r"key|pass|pwd|secret|contrase|://[^\s/]*@|[\"'][a-z0-9+/=_-]{16,}[\"']"
    r"|a(?:3t|kia|bia|cca|sia|gpa|ida|roa|ipa|npa|nva)"
)
_WORTH_A_LOOK_IN_ANY_CASE = re.compile(_WORTH_A_LOOK.pattern, re.IGNORECASE)
"""Slower, but it knows the letters beyond ASCII that are other cases of ASCII ones."""
_KEY_BEGINS, _KEY_ENDS = "PRIVATE KEY", "-----END"
_LONGEST_KEY = 200  # lines
_KEY_ROW = re.compile(r"[\s\"'+>-]*+([A-Za-z0-9+/]{20,76})={0,2}(?:\\n)?[\"',\s+\\;]*")
_LONGEST_KEY_ROW = 400
_KEY_COLUMNS = 64  # of a row (RFC 7468); the last row is shorter
_KEY_VARIETY = 24  # distinct characters in a row; a hexadecimal number has 16
_UNQUOTED = frozenset(
    {"", ".cfg", ".conf", ".env", ".ini", ".properties", ".toml", ".txt", ".yaml", ".yml"}
)
_RANDOM = frozenset({"Base64 High Entropy String", "Hex High Entropy String"})
_KEYWORD = "Secret Keyword"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Span:
    """A secret in a text, by character offsets; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundSecrets:
    """The 1-based lines of a text that look like secrets, and the secrets that are on one line
    each."""

    lines: frozenset[int] = frozenset()
    values: frozenset[str] = frozenset()


def load_detectors() -> None:
    """Load the detectors in a thread, which takes a quarter of a second. A search for secrets
    that starts meanwhile waits for them."""
    threading.Thread(target=_load_detectors, name="secret detectors", daemon=True).start()


def find_secrets(text: str, path: str) -> FoundSecrets:
    """The secrets in a text; the name says whether values are unquoted.

    Pass whole files if possible: a line may look like a secret only among its neighbours.
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
    return FoundSecrets(frozenset(found), frozenset(one for one in values if "\n" not in one))


def without_lines(text: str, numbers: frozenset[int]) -> str:
    """The text with those lines replaced by `WITHHELD`."""
    if not numbers:
        return text
    lines = text.split("\n")
    for number in numbers:
        lines[number - 1] = WITHHELD
    return "\n".join(lines)


def own_form_secrets(text: str, path: str = PROSE) -> Iterator[Span]:
    """The secrets recognisable by their own form, without context."""
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
    """Whether a generic rule, made for no particular service, took a public hash for a key."""
    if not ("generic" in rule or rule.startswith("custom.hexadecimal")):
        return False
    before, after = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[before : after if after >= 0 else len(text)]
    return is_hash(value, line[:_LONGEST_LINE], path)


class _Numbers:
    """Line numbers by character offset. Only line feeds count, as in a diff."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1

    def of(self, span: Span) -> range:
        """The lines of a span."""
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
    with _lock:
        detectors = line_detectors()
    for number, line in enumerate(lines, 1):
        piece = line[:_LONGEST_LINE]
        if not _is_worth_a_look(piece):
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


def _is_worth_a_look(line: str) -> bool:
    if line.isascii():
        return _WORTH_A_LOOK.search(line.lower()) is not None
    return _WORTH_A_LOOK_IN_ANY_CASE.search(line) is not None


def _rows_of_keys(lines: list[str]) -> Iterator[int]:
    """The lines that are consecutive rows of a key, even without the beginning of its block."""
    for number, (line, following) in enumerate(pairwise(lines), 1):
        if not _KEY_COLUMNS <= len(line) < _LONGEST_KEY_ROW > len(following):
            continue
        row = _KEY_ROW.fullmatch(line)
        if row is None or len(row[1]) != _KEY_COLUMNS or not _KEY_ROW.fullmatch(following):
            continue
        if len(set(row[1])) >= _KEY_VARIETY:
            yield number
            yield number + 1


def _rest_of_the_key(lines: list[str], number: int, known: Container[int]) -> Iterator[int]:
    """The other lines of a key's block, given one line of it.

    Stops at known lines, so that a long block is scanned once.
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


def _load_detectors() -> None:
    with suppress(Exception), _lock:  # a failure is told by the search that fails in the same way
        _scanner()
        line_detectors()


@lru_cache(maxsize=1)
def _scanner() -> "Scanner":
    from kingfisher_sdk import Rules, Scanner

    with as_file(files("xreview.review.egress").joinpath("secret_rules.yaml")) as own:
        return Scanner(Rules([own], confidence="low"))
