"""Codex: `<home>/sessions/YYYY/MM/DD/rollout-*.jsonl` and `archived_sessions/rollout-*.jsonl`.

Each line has a `type` and a `payload`: `session_meta` and `turn_context` name the working folder,
`turn_context` the model from there on; a patch is in a call's arguments, whose form varies with the
version (a tool of its own, or a shell command), and newer versions also list the changed files
(`FileChange`). Read from 0.169.0 and authorship.md, section 5.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from xreview.repo.attribution.json_fields import Record, at, field_text, json_object
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.records import records
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.writes import (
    PATCH_BEGIN,
    Written,
    added_by_file,
    written_by,
)

_TOOL = "codex"
_MARKS = (PATCH_BEGIN.encode(), b"<<", b'"FileChange"', b'"turn_context"', b'"session_meta"')
_PATTERNS = (
    ("sessions", "*", "*", "*", "rollout-*.jsonl"),
    ("archived_sessions", "rollout-*.jsonl"),
)
_CALLS = frozenset({"function_call", "custom_tool_call", "local_shell_call"})


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Codex's transcripts ("rollouts"); only their content tells the folder."""
    root = place.folder("CODEX_HOME", ".codex")
    for pattern in _PATTERNS:
        yield from find_transcripts(_TOOL, root, pattern, place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    model = folder = ""
    for record in records(transcript, _MARKS, place.bounds):
        payload = record.get("payload")
        if record.get("type") in ("session_meta", "turn_context"):
            folder = field_text(payload, "cwd") or folder
            model = field_text(payload, "model") or model
            if not place.holds(folder):
                return
        else:
            writes = _writes(record, payload)
            yield SessionStep(folder, model, record.get("timestamp"), writes)


def _writes(record: Record, payload: object) -> Iterator[Written]:
    if record.get("type") == "response_item" and at(payload, "type") in _CALLS:
        for name in ("input", "arguments", "action"):
            value = at(payload, name)
            inner = json_object(value) if isinstance(value, str) and value[:1] == "{" else None
            yield from written_by(inner or value)
    changes = at(payload, "item", "changes")
    if at(payload, "item", "type") == "FileChange" and isinstance(changes, dict):
        for path, change in cast("Mapping[str, object]", changes).items():
            target = field_text(change, "move_path") or path
            for _, added in added_by_file(field_text(change, "unified_diff")):
                yield Written(target, added)
            if at(change, "type") == "add":
                yield Written(target, field_text(change, "content"))


TOOL = SessionTool(_TOOL, _transcripts, _steps)
