r"""Finding the elements of `{"findings": [ … ]}` in text that grows, each character read once.

This is no parser of JSON: it follows strings and brackets, to know where an element ends, and
leaves the element itself to `json`. What stands before the object (a byte order mark, a code fence,
prose) does not matter, since the list is told by its key: a quotation mark that belongs to the text
of a JSON string is escaped there, so `"findings": [` can't be inside of one.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

MOST_DEPTH = 32
"""Brackets inside one another in one element; a finding that is meant has at most 3."""

_KEY = '"findings"'
_SPACE = " \t\r\n"
_BETWEEN = re.compile(r"[\s,]*")
_IN_ELEMENT = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL)  # up to its end, or half an escape
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
    """One whole element of the list: its JSON text, and whether it is nested too deeply to read."""

    text: str
    is_too_deep: bool = False


class ElementScanner:
    """Takes in text piece by piece and gives back the elements that became whole.

    Only the first list counts; `lists` says how many there were so far, and `is_open` whether the
    first has not come to its end.
    """

    def __init__(self) -> None:
        self.lists = 0
        self.is_open = False
        self._place = _Place.OUTSIDE
        self._opening = _ListOpening()
        self._pieces: list[str] = []
        self._depth = 0
        self._is_too_deep = False

    def feed(self, text: str) -> list[Element]:
        """The elements that `text` completes."""
        found: list[Element] = []
        at = 0
        while at < len(text):
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
        return found

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
        self._pieces, self._depth, self._is_too_deep = [], 0, False
        self._place = _Place.ELEMENT if text[at] in '{["' else _Place.SCALAR
        return at

    def _element(self, text: str, at: int, found: list[Element]) -> int:
        sign = _IN_ELEMENT.search(text, at)
        self._pieces.append(text[at : sign.end() if sign else len(text)])
        if sign is None:
            return len(text)
        if sign[0] == '"':
            self._place = _Place.STRING
            return sign.end()
        self._depth += 1 if sign[0] in "{[" else -1
        self._is_too_deep |= self._depth > MOST_DEPTH
        if self._depth <= 0:
            self._complete(found)
        return sign.end()

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
    """Looks for `"findings" : [`, which may come in any number of pieces."""

    def __init__(self) -> None:
        self._matched = 0  # characters of the key and then the colon

    def find(self, text: str, at: int) -> int | None:
        """Where in `text` the list's first element may begin; None where no list opens in it."""
        while at < len(text):
            if not self._matched:
                quote = text.find('"', at)
                if quote < 0:
                    return None
                self._matched = 1
                at = quote + 1
            elif self._goes_on(text[at]):
                at += 1
            elif self._matched > len(_KEY) and text[at] == "[":
                self._matched = 0
                return at + 1
            else:
                self._matched = 0  # this character is looked at once more, as a beginning
        return None

    def _goes_on(self, sign: str) -> bool:
        if self._matched < len(_KEY):
            expected = sign == _KEY[self._matched]
            self._matched += expected
            return expected
        if self._matched == len(_KEY) and sign == ":":
            self._matched += 1
            return True
        return sign in _SPACE
