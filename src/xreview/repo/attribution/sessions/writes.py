"""What an agent's tool call writes, recognised by the names of its arguments.

Agents rename their tools freely, but the arguments are alike: a path with the whole text, with an
old and a new text, or with a list of such pairs; a patch; or a shell command.
"""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from xreview.domain.record import dataclass, field
from xreview.repo.attribution.json_fields import at, field_text, items_at

PATCH_BEGIN = "*** Begin Patch"
_PATCH_FILES = ("*** Add File: ", "*** Update File: ")
_PATCH_MOVE = "*** Move to: "
_PATHS = ("file_path", "filePath", "path", "target_file")
_WHOLE = ("content", "file_text", "contents")
_NEW = ("new_string", "newString", "new_str", "insert_text")
_OLD = ("old_string", "oldString", "old_str")
_PAIRS = ("edits", "changes")
_COMMANDS = ("command", "cmd")
_DEEPEST = 5  # levels of the arguments that are searched for a patch
_HERE_START = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w*)\1")
_HERE_TARGET = re.compile(
    r"(?:>{1,2}|\btee\s+(?:-a\s+)?)\s*('[^'\n]+'|\"[^\"\n]+\"|[^\s'\"&|;<>()]+)"
)


@dataclass(frozen=True, slots=True)
class Written:
    """Text written to a file and the text it replaces; neither is ever shown."""

    path: str
    added: str = field(repr=False)
    removed: str = field(default="", repr=False)


def written_by(arguments: object) -> Iterator[Written]:
    """What a call with these arguments writes; the arguments may be the text of a patch."""
    yield from _patched(arguments)
    if path := _first(arguments, _PATHS):
        if whole := _first(arguments, _WHOLE):
            yield Written(path, whole)
        for pair in (arguments, *(pair for name in _PAIRS for pair in items_at(arguments, name))):
            if new := _first(pair, _NEW):
                yield Written(path, new, _first(pair, _OLD))
    for name in _COMMANDS:
        for target, text in here_documents(_command_text(at(arguments, name))):
            yield Written(target, text)


def written_by_calls(value: object, *keys: str) -> Iterator[Written]:
    """What the `tool_use` parts in a list write (Anthropic's message format)."""
    for part in items_at(value, *keys):
        if at(part, "type") == "tool_use":
            yield from written_by(at(part, "input"))


def _command_text(command: object) -> str:
    if isinstance(command, list):
        return "\n".join(row for row in cast("list[object]", command) if isinstance(row, str))
    return command if isinstance(command, str) else ""


def _patched(value: object, depth: int = _DEEPEST) -> Iterator[Written]:
    if isinstance(value, str):
        if PATCH_BEGIN in value:
            for path, added in patched_files(value):
                yield Written(path, added)
    elif isinstance(value, dict) and depth:
        for inner in cast("Mapping[str, object]", value).values():
            yield from _patched(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in cast("list[object]", value):
            yield from _patched(inner, depth - 1)


def _first(value: object, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := field_text(value, name))), "")


def patched_files(text: str) -> Iterator[tuple[str, str]]:
    """Each path a patch of OpenAI's models adds lines to, with these lines.

    The patch may be surrounded by other text. It begins with `*** Begin Patch`; a file with
    `*** Add File: `, `*** Update File: ` (`*** Move to: ` may follow) or `*** Delete File: `;
    its lines with `+`, `-`, a space or `@@` (the apply_patch instructions in openai/codex).
    """
    path = ""
    rows: list[str] = []
    for row in text.partition(PATCH_BEGIN)[2].split("\n"):
        if row.startswith("+"):
            rows.append(row[1:])
        elif row.startswith(_PATCH_MOVE):
            path = row.removeprefix(_PATCH_MOVE).strip()
        elif row.startswith("*** ") and not row.startswith("*** End of File"):
            if path and rows:
                yield path, "\n".join(rows)
            mark = next((mark for mark in _PATCH_FILES if row.startswith(mark)), "")
            path, rows = row.removeprefix(mark).strip() if mark else "", []
    if path and rows:
        yield path, "\n".join(rows)


def added_by_file(diff: str) -> Iterator[tuple[str, str]]:
    """Each path a unified diff (diff(1)) adds lines to, with these lines; "" if it has no name."""
    path = ""
    rows: list[str] = []
    in_hunk = False
    for row in diff.split("\n"):
        if row.startswith("@@"):
            in_hunk = True
        elif row.startswith(("--- ", "diff ", "Index: ")):
            in_hunk = False
        elif not in_hunk and row.startswith("+++ "):
            if rows:
                yield path, "\n".join(rows)
            path, rows = row[4:].split("\t")[0].strip().removeprefix("b/"), []
        elif in_hunk and row.startswith("+"):
            rows.append(row[1:])
    if rows:
        yield path, "\n".join(rows)


def here_documents(command: str) -> Iterator[tuple[str, str]]:
    """Each path that a shell command writes a here-document to (sh(1), "Redirection"), with it."""
    rows = iter(command.split("\n"))
    for row in rows:
        start, target = _HERE_START.search(row), _HERE_TARGET.search(row)
        if start is None:
            continue
        text: list[str] = []
        for inner in rows:
            if inner.strip("\t") == start[2]:
                break
            text.append(inner)
        if target is not None:
            yield target[1].strip("'\""), "\n".join(text)
