"""Checking that servers can enforce a JSON schema.

In the portable subset (reference `providers.md`, section 0), every object requires all of its keys
and allows no others.
"""

from collections.abc import Mapping
from typing import Any

from xreview.ports.json_value import list_in, object_in


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Return whether every object in the schema is closed and requires all of its keys."""
    properties = object_in(schema, "properties")
    is_object = schema.get("type") == "object" or bool(properties)
    if is_object and (
        schema.get("additionalProperties") is not False
        or set(list_in(schema, "required")) != set(properties)
    ):
        return False
    inner = [*properties.values(), schema.get("items"), *list_in(schema, "anyOf")]
    inner += object_in(schema, "$defs").values()
    return all(is_strict(object_in(part)) for part in inner if part)
