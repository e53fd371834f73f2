"""From a quote as a model gives it to the code it was shown, as far as that is beyond doubt.

Models are asked for whole lines, character by character, and still copy what stands beside the
code. Where a quote is not in what was shown as it stands, these readings are tried, in this order,
and the first one that is there is taken; where none is, the quote stays as it was given, and
`review.ground` says that it stands nowhere:

1. without the gutter (`review.prompt.rows`): mark, number, bar, on every line that is not blank;
2. without a diff's mark: `+` or `-` on every line that is not blank;
3. without a Markdown fence or a pair of backticks around it.

White space is left alone: grounding does not count it. What is not drawn, and bytes that are not
UTF-8, were shown as signs (`shown_line`); a quote of such lines becomes the lines as they are.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xreview.domain.change import Side
from xreview.domain.identity.file_text import FileText
from xreview.domain.text import visible_code

_GUTTER = re.compile(r"[ ]*+[+-]?[ ]*+\d{1,9}[ ]?\|")
_MARK = re.compile(r"[+-]")
_FENCE = "```"
_LONGEST = 20_000  # characters of a quote that is looked for; six lines are asked for
_PREFIX = re.compile(r"(?:\./|[ab]/)")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def sendable(text: str) -> str:
    """The text without lone surrogates, which no request can hold: U+FFFD stands for each."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def shown_line(text: str) -> str:
    """A line of code as models are shown it, one character for one: with a sign for each that is
    not drawn or that would begin another line. The CR of a line's end stays.
    """
    end = "\r" if text.endswith("\r") else ""
    return visible_code(text.removesuffix("\r")) + end


@dataclass(frozen=True)
class Shown:
    """The code that a request showed.

    Args:
        lines: by path and side, the raw lines in order.
    """

    lines: Mapping[tuple[str, Side], Sequence[str]]
    _texts: dict[tuple[str, Side], FileText] = field(
        default_factory=dict[tuple[str, Side], FileText], init=False, repr=False, compare=False
    )

    def path_of(self, said: str) -> str:
        """The file that is meant: quoted as in the prompt or by git's prefixes, else as said."""
        paths = {path for path, _ in self.lines}
        bare = said.strip().strip("`")
        for reading in (said, bare, _unquoted(bare), _PREFIX.sub("", bare, count=1)):
            if reading in paths:
                return reading
        return said

    def verbatim(self, quote: str, path: str, side: Side) -> str:
        """The quote as the file has it, where one reading of it was shown; else as it is."""
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
    """What stands in a Markdown fence; None where the quote is none."""
    first, _, rest = quote.strip().partition("\n")
    if not first.startswith(_FENCE) or "`" in first[len(_FENCE) :] or not rest.endswith(_FENCE):
        return None
    return rest.removesuffix(_FENCE).rstrip(" \t").removesuffix("\n")


def _without(beside: re.Pattern[str], quote: str) -> str | None:
    """The lines without what stands beside them; None where not every line has it."""
    bare: list[str] = []
    for row in quote.split("\n"):
        match = beside.match(row)
        if match is None and row.strip():
            return None
        bare.append(row[match.end() :] if match else row)
    return "\n".join(bare)
