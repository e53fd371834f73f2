"""Droid: `<home>/sessions/…/<session>.jsonl`, with the model in `<session>.settings.json`.

The line of the type `session_start` names the working folder; a `message` has in `message.content`
the calls of its tools. From authorship.md, section 5; not tried on the program itself.
"""

from collections.abc import Iterator

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.records import (
    at,
    field_text,
    items_at,
    records,
    whole_file_object,
)
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MARKS = (b'"session_start"', b'"tool_use"')


class DroidSessions:
    """Droid's transcripts."""

    name = "droid"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """All of them: the first line tells the folder."""
        root = place.folder("FACTORY_DIR", ".factory")
        for pattern in (("sessions", "*.jsonl"), ("sessions", "*", "*.jsonl")):
            yield from find_transcripts(self.name, root, pattern, reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with."""
        model = _model(transcript, reading)
        folder = ""
        for record in records(transcript, _MARKS, reading):
            if record.get("type") == "session_start":
                folder = field_text(record, "cwd")
                if not place.holds(folder):
                    return
                continue
            when = transcript_moment(record.get("timestamp"))
            for part in items_at(record, "message", "content"):
                if at(part, "type") != "tool_use":
                    continue
                for change in written_by(at(part, "input")):
                    path = place.inside(change.path, folder)
                    if path:
                        yield SessionEdit(path, model, when, change.added, change.removed)


def _model(transcript: Transcript, reading: SearchBounds) -> str:
    settings = transcript.parts[-1].removesuffix(".jsonl") + ".settings.json"
    pattern = (*transcript.parts[:-1], settings)
    for found in find_transcripts(transcript.tool, transcript.root, pattern, reading):
        return field_text(whole_file_object(found, (b'"model"',), reading), "model")
    return ""
