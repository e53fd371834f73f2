"""What looks like a secret but isn't: placeholders, hashes (`secret_words.toml`).

A reviewer that sees less finds less, so public values are not withheld.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_LONGEST_PLACEHOLDER = 200
_HEXADECIMAL = re.compile(r"(?:0x)?(?:[0-9a-f]{7,16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56,128})")
_SUBRESOURCE = re.compile(r"(?:sha(?:256|384|512)-|h1:)?[A-Za-z0-9+/_-]{20,128}={0,2}")


def is_placeholder(value: str) -> bool:
    """Whether a value only marks the place of a secret, or says how to get it."""
    value = value.strip().strip("\"'`,;").strip()
    return len(value) <= _LONGEST_PLACEHOLDER and bool(_placeholders().fullmatch(value))


def is_hash(value: str, line: str, path: str) -> bool:
    """Whether a random string in this line of this file is a public hash."""
    names_hash, hash_files = _hashes()
    if not (names_hash.search(line) or hash_files.search(path)):
        return False
    return bool(_HEXADECIMAL.fullmatch(value.lower()) or _SUBRESOURCE.fullmatch(value))


def is_other_name(line: str) -> bool:
    """Whether a line sets something that only refers to a secret, such as its name."""
    return bool(_other_names().search(line))


@cache
def _words() -> dict[str, Any]:
    text = files("xreview.review.egress").joinpath("secret_words.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _placeholders() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in _words()["placeholders"]), re.IGNORECASE)


@cache
def _hashes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _words()
    return re.compile(words["hash_words"]), re.compile(words["hash_files"])


@cache
def _other_names() -> re.Pattern[str]:
    return re.compile(_words()["other_names"])
