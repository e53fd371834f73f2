"""Reading results one by one: a malformed one is counted and named, and the others are kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from xreview.domain.text import count_of
from xreview.imports.format import MOST_RESULTS, beyond
from xreview.imports.node import MalformedError, Node
from xreview.imports.problem import ToolStatement

_T = TypeVar("_T")


class Unread:
    """What of a file could not be read, for the sentences that say so."""

    def __init__(self) -> None:
        self._malformed = 0
        self._first = ""
        self._taken = 0
        self._beyond = 0

    def kept(self, nodes: Iterable[Node], read: Callable[[Node], _T | None]) -> list[_T]:
        """What `read` makes of the nodes, but for None and for those that it refuses."""
        found: list[_T] = []
        for node in nodes:
            if self._taken >= MOST_RESULTS:
                self._beyond += 1
                continue
            self._taken += 1
            try:
                made = read(node)
            except MalformedError as error:
                self._refused(error)
                continue
            if made is not None:
                found.append(made)
        return found

    def _refused(self, error: MalformedError) -> None:
        self._malformed += 1
        self._first = self._first or error.what

    def told(self, said: Sequence[ToolStatement]) -> tuple[ToolStatement, ...]:
        """What the tools of a file say, and the first of them what of the file was not read."""
        first, *others = said
        return (replace(first, unread=(*first.unread, *self.sentences)), *others)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What could not be read and why, each a clause that follows the file's name."""
        said: list[str] = []
        if self._malformed:
            results = count_of(self._malformed, "result")
            said.append(f"{results} could not be read; the first: {self._first}")
        if self._beyond:
            said.append(beyond(self._beyond))
        return tuple(said)
