"""Finding lines that look like secrets, so that they are withheld from models.

Two detectors, since each misses what the other finds (imported when code is about to leave, for
they are large): Kingfisher knows how the tokens of hundreds of services look; detect-secrets finds
passwords by the words around them and random strings by their entropy. Both work offline here:
neither its check of a secret against the service is used. A hash taken for a secret costs a model
one line; a secret taken for a hash may cost the user more, so in doubt a line is withheld.

Synchronous and worth a thread: the first use on a machine takes seconds.
"""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kingfisher_sdk import Scanner

WITHHELD = "[xreview: this line was withheld because it looks like a secret]"
"""What stands in a withheld line's place, so that line numbers stay as they are."""

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
_UNQUOTED = frozenset(
    {"", ".cfg", ".conf", ".env", ".ini", ".properties", ".toml", ".txt", ".yaml", ".yml"}
)
_lock = threading.Lock()


def secret_lines(text: str, path: str) -> frozenset[int]:
    """The 1-based numbers of the lines that look like secrets.

    Args:
        text: a file, or a part of one, of any content.
        path: its name, which tells whether values stand there without quotes.
    """
    lines = text.split("\n")
    found = set(_of_services(text))
    found.update(_of_words(lines, path))
    for start in [number for number in found if _KEY_BEGINS in lines[number - 1]]:
        found.update(_to_the_end_of_the_key(lines, start))
    return frozenset(found)


def without_secrets(text: str, path: str) -> tuple[str, int]:
    """The text with such lines replaced by `WITHHELD`, and how many those are."""
    withheld = secret_lines(text, path)
    if not withheld:
        return text, 0
    lines = text.split("\n")
    for number in withheld:
        lines[number - 1] = WITHHELD
    return "\n".join(lines), len(withheld)


def _of_services(text: str) -> Iterator[int]:
    # Its line numbers count other line ends too, so lines are counted here from its offsets.
    content = text.encode("utf-8", "replace")
    with _lock:  # one scanner for all threads
        findings = [finding.location for finding in _scanner().scan(content)]
    for location in findings:
        first = content.count(b"\n", 0, location["start_offset"]) + 1
        last = first + content.count(b"\n", location["start_offset"], location["end_offset"])
        yield from range(first, last + 1)


def _of_words(lines: list[str], path: str) -> Iterator[int]:
    name = PurePosixPath(path)
    is_unquoted = name.suffix.lower() in _UNQUOTED or name.name.startswith(".env")
    shown = _PLAIN if is_unquoted else name.name
    detectors = _line_detectors()
    for number, line in enumerate(lines, 1):
        piece = line[:_LONGEST_LINE]
        if _WORTH_A_LOOK.search(piece) and any(
            next(iter(one.analyze_line(filename=shown, line=piece, line_number=number)), None)
            for one in detectors
        ):
            yield number


def _to_the_end_of_the_key(lines: list[str], start: int) -> Iterator[int]:
    for number in range(start, min(start + 200, len(lines)) + 1):
        yield number
        if _KEY_ENDS in lines[number - 1]:
            return


@lru_cache(maxsize=1)
def _scanner() -> "Scanner":
    from kingfisher_sdk import Rules, Scanner

    return Scanner(Rules(confidence="low"))


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
