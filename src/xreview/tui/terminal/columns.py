"""Keeps text in its columns where terminals disagree about the width of a character.

Emoji with a selector, a modifier or a partner, and spacing vowel signs take one column here and two
there. What follows would land in other columns than Textual thinks, and leave debris. So each such
cluster is written on blanks, and the cursor is put after it: DECSC, DECRC (`ESC 7`, `ESC 8`; DEC
VT100) and CUF (`CSI n C`; ECMA-48). Characters that some terminals add to the cell before, which
can't be undone, become a glyph: half a flag, and emoji newer than Unicode 14.
"""

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len

from xreview.tui.terminal.widths import SKIN_TONES

_SEQUENCE = r"\x1b\[[^@-~]*[@-~]|\x1b[^\[]"
"""The terminal's own sequences end with a letter that belongs to nothing."""

_DOUBTFUL = re.compile(
    r"[\u0300-\u036f\u0483-\u1fff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a"
    r"\ua66f-\uabff\ufb1e\ufe00-\ufe2f\U00010000-\U0010ffff]"
)
"""Every mark, emoji and more: a quick look, since nearly every frame has none."""

_STAND_IN = "⌧"
_NEW = frozenset(
    map(
        chr,
        (
            *(0x1F6DC, 0x1FA89, 0x1FA8F, 0x1FABE, 0x1FABF, 0x1FAC6, 0x1FACE, 0x1FACF, 0x1FADF),
            *(*range(0x1FA75, 0x1FA78), 0x1FA87, 0x1FA88, *range(0x1FAAD, 0x1FAB0)),
            *(*range(0x1FABB, 0x1FABE), *range(0x1FADA, 0x1FADD), 0x1FAE8, 0x1FAE9),
            *(0x1FAF7, 0x1FAF8),
        ),
    )
)
"""The emoji of Unicode 15 and 16 (emoji-data.txt)."""

_JOINS_NEXT = 9
"""The combining class of a virama, which ties the next letter to its own."""


def _class_of(characters: list[int]) -> str:
    """The inside of a regular expression's character class."""
    runs: list[list[int]] = []
    for code in characters:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)


@lru_cache(1)
def _cluster() -> re.Pattern[str]:
    signs = [code for code in range(0x300, 0x20000) if unicodedata.category(chr(code))[0] == "M"]
    viramas = [code for code in signs if unicodedata.combining(chr(code)) == _JOINS_NEXT]
    mark, virama = f"[{_class_of([*signs, *SKIN_TONES])}]", f"[{_class_of(viramas)}]"
    flag, emoji = "[\U0001f1e6-\U0001f1ff]", "[\U0001f000-\U0001faff]"
    letter = r"[^\x00-\x1f\x7f]"
    # After a virama the next letter belongs to the cluster; then its own marks follow.
    joined = rf"(?:(?<={virama}){letter}{mark}*)*"
    return re.compile(
        rf"{_SEQUENCE}|(?P<cluster>{flag}{{1,2}}|{emoji}{mark}*|{letter}{mark}+{joined})"
    )


_FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def in_columns(data: str) -> str:
    """Return what is written to the terminal, with every doubtful cluster in its columns."""
    if data.isascii() or not _DOUBTFUL.search(data):
        return data
    return _cluster().sub(_placed, data)


def _placed(found: re.Match[str]) -> str:
    cluster = found["cluster"]
    if not cluster or not (width := cell_len(cluster)):
        return found[0]
    if cluster[0] in _NEW or (len(cluster) == 1 and cluster in _FLAG_LETTERS):
        return f"{_STAND_IN}{' ' * (width - 1)}"
    return f"\x1b7{' ' * width}\x1b8{cluster}\x1b8\x1b[{width}C"
