"""Gemini CLI: `<home>/.gemini/tmp/<project>/chats/session-*.jsonl`, formerly `.json`.

`<project>` is the SHA-256 of the working folder's path or a short name from `projects.json`. A
`gemini` record has a `model` and `toolCalls`; an older file is one document whose `messages` are
such records. Read from 0.61.0 and authorship.md, section 5.
"""

import hashlib
from collections.abc import Iterator

from xreview.repo.attribution.json_fields import at, field_text, fields, items_at
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.records import records, whole_file_object
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.writes import written_by

_TOOL = "gemini-cli"
_MARKS = (b'"toolCalls"',)


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Gemini CLI's transcripts of projects that are the worktree or a folder in it."""
    home = place.folder("GEMINI_CLI_HOME")
    root = home / ".gemini" if home else None
    projects = {
        hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest() for name in place.names
    }
    for index in find_transcripts(_TOOL, root, ("projects.json",), place.bounds):
        listed = at(whole_file_object(index, (b'"projects"',), place.bounds), "projects")
        projects |= {
            name
            for folder in fields(listed)
            if place.holds(folder)
            if (name := field_text(listed, folder))
        }
    for project in sorted(projects):
        pattern = ("tmp", project, "chats", "session-*.json*")
        yield from find_transcripts(_TOOL, root, pattern, place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    for message in _messages(transcript, place):
        for call in items_at(message, "toolCalls"):
            when = at(call, "timestamp") or at(message, "timestamp")
            writes = written_by(at(call, "args"))
            yield SessionStep(place.top, field_text(message, "model"), when, writes)


def _messages(transcript: Transcript, place: SessionLocations) -> Iterator[object]:
    if transcript.parts[-1].endswith(".jsonl"):
        yield from records(transcript, _MARKS, place.bounds)
    else:
        yield from items_at(whole_file_object(transcript, _MARKS, place.bounds), "messages")


TOOL = SessionTool(_TOOL, _transcripts, _steps)
