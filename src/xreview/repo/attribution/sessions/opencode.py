"""OpenCode: `<data>/opencode/opencode.db`, SQLite with `session`, `message` and `part`.

A session has its working folder in `directory`; `message.data` and `part.data` are JSON: a
message's `modelID`, and of a part of the type `tool` the `state.input` of the call. Times are
milliseconds since the epoch. Read from 1.18.33.
"""

from collections.abc import Iterator
from dataclasses import replace

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.database import modified_with_log, opened_database
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import LINE_BYTES, SearchBounds
from xreview.repo.attribution.sessions.records import at, field_text, json_object
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_TABLES = ("session", "message", "part")
_SESSIONS = "SELECT id, directory FROM session ORDER BY time_updated"
_MODELS = (
    "SELECT id, data FROM message WHERE session_id = ? AND length(data) <= ? "
    "AND instr(data, '\"modelID\"')"
)
_PARTS = (
    "SELECT message_id, time_created, data FROM part WHERE session_id = ? AND length(data) <= ? "
    "AND instr(data, '\"tool\"') ORDER BY id"
)


class OpenCodeSessions:
    """OpenCode's database."""

    name = "opencode"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """The one database, or those of several channels."""
        named = place.folder("OPENCODE_DB") if place.environ.get("OPENCODE_DB") else None
        root = named.parent if named else place.data_folder(self.name)
        pattern = named.name if named else "opencode*.db"
        for transcript in find_transcripts(self.name, root, (pattern,), reading):
            yield replace(transcript, modified=modified_with_log(transcript))

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with, in sessions in the worktree."""
        with opened_database(transcript, _TABLES, reading) as database:
            if database is None:
                return
            for session, folder in list(database.rows(_SESSIONS)):
                if not isinstance(folder, str) or not place.holds(folder):
                    continue
                models = {
                    message: field_text(json_object(str(data)), "modelID")
                    for message, data in database.rows(_MODELS, (session, LINE_BYTES))
                }
                for message, when, data in database.rows(_PARTS, (session, LINE_BYTES)):
                    part = json_object(str(data))
                    for change in written_by(at(part, "state", "input")):
                        path = place.inside(change.path, folder)
                        if path:
                            model = models.get(message, "")
                            yield SessionEdit(
                                path, model, transcript_moment(when), change.added, change.removed
                            )
