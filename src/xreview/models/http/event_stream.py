"""Reading a reply that is server-sent events, each a JSON object."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from xreview.models.http.server import ModelHost
from xreview.models.http.server_sent_events import NO_EVENTS, ServerSentEventReader
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelSignal

_DONE = "[DONE]"


class EventStreamReader(ABC):
    """A `ReplyReader` for server-sent events. A wire format says what each of them means.

    `is_complete` is to be set at the event that ends the stream; a stream that ends without it
    was cut off.
    """

    def __init__(self, server: ModelHost, about: str = "") -> None:
        self.server = server
        self.about = about
        self.is_complete = False
        self._events = ServerSentEventReader()

    @abstractmethod
    def take(self, event: JsonObject) -> Iterator[ModelSignal]:
        """What one event says. Raises HttpError. Events it does not know say nothing."""

    def take_done(self) -> Iterator[ModelSignal]:
        """What the `[DONE]` of Chat Completions says; nothing in other formats."""
        return iter(())

    def feed(self, piece: bytes) -> Iterator[ModelSignal]:
        """What these bytes complete. Raises HttpError where an event is no JSON object."""
        for event in self._events.feed(piece):
            if self.is_complete:
                return
            if event.data.strip() == _DONE:
                yield from self.take_done()
            else:
                yield from self.take(self.server.document(event.data))

    def end(self) -> Iterator[ModelSignal]:
        """Nothing where the stream is complete. Raises HttpError where it is not."""
        if not self.is_complete:
            if self._events.is_foreign:
                raise self.server.unreadable(NO_EVENTS)
            raise self.server.cut_off()
        return iter(())
