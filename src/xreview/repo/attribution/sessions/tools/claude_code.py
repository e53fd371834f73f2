"""Claude Code: `<config>/projects/<working folder>/<session>.jsonl`, subagents one level deeper.

Each line is a record. An assistant's has `message.model` and its tool calls in `message.content`; a
user's can have the hunks of an edit in `toolUseResult.structuredPatch`. Read from 2.1.197 and the
field names in authorship.md, section 5; its vendor calls the format internal.
"""

import re
from collections.abc import Iterator

from xreview.repo.attribution.json_fields import Record, field_text, items_at
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.records import records
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.writes import Written, written_by_calls

_TOOL = "claude-code"
_MARKS = (b'Edit"', b'"Write"', b'"structuredPatch"', b"<<")
_SYNTHETIC = "<synthetic>"
_UNSAFE = re.compile(r"[^A-Za-z0-9]")
_WHOLE_NAME = 200  # a longer folder name is cut there and gets a hash
_LEVELS = (("*.jsonl",), ("*", "subagents", "*.jsonl"))


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Claude Code's transcripts, in folders named after the working folder."""
    root = place.folder("CLAUDE_CONFIG_DIR", ".claude")
    named = place.environ.get("CLAUDE_CODE_PROJECT_DIR_NAME", "")
    folders = [folder for name in place.names for folder in _folders(name)]
    for folder in dict.fromkeys([*folders, *([named] if named else ())]):
        for level in _LEVELS:
            yield from find_transcripts(_TOOL, root, ("projects", folder, *level), place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    model = ""
    for record in records(transcript, _MARKS, place.bounds):
        if record.get("type") == "assistant":
            named = field_text(record, "message", "model")
            model = model if named in ("", _SYNTHETIC) else named
            writes = written_by_calls(record, "message", "content")
        else:
            writes = _patched(record)
        yield SessionStep(field_text(record, "cwd"), model, record.get("timestamp"), writes)


def _folders(worktree: str) -> tuple[str, ...]:
    """The names of the session folders of the worktree and of folders in it."""
    name = _UNSAFE.sub("-", worktree)
    if len(name) >= _WHOLE_NAME:
        return (f"{name[:_WHOLE_NAME]}*",)
    return name, f"{name}-*"


def _patched(record: Record) -> Iterator[Written]:
    """Whole lines, for calls that named only the changed parts."""
    result = record.get("toolUseResult")
    rows = [
        row[1:]
        for hunk in items_at(result, "structuredPatch")
        for row in items_at(hunk, "lines")
        if isinstance(row, str) and row.startswith("+")
    ]
    if rows:
        yield Written(field_text(result, "filePath"), "\n".join(rows))


TOOL = SessionTool(_TOOL, _transcripts, _steps)
