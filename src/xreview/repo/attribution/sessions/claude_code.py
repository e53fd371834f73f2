"""Claude Code: `<config>/projects/<working folder>/<session>.jsonl`, subagents one level deeper.

Each line is a record. An assistant's has `message.model` and in `message.content` the calls of its
tools; a user's may have in `toolUseResult.structuredPatch` the hunks of what an edit did. Read
from 2.1.197 and from the field names in authorship.md, section 5; its makers call it internal.
"""

import re
from collections.abc import Iterator

from xreview.repo.attribution.sessions.arguments import Written, written_by
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.records import Record, at, field_text, items_at, records
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MARKS = (b'Edit"', b'"Write"', b'"structuredPatch"', b"<<")
_SYNTHETIC = "<synthetic>"
_UNSAFE = re.compile(r"[^A-Za-z0-9]")
_WHOLE_NAME = 200  # a longer folder name is cut there and gets a hash
_LEVELS = (("*.jsonl",), ("*", "subagents", "*.jsonl"))


class ClaudeCodeSessions:
    """Claude Code's transcripts."""

    name = "claude-code"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """Those in the folders that are named after the worktree or a folder in it."""
        root = place.folder("CLAUDE_CONFIG_DIR", ".claude")
        named = place.environ.get("CLAUDE_CODE_PROJECT_DIR_NAME", "")
        folders = [folder for name in place.names for folder in _folders(name)]
        for folder in dict.fromkeys([*folders, *([named] if named else ())]):
            for level in _LEVELS:
                yield from find_transcripts(self.name, root, ("projects", folder, *level), reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with, and the lines an edit really made."""
        model = ""
        for record in records(transcript, _MARKS, reading):
            folder, when = field_text(record, "cwd"), transcript_moment(record.get("timestamp"))
            if record.get("type") == "assistant":
                named = field_text(record, "message", "model")
                model = model if named in ("", _SYNTHETIC) else named
                found = _called(record)
            else:
                found = _done(record)
            for change in found:
                path = place.inside(change.path, folder)
                if path:
                    yield SessionEdit(path, model, when, change.added, change.removed)


def _folders(worktree: str) -> tuple[str, ...]:
    """What the folders of sessions in the worktree, and in folders of it, are called."""
    name = _UNSAFE.sub("-", worktree)
    if len(name) >= _WHOLE_NAME:
        return (f"{name[:_WHOLE_NAME]}*",)
    return name, f"{name}-*"


def _called(record: Record) -> Iterator[Written]:
    for part in items_at(record, "message", "content"):
        if at(part, "type") == "tool_use":
            yield from written_by(at(part, "input"))


def _done(record: Record) -> Iterator[Written]:
    """Whole lines, where the call named only the parts of them that it changed."""
    result = record.get("toolUseResult")
    rows = [
        row[1:]
        for hunk in items_at(result, "structuredPatch")
        for row in items_at(hunk, "lines")
        if isinstance(row, str) and row.startswith("+")
    ]
    if rows:
        yield Written(field_text(result, "filePath"), "\n".join(rows))
