"""aider: `.aider.chat.history.md` in the worktree's top folder, or where its variable says.

Markdown: `# aider chat started at <local time>` begins a session, `> Main model: <model> with …`
names its model, `#### ` begins what the user said, and what the model wrote holds the edits
(`aider_edits`). Read from 0.86.2.

The file lies in the repository, so what it says is worth what the repository is worth.
"""

import re
from collections.abc import Iterator

from xreview.repo.attribution.sessions.aider_edits import AiderEdits
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import DOCUMENT_BYTES, SearchBounds
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts, opened

_NAME = ".aider.chat.history.md"
_VARIABLE = "AIDER_CHAT_HISTORY_FILE"
_SESSION = "# aider chat started at "
_MODEL = re.compile(r"> (?:Main model|Model): (\S{1,200})")


class AiderSessions:
    """aider's history of the worktree."""

    name = "aider"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """The one file."""
        path = place.worktree / (place.environ.get(_VARIABLE) or _NAME)
        yield from find_transcripts(self.name, path.parent, (path.name,), reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the models' answers write; of a long history the end is read."""
        model = when = ""
        parser = AiderEdits()
        for row in _last_rows(transcript, reading):
            if row.startswith(_SESSION):
                when = transcript_moment(row.removeprefix(_SESSION).strip())
                parser = AiderEdits()
            elif row.startswith("> "):
                found = _MODEL.match(row)
                model = found[1] if found else model
            for change in parser.feed(row):
                path = place.inside(change.path, place.top)
                if path:
                    yield SessionEdit(path, model, when, change.added, change.removed)


def _last_rows(transcript: Transcript, reading: SearchBounds) -> list[str]:
    with opened(transcript, reading) as file:
        if file is None:
            return []
        file.seek(max(0, transcript.size - DOCUMENT_BYTES))
        content = file.read(DOCUMENT_BYTES)
    reading.spend(len(content))
    return content.decode("utf-8", "replace").split("\n")
