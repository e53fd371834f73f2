"""Qwen Code: `<home>/projects/<working folder>/chats/<session>.jsonl`.

Each line is a record with `cwd`; an assistant's has a `model` and in `message.parts` the calls of
its tools. Read from 0.15.10.
"""

import re
from collections.abc import Iterator

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.edit import Edit, moment
from xreview.repo.attribution.sessions.place import Place
from xreview.repo.attribution.sessions.reading import Reading
from xreview.repo.attribution.sessions.records import at, items_at, records, text_at
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MARKS = (b'"functionCall"',)
_UNSAFE = re.compile(r"[^A-Za-z0-9]")


class QwenCode:
    """Qwen Code's transcripts."""

    name = "qwen-code"

    def transcripts(self, place: Place, reading: Reading) -> Iterator[Transcript]:
        """Those in the folders that are named after the worktree or a folder in it."""
        root = place.folder("QWEN_HOME", ".qwen")
        for name in place.names:
            folder = _UNSAFE.sub("-", name)
            for pattern in (folder, f"{folder}-*"):
                chats = ("projects", pattern, "chats", "*.jsonl")
                yield from find_transcripts(self.name, root, chats, reading)

    def edits(self, transcript: Transcript, place: Place, reading: Reading) -> Iterator[Edit]:
        """What the tools that write were called with."""
        for record in records(transcript, _MARKS, reading):
            when, model = moment(record.get("timestamp")), text_at(record, "model")
            for part in items_at(record, "message", "parts"):
                for change in written_by(at(part, "functionCall", "args")):
                    path = place.inside(change.path, text_at(record, "cwd"))
                    if path:
                        yield Edit(path, model, when, change.added, change.removed)
