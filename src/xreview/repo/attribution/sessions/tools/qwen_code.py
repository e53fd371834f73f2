"""Qwen Code: `<home>/projects/<working folder>/chats/<session>.jsonl`.

Each line is a record with `cwd`; an assistant's has a `model` and its tool calls in
`message.parts`. Read from 0.15.10.
"""

import re
from collections.abc import Iterator

from xreview.repo.attribution.json_fields import at, field_text, items_at
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.records import records
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.writes import written_by

_TOOL = "qwen-code"
_MARKS = (b'"functionCall"',)
_UNSAFE = re.compile(r"[^A-Za-z0-9]")


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Qwen Code's transcripts, in folders named after the working folder."""
    root = place.folder("QWEN_HOME", ".qwen")
    for name in place.names:
        folder = _UNSAFE.sub("-", name)
        for pattern in (folder, f"{folder}-*"):
            chats = ("projects", pattern, "chats", "*.jsonl")
            yield from find_transcripts(_TOOL, root, chats, place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    for record in records(transcript, _MARKS, place.bounds):
        folder, model = field_text(record, "cwd"), field_text(record, "model")
        for part in items_at(record, "message", "parts"):
            writes = written_by(at(part, "functionCall", "args"))
            yield SessionStep(folder, model, record.get("timestamp"), writes)


TOOL = SessionTool(_TOOL, _transcripts, _steps)
