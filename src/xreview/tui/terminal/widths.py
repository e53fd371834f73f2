"""The most columns that a terminal gives a character, for characters that terminals disagree on.

Rich counts none for spacing vowel signs (category Mc) and skin tones; xterm, VTE, and tmux count
one and two. Text that takes less than its room leaves blanks, which is harmless; text that takes
more runs over a border. So the most counts, and `columns` puts the cursor where it belongs.
"""

import unicodedata
from collections.abc import Sequence

from rich import cells

SKIN_TONES = range(0x1F3FB, 0x1F400)
_HIGHEST = 0x1FFFF
"""No vowel sign and no skin tone is above."""

Width = tuple[int, int, int]
"""The first and the last character, and their columns."""


def widened(widths: Sequence[Width]) -> list[Width]:
    """Return a table of widths with room for what some terminals draw wider."""
    runs: list[Width] = []
    for row in widths:
        first, last, width = row
        if width or first > _HIGHEST or not _is_wider(first, last):
            runs.append(row)
        else:
            runs += ((code, code, _room(code)) for code in range(first, last + 1))
    return runs


def make_room() -> None:
    """Let Rich and Textual count the most columns from now on."""
    load = cells.load_cell_table  # pyright: ignore[reportPrivateImportUsage]
    narrow = load("auto")
    if getattr(load, "has_room", False):
        return
    wide = narrow._replace(widths=widened(narrow.widths))

    def load_wide(unicode_version: str = "auto") -> cells.CellTable:
        return wide

    load_wide.has_room = True  # pyright: ignore[reportFunctionMemberAccess]
    cells.load_cell_table = load_wide  # pyright: ignore[reportPrivateImportUsage]
    cells.get_character_cell_size.cache_clear()
    cells.cached_cell_len.cache_clear()


def _is_wider(first: int, last: int) -> bool:
    if first < SKIN_TONES.stop and last >= SKIN_TONES.start:
        return True
    return "Mc" in map(unicodedata.category, map(chr, range(first, last + 1)))


def _room(code: int) -> int:
    if code in SKIN_TONES:
        return 2
    return int(unicodedata.category(chr(code)) == "Mc")
