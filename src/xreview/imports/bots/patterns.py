"""Regular expressions for single lines of hostile text, with a limit of their time."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xreview.domain.pull.markup import LONGEST_BODY
from xreview.domain.record import dataclass, field

if TYPE_CHECKING:
    import regex

LONGEST_LINE = 2_000
"""Characters of a line in which a pattern is searched: links in badges take most of them."""

_SECONDS = 0.05
"""Of one search; no pattern of ours takes a thousandth of it."""


@dataclass(slots=True)
class LinePatterns:
    """Patterns of which the first that matches counts; false where there are none."""

    sources: tuple[str, ...]
    _compiled: "list[regex.Pattern[str]] | None" = field(default=None, init=False, repr=False)

    @classmethod
    def of(cls, sources: Sequence[str]) -> "LinePatterns":
        """The patterns with these sources; they are compiled when they are first needed."""
        return cls(tuple(sources))

    def __bool__(self) -> bool:
        return bool(self.sources)

    def find(self, line: str) -> "Mapping[str, str] | None":
        """The named groups of the first match, those that took part; None without any match."""
        cut = line[:LONGEST_LINE]
        for pattern in self._all():
            try:
                found = pattern.search(cut, timeout=_SECONDS)
            except TimeoutError:
                continue
            if found is not None:
                groups = found.groupdict()
                return {name: text for name, text in groups.items() if text is not None}
        return None

    def matches(self, line: str) -> bool:
        """Whether one of them is in a line."""
        return bool(self.sources) and self.find(line) is not None

    def group(self, line: str, name: str) -> str:
        """The text of a group in the first match; "" for none."""
        return (self.find(line) or {}).get(name, "") if self.sources else ""

    def any_line(self, text: str) -> str | None:
        """The first line of a text that matches; None for none."""
        if not self.sources:
            return None
        return next((line for line in _lines(text) if self.find(line) is not None), None)

    def first(self, text: str, name: str) -> str:
        """The first text of a group in the lines of a text; "" for none."""
        if not self.sources:
            return ""
        return next(filter(None, (self.group(line, name) for line in _lines(text))), "")

    def _all(self) -> "list[regex.Pattern[str]]":
        if self._compiled is None:
            import regex

            sources = self.sources
            if not any("(?P<" in source for source in sources):
                sources = ("|".join(f"(?:{source})" for source in sources),)  # one search for all
            self._compiled = [regex.compile(source) for source in sources]
        return self._compiled


def _lines(text: str) -> list[str]:
    return text[:LONGEST_BODY].split("\n")
