"""Joining the pieces of tool calls that Chat Completions servers stream.

OpenAI's rule is to merge pieces by `index`. Other servers omit the index, repeat it for every call,
repeat the id in every piece, or send whole arguments, as text or as an object.
"""

import json
from collections.abc import Iterator
from typing import Any

from xreview.ports.json_value import JsonObject, count_in, object_in, text_in
from xreview.ports.request import ToolCall

_OWN_KEYS = frozenset({"index", "id", "type", "function"})


class _Call:
    def __init__(self, index: int | None, id: str) -> None:
        self.index = index
        self.id = id
        self.name = ""
        self.extra: dict[str, Any] = {}
        self._pieces: list[str] = []
        self._length = 0

    @property
    def arguments(self) -> str:
        return "".join(self._pieces)

    def take(self, delta: JsonObject) -> None:
        function = object_in(delta, "function")
        self.id = self.id or text_in(delta, "id")
        self.name = self.name or text_in(function, "name")
        # Some servers add fields that they need back (a thought's signature).
        self.extra |= {name: delta[name] for name in delta.keys() - _OWN_KEYS}
        given = function.get("arguments")
        piece = given if isinstance(given, str) else json.dumps(given) if given else ""
        if piece and not self._repeats(piece):
            self._pieces.append(piece)
            self._length += len(piece)

    def _repeats(self, piece: str) -> bool:
        """Whether the server sends all arguments again after their pieces."""
        is_as_long = len(piece) == self._length > 1  # checked first, since joining is slow
        return is_as_long and piece.endswith("}") and piece == self.arguments


class ToolCalls:
    """The calls of one reply so far."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []

    def __bool__(self) -> bool:
        return bool(self._calls)

    def feed(self, delta: object) -> None:
        """Add one element of `delta.tool_calls`."""
        fields = object_in(delta)
        if fields:
            self._call_of(fields).take(fields)

    def _call_of(self, delta: JsonObject) -> _Call:
        index, id = count_in(delta, "index"), text_in(delta, "id")
        if index is not None:
            # The last one: servers that repeat the index send one call after the other.
            matching = (call for call in reversed(self._calls) if call.index == index)
        else:
            matching = (call for call in self._calls if id and call.id == id)
        found = next(matching, None)
        is_other = found and id and found.id and found.id != id
        starts = bool(text_in(object_in(delta, "function"), "name"))
        if found is None and index is None and not id and not starts and self._calls:
            return self._calls[-1]
        if found is None or (is_other and starts):
            found = _Call(index, id)
            self._calls.append(found)
        return found

    def finish(self) -> tuple[ToolCall, ...]:
        """Return all calls, with unique ids."""
        self._name_apart()
        return tuple(ToolCall(call.id, call.name, call.arguments or "{}") for call in self._calls)

    def echo(self) -> Iterator[dict[str, Any]]:
        """Return the calls in the form the server gets back; call `finish` first."""
        for call in self._calls:
            function = {"name": call.name, "arguments": call.arguments or "{}"}
            yield {"id": call.id, "type": "function", "function": function, **call.extra}

    def _name_apart(self) -> None:
        taken: set[str] = set()
        for number, call in enumerate(self._calls, start=1):
            if not call.id or call.id in taken:
                call.id = f"{call.id or 'call'}-{number}"
            taken.add(call.id)
