"""aider: `.aider.chat.history.md` in the worktree's top folder, or the file its variable names.

Markdown: `# aider chat started at <local time>` begins a session, `> Main model: <model> with …`
names its model, `#### ` begins what the user said, and the model's answers contain the edits in the
formats aider teaches (aider.chat/docs/more/edit-formats.html): blocks between `<<<<<<< SEARCH`,
`=======` and `>>>>>>> REPLACE` after a line with the file's name; whole files in a fence after such
a line; unified diffs in a fence of the language `diff`. Read from 0.86.2.

The file is in the repository, so it's only as trustworthy as the repository.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import (
    DOCUMENT_BYTES,
    Transcript,
    find_transcripts,
    opened,
)
from xreview.repo.attribution.sessions.writes import Written, added_by_file

_TOOL = "aider"
_NAME = ".aider.chat.history.md"
_VARIABLE = "AIDER_CHAT_HISTORY_FILE"
_SESSION = "# aider chat started at "
_MODEL = re.compile(r"> (?:Main model|Model): (\S{1,200})")
_SEARCH = re.compile(r"<{5,9} SEARCH\s*$")
_DIVIDER = re.compile(r"={5,9}\s*$")
_REPLACE = re.compile(r">{5,9} REPLACE\s*$")
_FENCE = re.compile(r"(`{3,}|~{3,})([\w+#.-]*)\s*$")
_LONGEST_NAME = 1000


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """aider's history of the worktree."""
    path = place.worktree / (place.environ.get(_VARIABLE) or _NAME)
    yield from find_transcripts(_TOOL, path.parent, (path.name,), place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    model = when = ""
    parser = AiderEdits()
    for row in _last_rows(transcript, place):
        if row.startswith(_SESSION):
            when = row.removeprefix(_SESSION).strip()
            parser = AiderEdits()
        elif found := _MODEL.match(row):
            model = found[1]
        yield SessionStep(place.top, model, when, parser.feed(row))


def _last_rows(transcript: Transcript, place: SessionLocations) -> list[str]:
    with opened(transcript, place.bounds) as file:
        if file is None:
            return []
        file.seek(max(0, transcript.size - DOCUMENT_BYTES))
        content = file.read(DOCUMENT_BYTES)
    place.bounds.spend(len(content))
    return content.decode("utf-8", "replace").split("\n")


class _Part(Enum):
    PROSE = auto()
    FENCE = auto()
    OLD = auto()
    NEW = auto()


class AiderEdits:
    """A parser that is fed a session's rows in order."""

    def __init__(self) -> None:
        self._part = _Part.PROSE
        self._name = ""
        self._fence = ""
        self._language = ""
        self._whole: list[str] = []
        self._old: list[str] = []
        self._new: list[str] = []

    def feed(self, row: str) -> Iterator[Written]:
        """The edits that this row completes."""
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


TOOL = SessionTool(_TOOL, _transcripts, _steps)
