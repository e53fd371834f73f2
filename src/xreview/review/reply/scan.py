r"""Finding the elements of `{"findings": [ … ]}` in growing text, reading each character once.

This is not a JSON parser: it follows strings and brackets to find where an element ends, and leaves
the element to `json`. Anything may precede the object (a byte order mark, a code fence, prose). The
key identifies the list: quotation marks inside a JSON string are escaped, so `"findings": [` can't
occur in one.

The length and the number of elements are limited. Past a limit, reading stops and `stopped` says
why.
"""

import re
from enum import Enum, auto

from xreview.domain.record import dataclass
from xreview.domain.text import count_of

MOST_DEPTH = 32
"""Nested brackets in one element; a valid finding has at most 3."""

MOST_CHARACTERS = 2_000_000
"""Of one answer; the longest answer of a model (128,000 tokens) has about a third of that."""

MOST_ELEMENTS = 500
"""In the list; a request shows 24,000 tokens of code."""

_KEY = '"findings"'
_SPACES = re.compile(r"[ \t\r\n]+")
_OPENING = re.compile(_KEY + r"[ \t\r\n]*+:[ \t\r\n]*+\[")
_BEGUN = re.compile(
    rf"(?:{'|'.join(_KEY[:size] for size in range(1, len(_KEY)))}"
    rf"|{_KEY}[ \t\r\n]*+(?::[ \t\r\n]*+)?)\Z"
)
_WINDOW = 4096  # characters of an element that are scanned at once
_BETWEEN = re.compile(r"[\s,]*")
_IN_ELEMENT = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)  # to its end, or half an escape
_SCALAR_END = re.compile(r"[\s,\]]")


class _Place(Enum):
    OUTSIDE = auto()
    BETWEEN = auto()
    ELEMENT = auto()
    STRING = auto()
    ESCAPE = auto()
    SCALAR = auto()


@dataclass(frozen=True, slots=True)
class Element:
    """The JSON text of a whole element, and whether it is nested too deeply to read."""

    text: str
    is_too_deep: bool = False


class ElementScanner:
    """Takes text piece by piece and returns the elements that it completes.

    Only the first list counts. `lists` is the number of lists so far, `is_open` whether the first
    is still open, and `stopped` which limit was exceeded ("" for none); the rest is not read then.
    """

    def __init__(self) -> None:
        self.lists = 0
        self.is_open = False
        self.stopped = ""
        self._place = _Place.OUTSIDE
        self._opening = _ListOpening()
        self._characters = 0
        self._elements = 0
        self._pieces: list[str] = []
        self._depth = 0
        self._is_too_deep = False

    def feed(self, text: str) -> list[Element]:
        """The elements that `text` completes."""
        found: list[Element] = []
        room = MOST_CHARACTERS - self._characters
        is_too_long, text = len(text) > room, text[:room]
        self._characters += len(text)
        at = 0
        while at < len(text) and not self.stopped:
            match self._place:
                case _Place.OUTSIDE:
                    at = self._outside(text, at)
                case _Place.BETWEEN:
                    at = self._between(text, at)
                case _Place.ELEMENT:
                    at = self._element(text, at, found)
                case _Place.STRING:
                    at = self._string(text, at)
                case _Place.ESCAPE:
                    self._pieces.append(text[at])
                    self._place = _Place.STRING
                    at += 1
                case _Place.SCALAR:
                    at = self._scalar(text, at, found)
        if is_too_long and not self.stopped:
            self._stop(f"more than {MOST_CHARACTERS:,} characters")
        return found

    def _stop(self, why: str) -> None:
        self.stopped = why
        self._pieces = []

    def _outside(self, text: str, at: int) -> int:
        end = self._opening.find(text, at)
        if end is None:
            return len(text)
        self.lists += 1
        if self.lists == 1:
            self.is_open = True
            self._place = _Place.BETWEEN
        return end

    def _between(self, text: str, at: int) -> int:
        separators = _BETWEEN.match(text, at)
        at = separators.end() if separators else at
        if at == len(text):
            return at
        if text[at] == "]":
            self.is_open = False
            self._place = _Place.OUTSIDE
            return at + 1
        if self._elements == MOST_ELEMENTS:
            self._stop(f"more than {count_of(MOST_ELEMENTS, 'finding')}")
            return at
        self._elements += 1
        self._pieces, self._depth, self._is_too_deep = [], 0, False
        self._place = _Place.ELEMENT if text[at] in '{["' else _Place.SCALAR
        return at

    def _element(self, text: str, at: int, found: list[Element]) -> int:
        if self._is_too_deep and (end := self._skipped(text, at)):
            return end
        sign = _IN_ELEMENT.search(text, at)
        self._pieces.append(text[at : sign.end() if sign else len(text)])
        if sign is None:
            return len(text)
        if sign[0] == '"':
            self._place = _Place.STRING
            return sign.end()
        self._depth += 1 if sign[0] in "{[" else -1
        if self._depth > MOST_DEPTH:
            self._is_too_deep, self._pieces = True, []
        if self._depth <= 0:
            self._complete(found)
        return sign.end()

    def _skipped(self, text: str, at: int) -> int:
        """The end of a stretch without strings that can't end the element; 0 for none."""
        end = text.find('"', at, at + _WINDOW)
        end = min(at + _WINDOW, len(text)) if end < 0 else end
        closing = text.count("}", at, end) + text.count("]", at, end)
        if closing >= self._depth or end == at:
            return 0
        self._depth += text.count("{", at, end) + text.count("[", at, end) - closing
        return end

    def _string(self, text: str, at: int) -> int:
        inner = _IN_STRING.match(text, at)
        end = inner.end() if inner else at
        sign = text[end : end + 1]
        self._pieces.append(text[at : end + 1])
        if sign == "\\":
            self._place = _Place.ESCAPE
        elif sign:
            self._place = _Place.ELEMENT if self._depth else _Place.SCALAR
        return end + 1

    def _scalar(self, text: str, at: int, found: list[Element]) -> int:
        end = _SCALAR_END.search(text, at)
        self._pieces.append(text[at : end.start() if end else len(text)])
        if end is None:
            return len(text)
        self._complete(found)
        return end.start()

    def _complete(self, found: list[Element]) -> None:
        found.append(Element("".join(self._pieces), self._is_too_deep))
        self._pieces = []
        self._place = _Place.BETWEEN


class _ListOpening:
    """Looks for `"findings" : [`, which may arrive in any number of pieces."""

    def __init__(self) -> None:
        self._begun = ""  # the end of the text so far, if the key may begin there

    def find(self, text: str, at: int) -> int | None:
        """Where in `text` the list's first element may begin; None if no list opens in it."""
        begun, self._begun = self._begun, ""
        given, start = (begun + text[at:], 0) if begun else (text, at)
        if match := _OPENING.search(given, start):
            return match.end() + (at - len(begun) if begun else 0)
        if match := _BEGUN.search(given, start):
            self._begun = _SPACES.sub(" ", match[0])
        return None
