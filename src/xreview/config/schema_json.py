"""The JSON Schema of the configuration files, for editors that complete and check TOML.

Its root describes the user's file, `#/$defs/repository` a repository's.
"""

import json
from typing import Any

from xreview.config.schema import KEYS, Key


def schema_document() -> dict[str, Any]:
    """Return the schema (https://json-schema.org/draft/2020-12/schema)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xreview-tui configuration (config.toml)",
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _property(key) for key in KEYS},
        "$defs": {
            "repository": {
                "title": "A repository's settings (.xreview.toml)",
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    key.name: {"$ref": f"#/properties/{key.name}"}
                    for key in KEYS
                    if key.in_repository
                },
            }
        },
    }


def schema_text() -> str:
    """Return the schema as JSON text."""
    return json.dumps(schema_document(), indent=2, ensure_ascii=False) + "\n"


def _property(key: Key) -> dict[str, Any]:
    return {
        "description": key.meaning,
        "default": key.plain_default,
        **key.kind.schema(),
    }
