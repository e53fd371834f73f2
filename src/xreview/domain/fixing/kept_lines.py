"""A file's content as lines that keep their endings, so that an edit changes only what it says."""

from collections.abc import Mapping, Sequence

from xreview.domain.record import dataclass

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class LineRange:
    """Lines from `start` (0-based) up to but without `end`."""

    start: int
    end: int

    def overlaps(self, other: "LineRange") -> bool:
        """Whether both include a common line."""
        return self.start < other.end and other.start < self.end

    @property
    def words(self) -> str:
        """`line 3`, `lines 3-5`, 1-based."""
        if self.end - self.start == 1:
            return f"line {self.end}"
        return f"lines {self.start + 1}-{self.end}"


@dataclass(frozen=True, slots=True)
class KeptLines:
    """The lines of a file, without their endings, and the ending of each.

    The last line's ending is "": it is what follows the last line feed, "" in a file that ends with
    one. Bytes that aren't UTF-8 become lone surrogates, and come back as they were. A byte order
    mark is kept apart.
    """

    texts: tuple[str, ...]
    endings: tuple[str, ...]
    mark: str = ""

    @classmethod
    def of(cls, content: bytes) -> "KeptLines":
        """The lines of a file's content."""
        text = content.decode("utf-8", "surrogateescape")
        mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        *whole, last = text.removeprefix(mark).split("\n")
        endings = ["\r\n" if line.endswith("\r") else "\n" for line in whole]
        texts = [line.removesuffix("\r") for line in whole]
        return cls((*texts, last), (*endings, ""), mark)

    @property
    def content(self) -> bytes:
        """The file's content."""
        lines = zip(self.texts, self.endings, strict=True)
        text = self.mark + "".join(line + ending for line, ending in lines)
        return text.encode("utf-8", "surrogateescape")

    @property
    def text(self) -> str:
        """The text as people and models see it: without the mark, lines joined by line feeds."""
        return "\n".join(self.texts)

    def is_at(self, start: int, wanted: Sequence[str]) -> bool:
        """Whether these lines begin at `start` (0-based)."""
        return start >= 0 and list(self.texts[start : start + len(wanted)]) == list(wanted)

    def found(self, wanted: Sequence[str]) -> list[LineRange]:
        """All places of these lines, in order."""
        places: list[LineRange] = []
        start = -1
        while (start := _index(self.texts, wanted[0], start + 1)) >= 0:
            if self.is_at(start, wanted):
                places.append(LineRange(start, start + len(wanted)))
        return places

    def replaced(self, changes: Mapping[LineRange, Sequence[str]]) -> "KeptLines":
        """The file with other lines in some places, which don't overlap."""
        texts, endings = list(self.texts), list(self.endings)
        # From the end, so that the places of earlier lines stay.
        for place in sorted(changes, key=lambda one: one.start, reverse=True):
            new = changes[place]
            texts[place.start : place.end] = new
            endings[place.start : place.end] = new_endings(self.endings, place, len(new))
        if not texts:
            return KeptLines(("",), ("",), self.mark)
        # A file without a final line feed gets none by losing its last line.
        return KeptLines(tuple(texts), (*endings[:-1], ""), self.mark)


def new_endings(endings: Sequence[str], place: LineRange, count: int) -> list[str]:
    """The endings of so many lines in the place of others: they end as those do."""
    if not count:
        return []
    inner = endings[place.start] or endings[0] or "\n"
    return [*[inner] * (count - 1), endings[place.end - 1]]


def _index(texts: Sequence[str], wanted: str, start: int) -> int:
    try:
        return texts.index(wanted, start)
    except ValueError:
        return -1
