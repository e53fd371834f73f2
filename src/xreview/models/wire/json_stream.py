"""Reading replies that are a sequence of JSON objects.

Google and Chat Completions servers send the objects as unnamed server-sent events, Ollama one per
line. Some servers and proxies send them all at once, as an array or a single object.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from xreview.models.http.call import JSON
from xreview.models.http.event_stream import NO_EVENTS, ServerSentEventReader
from xreview.models.http.server import ModelHost
from xreview.ports.json_value import JsonObject, list_in, object_in, parse_json
from xreview.ports.model import ModelSignal

LINES = "application/x-ndjson"
_DONE = "[DONE]"


class ObjectSource(Protocol):
    """Turns bytes into objects. Raises HttpError for what isn't JSON."""

    @property
    def is_done(self) -> bool:
        """Whether the server marked the end."""
        ...

    @property
    def ends_whole(self) -> bool:
        """Whether nothing can have been cut off."""
        ...

    def feed(self, piece: bytes) -> Iterable[JsonObject]:
        """Return the objects that these bytes complete."""
        ...

    def end(self) -> Iterable[JsonObject]:
        """Return the objects left when the bytes end."""
        ...


class ReplySignals(Protocol):
    """Turns the objects of one reply into signals."""

    @property
    def is_whole(self) -> bool:
        """Whether the objects so far include the reply's end."""
        ...

    def knows(self, chunk: JsonObject) -> bool:
        """Return whether an object belongs to this protocol."""
        ...

    def feed(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals in one object."""
        ...


class JsonStreamReader:
    """Reads one reply; an object with an `error` raises it.

    Args:
        about: what was asked for, for messages.
        ends_itself: whether nothing of interest follows once `reply.is_whole`.
    """

    def __init__(
        self,
        source: ObjectSource,
        reply: ReplySignals,
        server: ModelHost,
        about: str,
        *,
        ends_itself: bool = False,
    ) -> None:
        self._source = source
        self._reply = reply
        self._server = server
        self._about = about
        self._ends_itself = ends_itself
        self._is_foreign = False

    @property
    def is_complete(self) -> bool:
        """Whether the reply is complete."""
        return self._source.is_done or (self._ends_itself and self._reply.is_whole)

    def feed(self, piece: bytes) -> Iterator[ModelSignal]:
        """Return the signals that these bytes complete. Raises HttpError."""
        for chunk in self._source.feed(piece):
            yield from self._take(chunk)

    def end(self) -> Iterator[ModelSignal]:
        """Return the remaining signals. Raises HttpError if the reply is cut off."""
        for chunk in self._source.end():
            yield from self._take(chunk)
        if self._reply.is_whole or self._source.is_done:
            return
        if self._source.ends_whole or self._is_foreign:
            raise self._server.unreadable(f"something other than an answer from {self._about}")
        raise self._server.cut_off()

    def _take(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        if chunk.get("error"):
            raise self._server.failed(chunk, self._about)
        self._is_foreign |= not self._reply.knows(chunk)
        yield from self._reply.feed(chunk)


def object_source(media_type: str, server: ModelHost) -> ObjectSource:
    """Return the reader for a media type."""
    if media_type == LINES:
        return LineObjects(server)
    return WholeDocument(server) if media_type == JSON else EventObjects(server)


class EventObjects:
    """Objects in server-sent events; `[DONE]` marks the end."""

    ends_whole = False

    def __init__(self, server: ModelHost) -> None:
        self._events = ServerSentEventReader()
        self._server = server
        self.is_done = False

    def feed(self, piece: bytes) -> Iterator[JsonObject]:
        """Return the objects in the events that these bytes complete."""
        for event in self._events.feed(piece):
            if self.is_done or not event.data.strip():
                continue
            if event.data.strip() == _DONE:
                self.is_done = True
            else:
                yield self._server.document(event.data)

    def end(self) -> Iterator[JsonObject]:
        """Return nothing. Raises HttpError if the bytes weren't an event stream."""
        if self._events.is_foreign:
            raise self._server.unreadable(NO_EVENTS)
        yield from ()


class LineReader:
    """Splits bytes at line feeds; skips blank lines."""

    def __init__(self) -> None:
        self._partial: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the lines that this piece completes, without line feeds."""
        first, *others = piece.split(b"\n")
        if first:
            self._partial.append(first)
        if not others:
            return []
        whole = [b"".join(self._partial), *others[:-1]]
        self._partial = [others[-1]] if others[-1] else []
        return [line for line in whole if line.strip()]

    def end(self) -> list[bytes]:
        """Return the last line, if it has no line feed."""
        rest = b"".join(self._partial)
        self._partial = []
        return [rest] if rest.strip() else []


class LineObjects:
    """One object per line (newline-delimited JSON)."""

    is_done = ends_whole = False

    def __init__(self, server: ModelHost) -> None:
        self._lines = LineReader()
        self._server = server

    def feed(self, piece: bytes) -> Iterator[JsonObject]:
        """Return the objects in the lines that these bytes complete."""
        for line in self._lines.feed(piece):
            yield self._server.document(line)

    def end(self) -> Iterator[JsonObject]:
        """Return the object in a last line without a line feed. Raises HttpError if cut off."""
        for line in self._lines.end():
            try:
                parse_json(line)
            except ValueError:
                raise self._server.cut_off() from None
            yield self._server.document(line)


class WholeDocument:
    """One object, or an array of them."""

    is_done = ends_whole = False

    def __init__(self, server: ModelHost) -> None:
        self._body = bytearray()
        self._server = server

    def feed(self, piece: bytes) -> Iterator[JsonObject]:
        """Keep the bytes."""
        self._body += piece
        yield from ()

    def end(self) -> Iterator[JsonObject]:
        """Return all objects. Raises HttpError for anything else."""
        if not self._body.strip():
            raise self._server.unreadable("an empty answer")
        document = self._server.document(b'{"all":' + bytes(self._body) + b"}")
        self.ends_whole = True
        chunks = list_in(document, "all") or (object_in(document, "all"),)
        yield from (chunk for chunk in map(object_in, chunks) if chunk)
