"""Gemini CLI: `<home>/.gemini/tmp/<project>/chats/session-*.jsonl`, `.json` before.

`<project>` is the SHA-256 of the working folder's path or a short name that `projects.json` lists.
A `gemini` record has a `model` and `toolCalls`; an older file is one document whose `messages` are
such records. Read from 0.61.0 and authorship.md, section 5.
"""

import hashlib
from collections.abc import Iterator

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.records import (
    at,
    field_text,
    fields,
    items_at,
    records,
    whole_file_object,
)
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MARKS = (b'"toolCalls"',)


class GeminiCliSessions:
    """Gemini CLI's transcripts."""

    name = "gemini-cli"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """Those of the projects that are the worktree or a folder in it."""
        home = place.folder("GEMINI_CLI_HOME")
        root = home / ".gemini" if home else None
        projects = {_hash(name) for name in place.names}
        for index in find_transcripts(self.name, root, ("projects.json",), reading):
            listed = at(whole_file_object(index, (b'"projects"',), reading), "projects")
            projects |= {
                name
                for folder in fields(listed)
                if place.holds(folder)
                if (name := field_text(listed, folder))
            }
        for project in sorted(projects):
            pattern = ("tmp", project, "chats", "session-*.json*")
            yield from find_transcripts(self.name, root, pattern, reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with."""
        for message in _messages(transcript, reading):
            for call in items_at(message, "toolCalls"):
                when = transcript_moment(at(call, "timestamp") or at(message, "timestamp"))
                for change in written_by(at(call, "args")):
                    path = place.inside(change.path, place.top)
                    if path:
                        model = field_text(message, "model")
                        yield SessionEdit(path, model, when, change.added, change.removed)


def _messages(transcript: Transcript, reading: SearchBounds) -> Iterator[object]:
    if transcript.parts[-1].endswith(".jsonl"):
        yield from records(transcript, _MARKS, reading)
    else:
        yield from items_at(whole_file_object(transcript, _MARKS, reading), "messages")


def _hash(folder: str) -> str:
    return hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()
