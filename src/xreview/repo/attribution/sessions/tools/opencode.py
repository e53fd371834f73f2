"""OpenCode: `<data>/opencode/opencode.db`, SQLite with `session`, `message` and `part`.

A session has its working folder in `directory`; `message.data` and `part.data` are JSON: a
message's `modelID`, and in a part of the type `tool` the call's `state.input`. Times are
milliseconds since the epoch. Read from 1.18.33.
"""

from collections.abc import Iterator

from xreview.repo.attribution.json_fields import at, field_text, json_object
from xreview.repo.attribution.sessions.database import find_databases, opened_database
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import LINE_BYTES, Transcript
from xreview.repo.attribution.sessions.writes import written_by

_TOOL = "opencode"
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


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """OpenCode's database, or one for each release channel."""
    named = place.folder("OPENCODE_DB") if place.environ.get("OPENCODE_DB") else None
    root = named.parent if named else place.data_folder(_TOOL)
    pattern = named.name if named else "opencode*.db"
    yield from find_databases(_TOOL, root, (pattern,), place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    with opened_database(transcript, _TABLES, place.bounds) as database:
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
                writes = written_by(at(json_object(str(data)), "state", "input"))
                yield SessionStep(folder, models.get(message, ""), when, writes)


TOOL = SessionTool(_TOOL, _transcripts, _steps)
