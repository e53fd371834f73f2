"""The code that a thread is about, from the diff that its forge quotes or from the commit."""

from collections.abc import Awaitable, Callable

from xreview.domain.change import Hunk, LineKind, Side, parse_hunks
from xreview.domain.pull.discussion import CommentPlace
from xreview.domain.record import dataclass

ContentAt = Callable[[str, str], Awaitable[bytes | None]]
"""Returns a file's content at a commit (its full id, then the path); None if it isn't available."""

MOST_QUOTED = 40
"""Lines that are quoted of a thread."""

_LONGEST_HUNK = 400_000


@dataclass(frozen=True, slots=True)
class QuotedCode:
    """The code that a thread is about, and its lines in the commit that was commented."""

    text: str
    start_line: int
    end_line: int


def quoted_in_hunk(place: CommentPlace) -> QuotedCode | None:
    """The lines of a thread in the diff that its forge quotes; None if it quotes no such lines.

    A quoted diff ends with the thread's last line (GitHub's `diff_hunk`), so where the numbers
    don't lead to it, its last line on this side counts.
    """
    if not place.hunk or not place.end_line or len(place.hunk) > _LONGEST_HUNK:
        return None
    hunks = list(parse_hunks(place.hunk.encode("utf-8", "surrogateescape")))
    rows = [row for hunk in hunks for row in _rows(hunk, place.side)]
    if not rows:
        return None
    start = place.start_line or place.end_line
    wanted = [row for row in rows if start <= row[0] <= place.end_line]
    if not wanted or wanted[-1][0] != place.end_line:
        wanted = rows[-1:]
    return _quoted(wanted[-MOST_QUOTED:])


def quoted_in_file(content: bytes, start: int, end: int) -> QuotedCode | None:
    """These lines of a file, as far as it has them."""
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    last = min(end, len(lines), start + MOST_QUOTED - 1)
    if not 1 <= start <= last:
        return None
    return _quoted([(number, lines[number - 1]) for number in range(start, last + 1)])


def _rows(hunk: Hunk, side: Side) -> list[tuple[int, str]]:
    """The lines of one side of a hunk, with their numbers."""
    other = LineKind.REMOVED if side is Side.NEW else LineKind.ADDED
    found: list[tuple[int, str]] = []
    for line in hunk.lines:
        number = line.new_number if side is Side.NEW else line.old_number
        if line.kind is not other and number is not None:
            found.append((number, line.text))
    return found


def _quoted(rows: list[tuple[int, str]]) -> QuotedCode | None:
    text = "\n".join(text for _, text in rows)
    return QuotedCode(text, rows[0][0], rows[-1][0]) if text.strip() else None
