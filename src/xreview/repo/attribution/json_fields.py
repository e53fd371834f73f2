"""Tolerant access to JSON that other programs wrote: no value has to be of the expected type."""

import json
from typing import cast

Record = dict[str, object]


def json_object(text: bytes | str) -> Record | None:
    """Parse a JSON object; None for anything else, also where it is nested too deeply."""
    whole = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    try:
        value: object = json.loads(whole)
    except (ValueError, RecursionError):
        return None
    return cast("Record", value) if isinstance(value, dict) else None


def at(value: object, *keys: str) -> object:
    """Return the value of a nested field; None if any field on the way is missing."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = cast("Record", value).get(key)
    return value


def field_text(value: object, *keys: str) -> str:
    """Return the string in a nested field, or ""."""
    found = at(value, *keys)
    return found if isinstance(found, str) else ""


def number_at(value: object, *keys: str) -> int:
    """Return the integer in a nested field, or 0."""
    found = at(value, *keys)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def items_at(value: object, *keys: str) -> list[object]:
    """Return the list in a nested field, or an empty one."""
    found = at(value, *keys)
    return cast("list[object]", found) if isinstance(found, list) else []


def fields(value: object) -> tuple[str, ...]:
    """The field names of an object; () for any other value."""
    return tuple(cast("Record", value)) if isinstance(value, dict) else ()
