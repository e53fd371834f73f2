"""Crush: `.crush/crush.db` in the worktree, SQLite with `messages`.

A message has a `model` and in `parts`, JSON, its tool calls as `{"type": "tool_call", "data":
{"name", "input"}}`, the input being JSON text. Times are seconds since the epoch. From the schema
in charmbracelet/crush and authorship.md, section 5; not tried on the program itself.

The file lies in the repository, so what it says is worth what the repository is worth.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.database import modified_with_log, opened_database
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import LINE_BYTES, SearchBounds
from xreview.repo.attribution.sessions.records import at, field_text, items_at, json_object
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MESSAGES = (
    "SELECT model, created_at, parts FROM messages WHERE length(parts) <= ? "
    "AND instr(parts, '\"tool_call\"') ORDER BY created_at"
)


class CrushSessions:
    """Crush's database."""

    name = "crush"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """The worktree's own database."""
        pattern = (".crush", "crush.db")
        for transcript in find_transcripts(self.name, place.worktree, pattern, reading):
            yield replace(transcript, modified=modified_with_log(transcript))

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with."""
        with opened_database(transcript, ("messages",), reading) as database:
            if database is None:
                return
            for model, when, parts in database.rows(_MESSAGES, (LINE_BYTES,)):
                wrapped = json_object(f'{{"parts": {parts}}}')
                for part in items_at(wrapped, "parts"):
                    arguments = json_object(field_text(part, "data", "input"))
                    if at(part, "type") != "tool_call" or arguments is None:
                        continue
                    for change in written_by(arguments):
                        path = place.inside(change.path, place.top)
                        if path:
                            name = cast("str", model or "")
                            yield SessionEdit(
                                path, name, transcript_moment(when), change.added, change.removed
                            )
