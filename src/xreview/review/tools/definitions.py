"""The tools as a model sees them, and the checks of their arguments.

The schemas use the portable subset (every property required, optional ones nullable), since all
protocols offer the same tools.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from xreview.domain.errors import XReviewError
from xreview.domain.text import shorten
from xreview.ports.request import Tool


class MisuseError(XReviewError):
    """An invalid call; the message is for the model."""


def _schema(**properties: tuple[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            name: {"description": meaning, **_type(kind)}
            for name, (kind, meaning) in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }


def _type(kind: str) -> dict[str, Any]:
    plain, _, optional = kind.partition("?")
    if optional or kind.endswith("?"):
        return {"anyOf": [{"type": plain}, {"type": "null"}]}
    return {"type": plain}


READ_FILE = Tool(
    "read_file",
    "Read a text file of the repository as it is after the change, with line numbers.",
    _schema(
        path=("string", "The path relative to the repository's top folder."),
        start_line=("integer?", "The first line to read, 1-based; null for the first."),
        end_line=("integer?", "The last line to read; null for as many as fit."),
    ),
)
SEARCH = Tool(
    "search",
    "Find lines that match a POSIX extended regular expression, as `path:line: text`.",
    _schema(
        pattern=("string", "The expression, as for `git grep -E`."),
        path=("string?", "The folder or file to look in; null for everywhere."),
    ),
)
LIST_FILES = Tool(
    "list_files",
    "List the files of the repository.",
    _schema(path=("string?", "The folder whose files to list; null for all.")),
)
GIT_LOG = Tool(
    "git_log",
    "Show the last commits that touched a file or folder: id, day, subject.",
    _schema(path=("string", "The path relative to the repository's top folder.")),
)
TOOLS = (READ_FILE, SEARCH, LIST_FILES, GIT_LOG)
_BY_NAME = {tool.name: tool for tool in TOOLS}
LONGEST_ARGUMENTS = 4000
LONGEST_TEXT = 1000
"""Characters of one argument."""

LARGEST_NUMBER = 10_000_000
"""More than the lines of any file that can be read."""

_LONGEST_NAME = 60  # of an unknown tool or argument, in the message
_TYPES: Mapping[str, type] = {"string": str, "integer": int}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def arguments_of(name: str, text: str) -> dict[str, Any]:
    """The checked arguments of a call without nulls; `text` is the model's JSON.

    Raises MisuseError.
    """
    tool = _BY_NAME.get(name)
    if tool is None:
        there = ", ".join(_BY_NAME)
        raise MisuseError(f"Unknown tool {_called(name)}. The tools are: {there}.")
    if len(text) > LONGEST_ARGUMENTS:
        raise MisuseError(f"The arguments are longer than {LONGEST_ARGUMENTS:,} characters.")
    try:
        given: object = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise MisuseError("The arguments are not valid JSON.") from None
    if not isinstance(given, dict):
        raise MisuseError("The arguments must be a JSON object.")
    properties: dict[str, dict[str, Any]] = tool.parameters["properties"]
    checked: dict[str, Any] = {}
    for key, value in cast("dict[str, object]", given).items():
        if key not in properties:
            there = ", ".join(properties)
            raise MisuseError(f"{name} has no argument {_called(key)}. Its arguments are: {there}.")
        if value is not None:
            checked[key] = _checked(key, value, properties[key])
    for key, property in properties.items():
        if "type" in property and key not in checked:
            raise MisuseError(f"{name} needs the argument {key!r}.")
    return checked


def _checked(key: str, value: object, property: dict[str, Any]) -> object:
    kind = property.get("type") or property["anyOf"][0]["type"]
    if not isinstance(value, _TYPES[kind]) or isinstance(value, bool):
        raise MisuseError(f"The argument {key!r} must be of type {kind}.")
    if isinstance(value, str):
        _check_text(key, value)
    elif isinstance(value, int) and not 1 <= value <= LARGEST_NUMBER:
        raise MisuseError(f"The argument {key!r} must be a number from 1 to {LARGEST_NUMBER:,}.")
    return value


def _check_text(key: str, value: str) -> None:
    """Refuse text that no path or pattern contains, or that can't be passed to a program."""
    if len(value) > LONGEST_TEXT:
        raise MisuseError(f"The argument {key!r} is longer than {LONGEST_TEXT:,} characters.")
    if _LONE_SURROGATE.search(value):
        raise MisuseError(f"The argument {key!r} is invalid: it has half a surrogate pair.")
    if found := _CONTROL.search(value):
        code = f"U+{ord(found[0]):04X}"
        raise MisuseError(f"The argument {key!r} has the control character {code}. Remove it.")


def _called(name: str) -> str:
    return repr(shorten(name, _LONGEST_NAME))
