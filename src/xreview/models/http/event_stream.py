"""Server-sent events (WHATWG HTML, "Server-sent events", section 9.2.6), each a JSON object.

Lines end only at LF, CR or CRLF: JSON can contain U+2028 or U+0085, where `str.splitlines` would
split. UTF-8 is decoded per line.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from xreview.domain.record import dataclass
from xreview.models.http.server import ModelHost
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelSignal

NO_EVENTS = "something other than an event stream"

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIELDS = frozenset({"", "data", "event", "id", "retry"})
_DONE = "[DONE]"


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event; `name` is "" for none, and lines of `data` are joined by LF."""

    name: str
    data: str


class ServerSentEventReader:
    """Splits a stream, in pieces of any size, into complete events."""

    def __init__(self) -> None:
        self._partial: list[bytes] = []
        self._after_return = False
        self._at_start = True
        self._is_known = self._is_unknown = False
        self._name = ""
        self._data: list[str] = []

    @property
    def is_foreign(self) -> bool:
        """Whether there were lines, but none of an event stream."""
        return self._is_unknown and not self._is_known

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """Return the events that this piece completes."""
        if self._after_return and piece:
            piece = piece.removeprefix(b"\n")
            self._after_return = False
        if not piece:
            return []
        self._after_return = piece.endswith(b"\r")
        *whole, rest = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        events: list[ServerSentEvent] = []
        for line in whole:
            self._partial.append(line)
            event = self._take(b"".join(self._partial))
            self._partial.clear()
            if event:
                events.append(event)
        if rest:
            self._partial.append(rest)
        return events

    def _take(self, line: bytes) -> ServerSentEvent | None:
        if self._at_start:
            line = line.removeprefix(_BYTE_ORDER_MARK)
            self._at_start = False
        if not line:
            return self._dispatch()
        name, _, value = line.decode("utf-8", "replace").partition(":")
        self._is_known |= name in _FIELDS
        self._is_unknown |= name not in _FIELDS
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._name = value
        return None  # comments have an empty name; other fields are ignored

    def _dispatch(self) -> ServerSentEvent | None:
        event = ServerSentEvent(self._name, "\n".join(self._data)) if self._data else None
        self._name = ""
        self._data = []
        return event


class EventStreamReader(ABC):
    """A `ReplyReader` for server-sent events, with one subclass per wire format.

    `take` sets `is_complete` at the last event; a stream that ends before it was cut off.
    """

    def __init__(self, server: ModelHost, about: str = "") -> None:
        self.server = server
        self.about = about
        self.is_complete = False
        self._events = ServerSentEventReader()

    @abstractmethod
    def take(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return one event's signals; none for unknown events. Raises HttpError."""

    def feed(self, piece: bytes) -> Iterator[ModelSignal]:
        """Return what these bytes complete. Raises HttpError if an event isn't a JSON object."""
        for event in self._events.feed(piece):
            if self.is_complete:
                return
            if event.data.strip() != _DONE:
                yield from self.take(self.server.document(event.data))

    def end(self) -> Iterator[ModelSignal]:
        """Return nothing. Raises HttpError if the stream is incomplete."""
        if not self.is_complete:
            if self._events.is_foreign:
                raise self.server.unreadable(NO_EVENTS)
            raise self.server.cut_off()
        return iter(())
