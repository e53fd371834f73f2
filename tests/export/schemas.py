"""The official schemas of the formats that are not ours, as validators."""

import json
from pathlib import Path
from typing import Any

import jsonschema

FOLDER = Path(__file__).parents[1] / "data" / "schemas"
ORIGINALS = Path(__file__).parents[3] / "shared" / "data" / "schemas"


def validator(name: str) -> jsonschema.Draft4Validator:
    schema = json.loads((FOLDER / name).read_text("utf-8"))
    return jsonschema.Draft4Validator(
        schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )


def without_prose(part: Any, *, names_fields: bool = False) -> Any:
    """A schema without its descriptions and titles."""
    if isinstance(part, list):
        return [without_prose(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: without_prose(item, names_fields=key in ("properties", "definitions"))
        for key, item in part.items()
        if names_fields or key not in ("description", "title")
    }
