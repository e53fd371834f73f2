"""Copilot CLI: `<home>/session-state/<session>/events.jsonl`, `<session>.jsonl` before.

`session.start` names the working folder and the first model, `session.model_change` a later one;
`tool.execution_start` has a tool's arguments and, in newer versions, the model itself. Read from
1.0.102 and authorship.md, section 5.
"""

from collections.abc import Iterator

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.records import at, field_text, records
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MARKS = (b'"tool.execution_start"', b'"session.')
_PATTERNS = (("session-state", "*", "events.jsonl"), ("session-state", "*.jsonl"))


class CopilotCliSessions:
    """Copilot CLI's transcripts."""

    name = "copilot-cli"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """All of them: their names tell no folder, so the first line has to."""
        root = place.folder("COPILOT_HOME", ".copilot")
        for pattern in _PATTERNS:
            yield from find_transcripts(self.name, root, pattern, reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with."""
        model = folder = ""
        for record in records(transcript, _MARKS, reading):
            data = record.get("data")
            if record.get("type") in ("session.start", "session.resume"):
                folder = field_text(data, "context", "cwd") or folder
                model = field_text(data, "selectedModel") or model
                if not place.holds(folder):
                    return
            elif record.get("type") == "session.model_change":
                model = field_text(data, "newModel") or model
            elif record.get("type") == "tool.execution_start":
                model = field_text(data, "model") or model
                when = transcript_moment(record.get("timestamp"))
                for change in written_by(at(data, "arguments")):
                    path = place.inside(change.path, folder)
                    if path:
                        yield SessionEdit(path, model, when, change.added, change.removed)
