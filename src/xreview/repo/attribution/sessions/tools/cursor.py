"""Cursor's command-line agent: `~/.cursor/chats/<MD5 of the folder>/<session>/store.db`, SQLite.

`blobs` holds messages as JSON beside binary state; an assistant's has
`providerOptions.cursor.modelName` and, in `content`, parts of the type `tool-call` with `toolName`
and `args`. From authorship.md, section 5; not tested with the program itself. The editor's own
sessions aren't read.
"""

import hashlib
from collections.abc import Iterator

from xreview.repo.attribution.json_fields import at, field_text, items_at, json_object
from xreview.repo.attribution.sessions.database import find_databases, opened_database
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import LINE_BYTES, Transcript
from xreview.repo.attribution.sessions.writes import written_by

_TOOL = "cursor"
_CALLS = (
    "SELECT CAST(data AS TEXT) FROM blobs WHERE length(data) <= ? AND instr(data, 'tool-call') "
    "ORDER BY rowid"
)


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """The chats of Cursor's command-line agent in the worktree's top folder."""
    root = place.folder("", ".cursor")
    for name in place.names:
        bucket = hashlib.md5(name.encode("utf-8", "surrogateescape"), usedforsecurity=False)
        pattern = ("chats", bucket.hexdigest(), "*", "store.db")
        yield from find_databases(_TOOL, root, pattern, place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    with opened_database(transcript, ("blobs",), place.bounds) as database:
        if database is None:
            return
        for (data,) in database.rows(_CALLS, (LINE_BYTES,)):
            message = json_object(str(data))
            model = field_text(message, "providerOptions", "cursor", "modelName")
            for part in items_at(message, "content"):
                writes = written_by(at(part, "args"))
                yield SessionStep(place.top, model, at(message, "createdAt"), writes)


TOOL = SessionTool(_TOOL, _transcripts, _steps)
