"""Edits as a model states them: a text to search for, and the text that replaces it."""

from collections.abc import Sequence
from dataclasses import dataclass

from xreview.domain.fixing.file_lines import FileLines, LineRange


@dataclass(frozen=True, slots=True)
class SearchEdit:
    """Replaces a text that occurs exactly once in a file.

    An empty `search` makes a new file. Lines are joined by line feeds in both, whatever the file's
    own line ends are. A file can be emptied but not removed.
    """

    path: str
    search: str
    replace: str


@dataclass(frozen=True, slots=True)
class SearchRefused:
    """Why an edit can't be made, to follow its number ("its `search` occurs 2 times in a.py")."""

    why: str


def search_replaced(content: bytes | None, edit: SearchEdit) -> bytes | SearchRefused:
    """The file after an edit; `content` is None if there's no file."""
    search, new = _unified(edit.search), _unified(edit.replace)
    if content is None:
        if search:
            return SearchRefused(f"there is no file {edit.path}; leave `search` empty to make one")
        return new.encode("utf-8", "surrogateescape")
    lines = FileLines.of(content)
    if not search:
        if content:
            return SearchRefused(f"{edit.path} exists; put the text to replace into `search`")
        return new.encode("utf-8", "surrogateescape")
    text = lines.text
    at = text.find(search)
    if at < 0:
        return SearchRefused(f"its `search` isn't in {edit.path}, character by character")
    if text.find(search, at + 1) >= 0:
        return SearchRefused(
            f"its `search` occurs more than once in {edit.path}; add lines around it"
        )
    return _with(lines, text, at, at + len(search), new).content


def apply_in_order(
    content: bytes | None, edits: Sequence[SearchEdit]
) -> tuple[bytes | None, list[tuple[int, str]]]:
    """The file after all edits, each on the result of those before it; and which can't be made, by
    index, with the reason."""
    refused: list[tuple[int, str]] = []
    for index, edit in enumerate(edits):
        after = search_replaced(content, edit)
        if isinstance(after, SearchRefused):
            refused.append((index, after.why))
        else:
            content = after
    return content, refused


def _with(lines: FileLines, text: str, start: int, end: int, new: str) -> FileLines:
    """The file with the characters from `start` to `end` replaced, as an edit of whole lines."""
    first = text.count("\n", 0, start)
    last = first + text.count("\n", start, end)
    head = text[text.rfind("\n", 0, start) + 1 : start]
    tail_end = text.find("\n", end)
    tail = text[end : tail_end if tail_end >= 0 else len(text)]
    return lines.replaced(LineRange(first, last + 1), f"{head}{new}{tail}".split("\n"))


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n")
