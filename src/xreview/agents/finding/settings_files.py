"""Reading the few things in an agent's own settings that are no secrets."""

import re
import tomllib
from contextlib import suppress
from pathlib import Path

from xreview.ports.json_value import JsonObject, object_in, parse_json

_LARGEST = 1_000_000
# Comments and trailing commas outside of texts, as JSONC has them.
_JSONC = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


def json_file(path: Path) -> JsonObject:
    """The JSON or JSONC object in a file; empty where there is none, or none that can be read."""
    with suppress(OSError, ValueError):
        text = text_file(path)
        try:
            return object_in(parse_json(text))
        except ValueError:
            bare = _JSONC.sub(lambda found: found[1] or "", text)
            return object_in(parse_json(_JSONC.sub(lambda found: found[1] or "", bare)))
    return {}


def toml_file(path: Path) -> JsonObject:
    """The TOML document in a file; empty where there is none, or none that can be read."""
    with suppress(OSError, ValueError):
        return tomllib.loads(text_file(path))
    return {}


def text_file(path: Path) -> str:
    """The text of a file. Raises OSError, or ValueError where it is none or too large."""
    if path.stat().st_size > _LARGEST:
        raise ValueError("Settings are never that large.")
    return path.read_text("utf-8")
