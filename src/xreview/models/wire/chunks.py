"""Replies that are a row of JSON objects: bytes to objects, objects to signals.

Google and the Chat Completions servers send the objects as server-sent events without names,
Ollama one a line; some servers and proxies send them all at once, as an array or a single object.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from xreview.models.http.call import JSON
from xreview.models.http.json_lines import LineReader
from xreview.models.http.server import ModelHost
from xreview.models.http.server_sent_events import NO_EVENTS, ServerSentEventReader
from xreview.ports.json_value import JsonObject, list_in, object_in, parse_json
from xreview.ports.model import ModelSignal

LINES = "application/x-ndjson"
_DONE = "[DONE]"


class Chunks(Protocol):
    """Bytes of one form to objects. Raises HttpError where they are no JSON."""

    @property
    def is_done(self) -> bool:
        """Whether the server said that no more will come."""
        ...

    @property
    def ends_whole(self) -> bool:
        """Whether bytes that could be read are all there, so that nothing was cut off."""
        ...

    def feed(self, piece: bytes) -> Iterable[JsonObject]:
        """The objects that these bytes complete."""
        ...

    def end(self) -> Iterable[JsonObject]:
        """The objects that are left when the bytes end."""
        ...


class ReplySignals(Protocol):
    """What makes signals of the objects of one reply."""

    @property
    def is_whole(self) -> bool:
        """Whether the reply's end was among the objects so far."""
        ...

    def knows(self, chunk: JsonObject) -> bool:
        """Whether an object is one of this protocol at all."""
        ...

    def feed(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        """The signals in one object."""
        ...


class ChunkReader:
    """Reads one reply; an object that holds an `error` ends it with a sentence.

    Args:
        chunks: the form of the bytes.
        reply: what the objects are given to.
        about: what was asked for, for sentences.
        ends_itself: whether `reply.is_whole` means that nothing follows that matters.
    """

    def __init__(
        self,
        chunks: Chunks,
        reply: ReplySignals,
        server: ModelHost,
        about: str,
        *,
        ends_itself: bool = False,
    ) -> None:
        self._chunks = chunks
        self._reply = reply
        self._server = server
        self._about = about
        self._ends_itself = ends_itself
        self._is_foreign = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing more is waited for."""
        return self._chunks.is_done or (self._ends_itself and self._reply.is_whole)

    def feed(self, piece: bytes) -> Iterator[ModelSignal]:
        """The signals that these bytes complete. Raises HttpError."""
        for chunk in self._chunks.feed(piece):
            yield from self._take(chunk)

    def end(self) -> Iterator[ModelSignal]:
        """The signals left at the end of the bytes. Raises HttpError where the reply is cut."""
        for chunk in self._chunks.end():
            yield from self._take(chunk)
        if self._reply.is_whole or self._chunks.is_done:
            return
        if self._chunks.ends_whole or self._is_foreign:
            raise self._server.unreadable(f"something else than an answer of {self._about}")
        raise self._server.cut_off()

    def _take(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        if chunk.get("error"):
            raise self._server.failed(chunk, self._about)
        self._is_foreign |= not self._reply.knows(chunk)
        yield from self._reply.feed(chunk)


def chunks_of(media_type: str, server: ModelHost) -> Chunks:
    """What reads a reply of this media type."""
    if media_type == LINES:
        return LineChunks(server)
    return WholeChunks(server) if media_type == JSON else EventChunks(server)


class EventChunks:
    """Objects in server-sent events; `[DONE]` says that no more will come."""

    ends_whole = False

    def __init__(self, server: ModelHost) -> None:
        self._events = ServerSentEventReader()
        self._server = server
        self.is_done = False

    def feed(self, piece: bytes) -> Iterator[JsonObject]:
        """The objects of the events that these bytes complete."""
        for event in self._events.feed(piece):
            if self.is_done or not event.data.strip():
                continue
            if event.data.strip() == _DONE:
                self.is_done = True
            else:
                yield self._server.document(event.data)

    def end(self) -> Iterator[JsonObject]:
        """Nothing: an event that the end cuts off is none.

        Raises HttpError where it was no stream of events at all.
        """
        if self._events.is_foreign:
            raise self._server.unreadable(NO_EVENTS)
        yield from ()


class LineChunks:
    """Objects in lines."""

    is_done = ends_whole = False

    def __init__(self, server: ModelHost) -> None:
        self._lines = LineReader()
        self._server = server

    def feed(self, piece: bytes) -> Iterator[JsonObject]:
        """The objects of the lines that these bytes complete."""
        for line in self._lines.feed(piece):
            yield self._server.document(line)

    def end(self) -> Iterator[JsonObject]:
        """The object of a last line without a line feed. Raises HttpError where it is cut."""
        for line in self._lines.end():
            try:
                parse_json(line)
            except ValueError:
                raise self._server.cut_off() from None
            yield self._server.document(line)


class WholeChunks:
    """All objects at once: one, or an array of them."""

    is_done = ends_whole = False

    def __init__(self, server: ModelHost) -> None:
        self._body = bytearray()
        self._server = server

    def feed(self, piece: bytes) -> Iterator[JsonObject]:
        """Nothing yet."""
        self._body += piece
        yield from ()

    def end(self) -> Iterator[JsonObject]:
        """All of them. Raises HttpError where the body is neither."""
        if not self._body.strip():
            raise self._server.unreadable("an empty answer")
        document = self._server.document(b'{"all":' + bytes(self._body) + b"}")
        self.ends_whole = True
        chunks = list_in(document, "all") or (object_in(document, "all"),)
        yield from (chunk for chunk in map(object_in, chunks) if chunk)
