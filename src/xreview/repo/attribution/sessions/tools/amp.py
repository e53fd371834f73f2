"""Amp: `<data>/amp/threads/T-*.json`, one JSON document for each thread.

`env.initial.trees` names the working folders as `file:` URLs; an assistant's message has
`usage.model` and its tool calls in `content`. From authorship.md, section 5; newer versions keep
threads on their server only.
"""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from xreview.repo.attribution.json_fields import Record, at, field_text, items_at
from xreview.repo.attribution.sessions.locations import SessionLocations
from xreview.repo.attribution.sessions.records import whole_file_object
from xreview.repo.attribution.sessions.tool import SessionStep, SessionTool
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts
from xreview.repo.attribution.sessions.writes import written_by_calls

_TOOL = "amp"


def _transcripts(place: SessionLocations) -> Iterator[Transcript]:
    """Amp's threads on this machine; their names don't tell the folder."""
    data = place.data_folder(_TOOL)
    default = data / "threads" if data else None
    named = place.folder("AMP_THREADS_DIR") if place.environ.get("AMP_THREADS_DIR") else None
    yield from find_transcripts(_TOOL, named or default, ("T-*.json",), place.bounds)


def _steps(transcript: Transcript, place: SessionLocations) -> Iterator[SessionStep]:
    thread = whole_file_object(transcript, (b'"tool_use"',), place.bounds)
    folder = next(filter(place.holds, _folders(thread)), "")
    for message in items_at(thread, "messages") if folder else ():
        usage = at(message, "usage")
        when = at(usage, "timestamp") or at(thread, "created")
        writes = written_by_calls(message, "content")
        yield SessionStep(folder, field_text(usage, "model"), when, writes)


def _folders(thread: Record | None) -> Iterator[str]:
    for tree in items_at(thread, "env", "initial", "trees"):
        address = field_text(tree, "uri")
        if address.startswith("file:///"):
            yield unquote(urlsplit(address).path)


TOOL = SessionTool(_TOOL, _transcripts, _steps)
