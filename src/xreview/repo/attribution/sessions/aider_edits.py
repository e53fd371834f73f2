"""The edits in what aider's models write, in the formats that it teaches them.

Blocks between `<<<<<<< SEARCH`, `=======` and `>>>>>>> REPLACE` behind a line with the file's name;
whole files in a fence behind such a line; unified diffs in a fence of the language `diff`
(aider.chat/docs/more/edit-formats.html).
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from xreview.repo.attribution.sessions.arguments import Written
from xreview.repo.attribution.sessions.unified import added_by_file

_SEARCH = re.compile(r"<{5,9} SEARCH\s*$")
_DIVIDER = re.compile(r"={5,9}\s*$")
_REPLACE = re.compile(r">{5,9} REPLACE\s*$")
_FENCE = re.compile(r"(`{3,}|~{3,})([\w+#.-]*)\s*$")
_LONGEST_NAME = 1000


class _Part(Enum):
    PROSE = auto()
    FENCE = auto()
    OLD = auto()
    NEW = auto()


class AiderEdits:
    """Takes the rows of a session one after the other."""

    def __init__(self) -> None:
        self._part = _Part.PROSE
        self._name = ""
        self._fence = ""
        self._language = ""
        self._whole: list[str] = []
        self._old: list[str] = []
        self._new: list[str] = []

    def feed(self, row: str) -> Iterator[Written]:
        """What is complete with this row."""
        if self._part is _Part.PROSE:
            self._prose(row)
        elif self._part is _Part.FENCE:
            yield from self._in_fence(row)
        elif self._part is _Part.OLD:
            if _DIVIDER.match(row):
                self._part = _Part.NEW
            else:
                self._old.append(row)
        elif _REPLACE.match(row):
            yield Written(self._name, "\n".join(self._new), "\n".join(self._old))
            self._part = _Part.FENCE if self._fence else _Part.PROSE
        else:
            self._new.append(row)

    def _prose(self, row: str) -> None:
        fence = _FENCE.match(row)
        if _SEARCH.match(row):
            self._begin_block()
        elif fence:
            self._part = _Part.FENCE
            self._fence, self._language = fence[1], fence[2]
            self._whole = []
        elif row.startswith(("> ", "#### ")):
            self._name = ""
        elif row.strip():
            self._name = row.strip().strip("*`#: ")[:_LONGEST_NAME]

    def _in_fence(self, row: str) -> Iterator[Written]:
        if row.rstrip() == self._fence:
            text = "\n".join(self._whole)
            if self._language == "diff":
                for name, added in added_by_file(text):
                    yield Written(name, added)
            elif self._whole and self._name:
                yield Written(self._name, text)
            self._part, self._fence = _Part.PROSE, ""
        elif _SEARCH.match(row):
            self._whole = []
            self._begin_block()
        else:
            self._whole.append(row)

    def _begin_block(self) -> None:
        self._part = _Part.OLD
        self._old, self._new = [], []
