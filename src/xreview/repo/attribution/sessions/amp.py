"""Amp: `<data>/amp/threads/T-*.json`, one JSON document for each thread.

`env.initial.trees` names the working folders as `file:` addresses; an assistant's message has
`usage.model` and in `content` the calls of its tools. From authorship.md, section 5; newer versions
keep threads on their server, and nothing of them is on this machine.
"""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from xreview.repo.attribution.sessions.arguments import written_by
from xreview.repo.attribution.sessions.edit import SessionEdit, transcript_moment
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.records import (
    Record,
    at,
    field_text,
    items_at,
    whole_file_object,
)
from xreview.repo.attribution.sessions.transcript import Transcript, find_transcripts


class AmpSessions:
    """Amp's threads on this machine."""

    name = "amp"

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """All of them: their names tell no folder."""
        data = place.data_folder(self.name)
        default = data / "threads" if data else None
        named = place.folder("AMP_THREADS_DIR") if place.environ.get("AMP_THREADS_DIR") else None
        yield from find_transcripts(self.name, named or default, ("T-*.json",), reading)

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """What the tools that write were called with."""
        thread = whole_file_object(transcript, (b'"tool_use"',), reading)
        folder = next(filter(place.holds, _folders(thread)), "")
        if not folder:
            return
        for message in items_at(thread, "messages"):
            usage = at(message, "usage")
            when = transcript_moment(at(usage, "timestamp") or at(thread, "created"))
            for part in items_at(message, "content"):
                if at(part, "type") != "tool_use":
                    continue
                for change in written_by(at(part, "input")):
                    path = place.inside(change.path, folder)
                    if path:
                        model = field_text(usage, "model")
                        yield SessionEdit(path, model, when, change.added, change.removed)


def _folders(thread: Record | None) -> Iterator[str]:
    for tree in items_at(thread, "env", "initial", "trees"):
        address = field_text(tree, "uri")
        if address.startswith("file:///"):
            yield unquote(urlsplit(address).path)
