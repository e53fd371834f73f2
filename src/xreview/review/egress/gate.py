"""The gate: everything that leaves this machine for a model goes through it.

It is used at three points, each time with all the text available:

    file     a whole file, because a line may look like a secret only among its neighbours; the same
             lines are then withheld wherever they are shown
    text     what people and models write: commit messages, briefs, conventions, claims, quotes
    request  all texts of a request just before it is sent; nothing else makes a `ClearedRequest`,
             and a model accepts nothing else

It remembers the secrets it finds, in memory only, so that a claim that repeats one can't leak it.
Slow, so call it in a thread; one gate serves all threads.
"""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from xreview.domain.authorship import line_ranges
from xreview.domain.record import dataclass, replace
from xreview.ports.request import ClearedRequest, Exchange, ModelRequest, cleared
from xreview.review.egress.no_secret import is_placeholder
from xreview.review.egress.secrets import (
    PROSE,
    FoundSecrets,
    Span,
    find_secrets,
    load_detectors,
    own_form_secrets,
    without_lines,
)

MASK = "[xreview: withheld, it looks like a secret]"
"""Replaces a secret inside a line."""

_MOST_REMEMBERED = 512  # files and texts whose secrets are cached
_MOST_VALUES = 5_000
_SHORTEST_VALUE = 8
_TELLING = re.compile(r"[0-9!@#$%^&*+=~?]")
_HANGING = re.compile(r"[A-Za-z0-9_+/=-]*")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class CleanedText:
    """A text without its secrets, and the number of lines or places withheld."""

    text: str
    withheld: int = 0


class Gate:
    """Removes secrets from what leaves the machine."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, None] = {}
        self._secrets = _Memory[FoundSecrets]()
        self._spans = _Memory[tuple[Span, ...]]()

    def get_ready(self) -> None:
        """Start to load what finds secrets, once it is known that something will leave. Takes no
        time; what is cleared meanwhile waits."""
        load_detectors()

    def file(self, text: str, path: str) -> FoundSecrets:
        """The secrets in a whole file."""
        found = self._secrets.get((path, text), lambda: find_secrets(text, path))
        self._remember(found.values)
        return found

    def text(self, text: str, path: str = PROSE) -> CleanedText:
        """A text without the lines that look like secrets.

        The ending of `path` says how values are written in it; prose by default.
        """
        lines = self.file(text, path).lines
        shown = self._masked(without_lines(text, lines))
        return CleanedText(shown.text, len(lines) + shown.withheld)

    def request(self, request: ModelRequest) -> tuple[ClearedRequest, int]:
        """The request as it can leave, and the number of places masked here."""
        shown = [self._whole(one) for one in (request.instructions, request.shared)]
        shown.append(self._whole(request.question))
        exchanges: list[Exchange] = []
        for exchange in request.exchanges:
            text = self._whole(exchange.text)
            results = [self._whole(result.text) for result in exchange.results]
            shown += [text, *results]
            told = zip(exchange.results, results, strict=True)
            exchanges.append(
                replace(
                    exchange,
                    text=text.text,
                    results=tuple(replace(one, text=as_shown.text) for one, as_shown in told),
                )
            )
        instructions, shared, question = (one.text for one in shown[:3])
        return (
            cleared(request, instructions, shared, question, tuple(exchanges)),
            sum(one.withheld for one in shown),
        )

    def _whole(self, text: str) -> CleanedText:
        """A text of parts that were cleared before, masked by form and by value."""
        spans = self._spans.get((PROSE, text), lambda: tuple(_whole_words(text)))
        self._remember(text[span.start : span.end] for span in spans)
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces += [text[at : span.start], MASK, "\n" * text.count("\n", span.start, span.end)]
            at = span.end
        shown = self._masked("".join([*pieces, text[at:]]))
        return CleanedText(shown.text, len(spans) + shown.withheld)

    def _masked(self, text: str) -> CleanedText:
        """The text without any secret found so far."""
        with self._lock:
            values = tuple(self._values)
        withheld = 0
        for value in values:
            if value in text:
                withheld += text.count(value)
                text = text.replace(value, MASK)
        return CleanedText(text, withheld)

    def _remember(self, values: Iterable[str]) -> None:
        telling = [one for one in values if _is_telling(one)]
        with self._lock:
            if len(self._values) + len(telling) <= _MOST_VALUES:
                self._values |= dict.fromkeys(telling)


def _is_telling(value: str) -> bool:
    """Whether a secret is one everywhere, unlike a common word used as a password."""
    is_short = len(value) < _SHORTEST_VALUE or "\n" in value
    return not is_short and bool(_TELLING.search(value)) and not is_placeholder(value)


def _whole_words(text: str) -> Iterable[Span]:
    """The secrets in a text, extended over adjoining characters that may belong to them."""
    widened: list[Span] = []
    for span in own_form_secrets(text):
        hanging = _HANGING.match(text, span.end)
        widened.append(Span(span.start, hanging.end() if hanging else span.end))
    ranges = line_ranges.merged_ranges((one.start, one.end - 1) for one in widened)
    return [Span(start, end + 1) for start, end in ranges]


class _Memory(Generic[_Found]):
    """A cache of results by text, which keeps only hashes of the texts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[bytes, _Found] = OrderedDict()

    def get(self, key: tuple[str, str], find: Callable[[], _Found]) -> _Found:
        """The cached result, or a new one."""
        named = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            if named in self._found:
                self._found.move_to_end(named)
                return self._found[named]
        found = find()
        with self._lock:
            self._found[named] = found
            if len(self._found) > _MOST_REMEMBERED:
                self._found.popitem(last=False)
        return found
