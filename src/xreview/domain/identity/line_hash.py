"""GitHub's fingerprint of a line, `primaryLocationLineHash`, which code scanning uses for alerts.

The `codeql-action` computes it for results without one: a 64-bit polynomial hash of a hundred
characters (UTF-16 code units) from the beginning of the line on. Spaces and tabs are skipped, every
line end is a line feed, and the end of the file is followed by one 65535 and then zeros. A colon
and a number distinguish lines of one file with equal hashes.
"""

from collections import Counter
from collections.abc import Iterator

LONGEST = 100_000
"""The longest file it is computed for, in characters: more would take too long."""

_WINDOW = 100
_FACTOR = 37
_MASK = (1 << 64) - 1
_LEAVING = pow(_FACTOR, _WINDOW, 1 << 64)
_SKIPPED = frozenset(map(ord, " \t"))
_LF = ord("\n")
_END = 0xFFFF


def line_hashes(text: str) -> list[str]:
    """The fingerprint of each line, in order; [] if the text is too long."""
    if len(text) > LONGEST:
        return []
    units = [*_units(text), _END]
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == _LF)]
    units += [0] * _WINDOW
    hashes: list[int] = []
    value = at = 0
    for start in starts:
        while at < start + _WINDOW:
            leaving = units[at - _WINDOW] if at >= _WINDOW else 0
            value = (value * _FACTOR + units[at] - _LEAVING * leaving) & _MASK
            at += 1
        hashes.append(value)
    seen: Counter[int] = Counter()
    found: list[str] = []
    for value in hashes:
        seen[value] += 1
        found.append(f"{value:x}:{seen[value]}")
    return found


def _units(text: str) -> Iterator[int]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    encoded = plain.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(encoded), 2):
        unit = encoded[at] | encoded[at + 1] << 8
        if unit not in _SKIPPED:
            yield unit
