"""Mapping a model's quote back to the code it was shown.

Models are asked for whole lines, character by character, but some copy what surrounds the code. If
the code shown doesn't contain a quote as is, these readings are tried in order, and the first match
is taken. If none matches, the quote stays as is, and grounding won't find it.

1. without the gutter (`review.prompt.pieces`): mark, number, bar, on every line that isn't blank;
2. without a diff's mark: `+` or `-` on every line that isn't blank;
3. without a Markdown fence or a pair of backticks around it.

White space stays, since grounding ignores it. Invisible characters and bytes that aren't UTF-8 were
shown as signs (`shown_line`); a quote with signs is replaced by the original lines.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from xreview.domain.change import Side
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import dataclass, field
from xreview.domain.text import visible_code

_GUTTER = re.compile(r"[ ]*+[+-]?[ ]*+\d{1,9}[ ]?\|")
_MARK = re.compile(r"[+-]")
_FENCE = "```"
_LONGEST = 20_000  # characters of a quote that is looked up; six lines are asked for
_PREFIX = re.compile(r"(?:\./|[ab]/)")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def sendable(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which no request can contain."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def shown_line(text: str) -> str:
    """A line of code as models see it, with a sign in place of each character that is invisible or
    would begin a new line. The length stays the same, and so does a CR at the end."""
    end = "\r" if text.endswith("\r") else ""
    return visible_code(text.removesuffix("\r")) + end


@dataclass(frozen=True)
class ShownCode:
    """The code in a request: raw lines in order, by path and side."""

    lines: Mapping[tuple[str, Side], Sequence[str]]
    _texts: dict[tuple[str, Side], FileText] = field(
        default_factory=dict[tuple[str, Side], FileText], init=False, repr=False, compare=False
    )

    def path_of(self, said: str) -> str:
        """The file that a model means, quoted or with git's prefixes; as said if unknown."""
        paths = {path for path, _ in self.lines}
        bare = said.strip().strip("`")
        for reading in (said, bare, _unquoted(bare), _PREFIX.sub("", bare, count=1)):
            if reading in paths:
                return reading
        return said

    def verbatim(self, quote: str, path: str, side: Side) -> str:
        """The quote as it is in the file, if one of its readings is there; else unchanged."""
        quote = quote.replace("\r\n", "\n").strip("\n")
        raw = self.lines.get((path, side))
        if raw is None or len(quote) > _LONGEST:
            return quote
        text = self._text(path, side, raw)
        for reading in _readings(quote):
            if found := text.occurrences(reading):
                count = reading.rstrip().count("\n") + 1
                meant = "\n".join(raw[found[0] - 1 : found[0] - 1 + count])
                seen = "\n".join(map(shown_line, meant.split("\n")))
                is_whole = _plain(seen) == _plain(reading)
                return meant if is_whole and seen != meant else reading
        return quote

    def _text(self, path: str, side: Side, raw: Sequence[str]) -> FileText:
        if (path, side) not in self._texts:
            self._texts[path, side] = FileText("\n".join(map(shown_line, raw)))
        return self._texts[path, side]


def _plain(text: str) -> list[list[str]]:
    """The words of each line, as grounding compares them."""
    return [line.split() for line in text.rstrip().split("\n")]


def _unquoted(said: str) -> str:
    if not said.startswith('"'):
        return said
    try:
        value: object = json.loads(said)
    except ValueError:
        return said
    return value if isinstance(value, str) else said


def _readings(quote: str) -> Iterator[str]:
    yield quote
    if (bare := _without(_GUTTER, quote)) is not None:
        yield bare
    if (bare := _without(_MARK, quote)) is not None:
        yield bare
    if (inner := _unfenced(quote)) is not None:
        yield inner
    elif quote.startswith("`") and quote.endswith("`"):
        yield quote.strip("`")


def _unfenced(quote: str) -> str | None:
    """The text inside a Markdown fence; None if there is no fence."""
    first, _, rest = quote.strip().partition("\n")
    if not first.startswith(_FENCE) or "`" in first[len(_FENCE) :] or not rest.endswith(_FENCE):
        return None
    return rest.removesuffix(_FENCE).rstrip(" \t").removesuffix("\n")


def _without(beside: re.Pattern[str], quote: str) -> str | None:
    """The lines without a prefix; None unless every line has it."""
    bare: list[str] = []
    for row in quote.split("\n"):
        match = beside.match(row)
        if match is None and row.strip():
            return None
        bare.append(row[match.end() :] if match else row)
    return "\n".join(bare)
