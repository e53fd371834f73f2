"""Parsing untrusted JSON strictly, and reading it without trusting its structure.

Each reader returns an empty value for anything unexpected, so that a hostile or new reply never
causes a TypeError.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, cast

JsonObject = Mapping[str, Any]
_NOTHING: JsonObject = {}

MOST_JSON = 8_000_000
"""Bytes of one document, several times an answer of 128,000 tokens. As Python objects, it can
take twenty times as much memory."""


def parse_json(text: str | bytes, most: int = MOST_JSON) -> object:
    """Parse a document. Raises ValueError if it is invalid, too long, or nested too deeply."""
    if len(text) > most:
        raise ValueError(f"The JSON is longer than {most // 1_000_000} MB.")
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("The JSON nests too deeply.") from None


def encode_json(body: object) -> bytes:
    """Encode a document as UTF-8, or as ASCII with escapes for characters not valid in UTF-8."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(body, separators=(",", ":")).encode()


def object_in(value: object, *names: str) -> JsonObject:
    """Return the object at this path of names, or an empty one."""
    for name in names:
        value = cast("JsonObject", value).get(name) if isinstance(value, dict) else None
    return cast("JsonObject", value) if isinstance(value, dict) else _NOTHING


def list_in(value: object, name: str) -> Sequence[object]:
    """Return the list of that name, or an empty one."""
    found = object_in(value).get(name)
    return cast("list[object]", found) if isinstance(found, list) else ()


def text_in(value: object, name: str) -> str:
    """Return the text of that name, or ""."""
    found = object_in(value).get(name)
    return found if isinstance(found, str) else ""


def count_in(value: object, name: str) -> int | None:
    """Return the whole number of that name, if it is 0 or more, or None."""
    found = object_in(value).get(name)
    is_count = isinstance(found, int) and not isinstance(found, bool) and found >= 0
    return found if is_count else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} isn't valid JSON.")
