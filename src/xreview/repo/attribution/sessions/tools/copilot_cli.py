"""Copilot CLI: `<home>/session-state/<session>/events.jsonl`, formerly `<session>.jsonl`.

`session.start` names the working folder and the first model, `session.model_change` a later one;
`tool.execution_start` has a tool's arguments and, in newer versions, the model. Read from 1.0.102
and authorship.md, section 5.
"""

from collections.abc import Iterator

from xreview.repo.attribution.json_fields import at, field_text
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.records import records
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.writes import written_by

_TOOL = "copilot-cli"
_MARKS = (b'"tool.execution_start"', b'"session.')
_PATTERNS = (("session-state", "*", "events.jsonl"), ("session-state", "*.jsonl"))


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Copilot CLI's transcripts; only their content tells the folder."""
    root = place.folder("COPILOT_HOME", ".copilot")
    for pattern in _PATTERNS:
        yield from find_transcripts(_TOOL, root, pattern, place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    model = folder = ""
    for record in records(transcript, _MARKS, place.bounds):
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
            writes = written_by(at(data, "arguments"))
            yield SessionStep(folder, model, record.get("timestamp"), writes)


TOOL = SessionTool(_TOOL, _transcripts, _steps)
