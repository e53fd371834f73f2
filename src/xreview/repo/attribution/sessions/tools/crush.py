"""Crush: `.crush/crush.db` in the worktree, SQLite with `messages`.

A message has a `model` and, as JSON in `parts`, its tool calls: `{"type": "tool_call", "data":
{"name", "input"}}`, where `input` is JSON text. Times are seconds since the epoch. From the schema
in charmbracelet/crush and authorship.md, section 5; not tested with the program itself.

The file is in the repository, so it's only as trustworthy as the repository.
"""

from collections.abc import Iterator

from xreview.repo.attribution.json_fields import at, field_text, items_at, json_object
from xreview.repo.attribution.sessions.database import find_databases, opened_database
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import LINE_BYTES, Transcript
from xreview.repo.attribution.sessions.writes import Written, written_by

_TOOL = "crush"
_MESSAGES = (
    "SELECT model, created_at, parts FROM messages WHERE length(parts) <= ? "
    "AND instr(parts, '\"tool_call\"') ORDER BY created_at"
)


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Crush's database in the worktree."""
    yield from find_databases(_TOOL, place.worktree, (".crush", "crush.db"), place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    with opened_database(transcript, ("messages",), place.bounds) as database:
        if database is None:
            return
        for model, when, parts in database.rows(_MESSAGES, (LINE_BYTES,)):
            writes = _writes(json_object(f'{{"parts": {parts}}}'))
            yield SessionStep(place.top, model if isinstance(model, str) else "", when, writes)


def _writes(message: object) -> Iterator[Written]:
    for part in items_at(message, "parts"):
        if at(part, "type") == "tool_call":
            yield from written_by(json_object(field_text(part, "data", "input")))


TOOL = SessionTool(_TOOL, _transcripts, _steps)
