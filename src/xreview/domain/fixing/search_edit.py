"""Edits as a model states them: a text to search for, and the text that replaces it."""

from collections.abc import Sequence

from xreview.domain.fixing.kept_lines import KeptLines, LineRange, new_endings
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class SearchEdit:
    """Replaces a text that occurs exactly once in a file.

    An empty `search` makes a new file. Lines are joined by line feeds in both, whatever the file's
    own line ends are. A file can be emptied but not removed.
    """

    path: str
    search: str
    replace: str


class _EditedFile:
    """A file while it is edited: its text with line feeds, and the ending of each line."""

    def __init__(self, content: bytes) -> None:
        lines = KeptLines.of(content)
        self.text = lines.text
        self._endings = list(lines.endings)
        self._mark = lines.mark

    @property
    def content(self) -> bytes:
        """What it is now."""
        return KeptLines(tuple(self.text.split("\n")), tuple(self._endings), self._mark).content

    def replace(self, start: int, end: int, new: str) -> None:
        """Replace the characters from `start` to `end`."""
        first = self.text.count("\n", 0, start)
        place = LineRange(first, first + self.text.count("\n", start, end) + 1)
        endings = new_endings(self._endings, place, new.count("\n") + 1)
        self._endings[place.start : place.end] = endings
        self.text = self.text[:start] + new + self.text[end:]


def apply_in_order(
    content: bytes | None, edits: Sequence[SearchEdit]
) -> tuple[bytes | None, list[tuple[int, str]]]:
    """The file after all edits, each on the result of those before it; and which can't be made, by
    index, each with the reason to follow its number. None is no file."""
    file = None if content is None else _EditedFile(content)
    refused: list[tuple[int, str]] = []
    for index, edit in enumerate(edits):
        file, why = _after(file, edit)
        if why:
            refused.append((index, why))
    return file.content if file else None, refused


def _after(file: _EditedFile | None, edit: SearchEdit) -> tuple[_EditedFile | None, str]:
    """The file after an edit, or unchanged with the reason."""
    path, search, new = edit.path, _unified(edit.search), _unified(edit.replace)
    if not search:
        if file is not None and file.text:
            return file, f"{path} exists; put the text to replace into `search`"
        return _EditedFile(new.encode("utf-8", "surrogateescape")), ""
    if file is None:
        return None, f"there is no file {path}; leave `search` empty to make one"
    at = file.text.find(search)
    if at < 0:
        return file, f"its `search` isn't in {path}, character by character"
    if file.text.find(search, at + 1) >= 0:
        return file, f"its `search` occurs more than once in {path}; add lines around it"
    file.replace(at, at + len(search), new)
    return file, ""


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n")
