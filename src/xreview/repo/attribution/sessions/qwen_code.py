"""Qwen Code: `<home>/projects/<working folder>/chats/<session>.jsonl`.

Each line is a record with `cwd`; an assistant's has a `model` and in `message.parts` the calls of
its tools. Read from 0.15.10.
"""

import re
from collections.abc import Iterator

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.records import at, field_text, items_at, records
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MARKS = (b'"functionCall"',)
_UNSAFE = re.compile(r"[^A-Za-z0-9]")


class QwenCodeSessions:
    """Qwen Code's transcripts."""

    name = "qwen-code"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """Those in the folders that are named after the worktree or a folder in it."""
        root = place.folder("QWEN_HOME", ".qwen")
        for name in place.names:
            folder = _UNSAFE.sub("-", name)
            for pattern in (folder, f"{folder}-*"):
                chats = ("projects", pattern, "chats", "*.jsonl")
                yield from find_transcripts(self.name, root, chats, reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with."""
        for record in records(transcript, _MARKS, reading):
            when, model = transcript_moment(record.get("timestamp")), field_text(record, "model")
            for part in items_at(record, "message", "parts"):
                for change in written_by(at(part, "functionCall", "args")):
                    path = place.inside(change.path, field_text(record, "cwd"))
                    if path:
                        yield SessionEdit(path, model, when, change.added, change.removed)
