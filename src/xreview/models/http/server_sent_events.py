"""Server-sent events out of bytes (WHATWG HTML, "Server-sent events", section 9.2.6).

Lines end at LF, CR or CRLF and nowhere else: JSON may hold U+2028 or U+0085 as they are, which
`str.splitlines`, and so httpx, would split at. UTF-8 is decoded per whole line.
"""

from dataclasses import dataclass

NO_EVENTS = "something else than the events that were due"
"""What a server sent whose bytes are no such stream, for a sentence."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIELDS = frozenset({"", "data", "event", "id", "retry"})


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event: `name` is "" where the stream gives none; lines of `data` joined by LF."""

    name: str
    data: str


class ServerSentEventReader:
    """Takes a stream in pieces of any size and gives each event once it is complete.

    An event that the end of the stream cuts off is never given.
    """

    def __init__(self) -> None:
        self._partial: list[bytes] = []
        self._after_return = False
        self._at_start = True
        self._is_known = self._is_unknown = False
        self._name = ""
        self._data: list[str] = []

    @property
    def is_foreign(self) -> bool:
        """Whether there were whole lines, and none of a stream of events."""
        return self._is_unknown and not self._is_known

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events that this piece completes."""
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
        return None  # comments have an empty name; `id`, `retry` and others mean nothing here

    def _dispatch(self) -> ServerSentEvent | None:
        event = ServerSentEvent(self._name, "\n".join(self._data)) if self._data else None
        self._name = ""
        self._data = []
        return event
