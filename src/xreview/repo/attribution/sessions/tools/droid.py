"""Droid: `<home>/sessions/…/<session>.jsonl`, with the model in `<session>.settings.json`.

A `session_start` line names the working folder; a `message` has its tool calls in
`message.content`. From authorship.md, section 5; not tested with the program itself.
"""

from collections.abc import Iterator

from xreview.repo.attribution.json_fields import field_text
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.records import records, whole_file_object
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.writes import written_by_calls

_TOOL = "droid"
_MARKS = (b'"session_start"', b'"tool_use"')


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Droid's transcripts; only their first line tells the folder."""
    root = place.folder("FACTORY_DIR", ".factory")
    for pattern in (("sessions", "*.jsonl"), ("sessions", "*", "*.jsonl")):
        yield from find_transcripts(_TOOL, root, pattern, place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    model = _model(transcript, place)
    folder = ""
    for record in records(transcript, _MARKS, place.bounds):
        if record.get("type") == "session_start":
            folder = field_text(record, "cwd")
            if not place.holds(folder):
                return
        else:
            writes = written_by_calls(record, "message", "content")
            yield SessionStep(folder, model, record.get("timestamp"), writes)


def _model(transcript: Transcript, place: SessionLocations) -> str:
    settings = transcript.parts[-1].removesuffix(".jsonl") + ".settings.json"
    pattern = (*transcript.parts[:-1], settings)
    for found in find_transcripts(transcript.tool, transcript.root, pattern, place.bounds):
        return field_text(whole_file_object(found, (b'"model"',), place.bounds), "model")
    return ""


TOOL = SessionTool(_TOOL, _transcripts, _steps)
