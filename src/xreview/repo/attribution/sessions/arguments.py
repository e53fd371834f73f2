"""What a call of an agent's tool writes, told by the names of its arguments.

Every agent names its tools differently and renames them, but the arguments are alike: a path, with
a whole text, or an old and a new one, or a list of such pairs; or a patch; or a shell command. A
call that only reads has none of the texts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from xreview.repo.attribution.sessions.apply_patch import BEGIN, patched_files
from xreview.repo.attribution.sessions.heredoc import here_documents
from xreview.repo.attribution.sessions.records import field_text, items_at, lines_at

_PATHS = ("file_path", "filePath", "path", "target_file")
_WHOLE = ("content", "file_text", "contents")
_NEW = ("new_string", "newString", "new_str", "insert_text")
_OLD = ("old_string", "oldString", "old_str")
_PAIRS = ("edits", "changes")
_COMMANDS = ("command", "cmd")
_DEEPEST = 5
"""How deep in the arguments a patch is looked for."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text that a call writes to a file, and the text it replaces; neither is ever shown."""

    path: str
    added: str = field(repr=False)
    removed: str = field(default="", repr=False)


def written_by(arguments: object) -> Iterator[Written]:
    """What a call with these arguments writes; they may be the text of a patch."""
    yield from _patched(arguments)
    path = _first(arguments, _PATHS)
    if path:
        yield from _to_one_file(path, arguments)
    for name in _COMMANDS:
        for target, text in here_documents(lines_at(arguments, name)):
            yield Written(target, text)


def _to_one_file(path: str, arguments: object) -> Iterator[Written]:
    whole = _first(arguments, _WHOLE)
    if whole:
        yield Written(path, whole)
    for pair in (arguments, *(pair for name in _PAIRS for pair in items_at(arguments, name))):
        new = _first(pair, _NEW)
        if new:
            yield Written(path, new, _first(pair, _OLD))


def _patched(value: object, depth: int = _DEEPEST) -> Iterator[Written]:
    if isinstance(value, str):
        if BEGIN in value:
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
