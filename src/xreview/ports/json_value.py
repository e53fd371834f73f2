"""JSON that a server sent: parsed strictly, and read without trusting its shape.

Each reader gives an empty value where the document holds something else, so that a hostile or
new reply never ends in a TypeError.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, cast

JsonObject = Mapping[str, Any]
_NOTHING: JsonObject = {}

MOST_JSON = 8_000_000
"""Of one document: what an answer of 128,000 tokens takes several times over. As objects of
Python the same text may take twenty times as much memory."""


def parse_json(text: str | bytes) -> object:
    """The document. Raises ValueError where it is none, too long or nested too deeply."""
    if len(text) > MOST_JSON:
        raise ValueError(f"The JSON is longer than {MOST_JSON // 1_000_000} MB.")
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("The JSON nests too deeply.") from None


def encode_json(body: object) -> bytes:
    """A document as it is sent: UTF-8, or ASCII with escapes where UTF-8 can't hold a character."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(body, separators=(",", ":")).encode()


def object_in(value: object, *names: str) -> JsonObject:
    """The object under these names, one inside the other; empty where there is none."""
    for name in names:
        value = cast("JsonObject", value).get(name) if isinstance(value, dict) else None
    return cast("JsonObject", value) if isinstance(value, dict) else _NOTHING


def list_in(value: object, name: str) -> Sequence[object]:
    """The list of that name in an object; empty where there is none."""
    found = object_in(value).get(name)
    return cast("list[object]", found) if isinstance(found, list) else ()


def text_in(value: object, name: str) -> str:
    """The text of that name in an object; "" where there is none."""
    found = object_in(value).get(name)
    return found if isinstance(found, str) else ""


def count_in(value: object, name: str) -> int | None:
    """The whole number, 0 or more, of that name in an object; None where there is none."""
    found = object_in(value).get(name)
    is_count = isinstance(found, int) and not isinstance(found, bool) and found >= 0
    return found if is_count else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON.")
