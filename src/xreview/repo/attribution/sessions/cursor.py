"""Cursor's command-line agent: `~/.cursor/chats/<MD5 of the folder>/<session>/store.db`, SQLite.

`blobs` holds messages as JSON beside binary state; an assistant's has
`providerOptions.cursor.modelName` and in `content` parts of the type `tool-call` with `toolName`
and `args`. From authorship.md, section 5; not tried on the program itself. What the editor keeps
of itself is not read.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.database import modified_with_log, opened_database
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import LINE_BYTES, SearchBounds
from xreview.repo.attribution.sessions.records import at, field_text, items_at, json_object
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_CALLS = (
    "SELECT CAST(data AS TEXT) FROM blobs WHERE length(data) <= ? AND instr(data, 'tool-call') "
    "ORDER BY rowid"
)


class CursorSessions:
    """The chats of Cursor's command-line agent."""

    name = "cursor"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """Those of the worktree itself; a folder in it has a name that can't be told."""
        root = place.folder("", ".cursor")
        for name in place.names:
            bucket = hashlib.md5(name.encode("utf-8", "surrogateescape"), usedforsecurity=False)
            pattern = ("chats", bucket.hexdigest(), "*", "store.db")
            for transcript in find_transcripts(self.name, root, pattern, reading):
                yield replace(transcript, modified=modified_with_log(transcript))

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with."""
        with opened_database(transcript, ("blobs",), reading) as database:
            if database is None:
                return
            for (data,) in database.rows(_CALLS, (LINE_BYTES,)):
                message = json_object(str(data))
                model = field_text(message, "providerOptions", "cursor", "modelName")
                when = transcript_moment(at(message, "createdAt"))
                for part in items_at(message, "content"):
                    for change in written_by(at(part, "args")):
                        path = place.inside(change.path, place.top)
                        if path:
                            yield SessionEdit(path, model, when, change.added, change.removed)
