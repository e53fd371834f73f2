"""Codex: `<home>/sessions/YYYY/MM/DD/rollout-*.jsonl` and `archived_sessions/rollout-*.jsonl`.

Each line has a `type` and a `payload`: `session_meta` and `turn_context` name the working folder,
`turn_context` the model from there on; a patch is in the arguments of a call, whose form varies
with the version (a tool of its own, or a shell command), and newer ones also list the changed files
(`FileChange`). Read from 0.169.0 and authorship.md, section 5.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from xreview.repo.attribution.sessions.apply_patch import BEGIN
from xreview.repo.attribution.sessions.arguments import Written, written_by
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.records import Record, at, field_text, json_object, records
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.unified import added_by_file

_MARKS = (BEGIN.encode(), b"<<", b'"FileChange"', b'"turn_context"', b'"session_meta"')
_PATTERNS = (
    ("sessions", "*", "*", "*", "rollout-*.jsonl"),
    ("archived_sessions", "rollout-*.jsonl"),
)
_CALLS = frozenset({"function_call", "custom_tool_call", "local_shell_call"})


class CodexSessions:
    """Codex's transcripts, called rollouts."""

    name = "codex"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """All of them: their names tell no folder, so the first line has to."""
        root = place.folder("CODEX_HOME", ".codex")
        for pattern in _PATTERNS:
            yield from find_transcripts(self.name, root, pattern, reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What patches and here-documents add."""
        model = folder = ""
        for record in records(transcript, _MARKS, reading):
            payload = record.get("payload")
            if record.get("type") in ("session_meta", "turn_context"):
                folder = field_text(payload, "cwd") or folder
                model = field_text(payload, "model") or model
                if not place.holds(folder):
                    return
                continue
            when = transcript_moment(record.get("timestamp"))
            for change in _changes(record, payload):
                path = place.inside(change.path, folder)
                if path:
                    yield SessionEdit(path, model, when, change.added, change.removed)


def _changes(record: Record, payload: object) -> Iterator[Written]:
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
