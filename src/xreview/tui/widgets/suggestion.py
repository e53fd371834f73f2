"""A suggested replacement as a small diff against the quoted lines: pure, and at bounded cost."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from xreview.domain.record import dataclass
from xreview.domain.text import expand_tabs, visible
from xreview.tui.widgets.diff.pairs import pair_lines
from xreview.tui.widgets.diff.words import CharacterRanges, changed_words

_MOST_COMPARED = 80
"""Lines. Comparing takes time that grows with their square."""
_TAB_SIZE = 4


@dataclass(frozen=True, slots=True)
class SuggestedRow:
    """One row: its sign ("-", "+", or " "), its safe text, and the words that differ."""

    sign: str
    text: str
    words: CharacterRanges = ()


def suggested_rows(quote: str, replacement: str) -> list[SuggestedRow]:
    """Return the rows of the diff, without the indentation that all lines share.

    They show what `domain.fixing.edit` makes of it: line ends don't count, a final line feed adds
    no line, and an empty replacement removes the lines.
    """
    old = _lines(quote)
    new = _lines(replacement.removesuffix("\n")) if replacement else []
    indent = min((_indentation(line) for line in (*old, *new) if line.strip()), default=0)
    old, new = [line[indent:] for line in old], [line[indent:] for line in new]
    if len(old) + len(new) > _MOST_COMPARED:
        return [*_plain("-", old), *_plain("+", new)]
    rows: list[SuggestedRow] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            rows += _plain(" ", old[old_from:old_to])
        else:
            rows += _replaced(old[old_from:old_to], new[new_from:new_to])
    return rows


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[SuggestedRow]:
    words = {pair: changed_words(old[pair[0]], new[pair[1]]) for pair in pair_lines(old, new)}
    removed = {left: ranges for (left, _), (ranges, _) in words.items()}
    added = {right: ranges for (_, right), (_, ranges) in words.items()}
    for sign, lines, marked in (("-", old, removed), ("+", new, added)):
        for number, text in enumerate(lines):
            yield SuggestedRow(sign, text, marked.get(number, ()))


def _plain(sign: str, lines: Sequence[str]) -> Iterator[SuggestedRow]:
    return (SuggestedRow(sign, line) for line in lines)


def _lines(code: str) -> list[str]:
    lines = (line.removesuffix("\r") for line in code.split("\n"))
    return [visible(expand_tabs(line, _TAB_SIZE)) for line in lines]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
