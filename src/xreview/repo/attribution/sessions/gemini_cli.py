"""Gemini CLI: `<home>/.gemini/tmp/<project>/chats/session-*.jsonl`, `.json` before.

`<project>` is the SHA-256 of the working folder's path or a short name that `projects.json` lists.
A `gemini` record has a `model` and `toolCalls`; an older file is one document whose `messages` are
such records. Read from 0.61.0 and authorship.md, section 5.
"""

import hashlib
from collections.abc import Iterator

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.edit import Edit, moment
from xreview.repo.attribution.sessions.place import Place
from xreview.repo.attribution.sessions.reading import Reading
from xreview.repo.attribution.sessions.records import (
    at,
    document,
    fields,
    items_at,
    records,
    text_at,
)
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts

_MARKS = (b'"toolCalls"',)


class GeminiCli:
    """Gemini CLI's transcripts."""

    name = "gemini-cli"

    def transcripts(self, place: Place, reading: Reading) -> Iterator[Transcript]:
        """Those of the projects that are the worktree or a folder in it."""
        home = place.folder("GEMINI_CLI_HOME")
        root = home / ".gemini" if home else None
        projects = {_hash(name) for name in place.names}
        for index in find_transcripts(self.name, root, ("projects.json",), reading):
            listed = at(document(index, (b'"projects"',), reading), "projects")
            projects |= {
                name
                for folder in fields(listed)
                if place.holds(folder)
                if (name := text_at(listed, folder))
            }
        for project in sorted(projects):
            pattern = ("tmp", project, "chats", "session-*.json*")
            yield from find_transcripts(self.name, root, pattern, reading)

    def edits(self, transcript: Transcript, place: Place, reading: Reading) -> Iterator[Edit]:
        """What the tools that write were called with."""
        for message in _messages(transcript, reading):
            for call in items_at(message, "toolCalls"):
                when = moment(at(call, "timestamp") or at(message, "timestamp"))
                for change in written_by(at(call, "args")):
                    path = place.inside(change.path, place.top)
                    if path:
                        model = text_at(message, "model")
                        yield Edit(path, model, when, change.added, change.removed)


def _messages(transcript: Transcript, reading: Reading) -> Iterator[object]:
    if transcript.parts[-1].endswith(".jsonl"):
        yield from records(transcript, _MARKS, reading)
    else:
        yield from items_at(document(transcript, _MARKS, reading), "messages")


def _hash(folder: str) -> str:
    return hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()
