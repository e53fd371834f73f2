"""Random text files, random edits of them, and the diffs as git would print them."""

import difflib

from hypothesis import strategies as st

from xreview.domain.change import FileDiff, FileStatus

WORDS = (b"a", b"b", b"c", b"", b"x\r", b"-", b"+", b"@@ -1 +1 @@", b"\\ No", b"\xff\xfe", b"\xe2")
"""Lines, few so that they repeat; some look like a diff, and some aren't text."""


def joined(lines: list[bytes], ends: bool) -> bytes:
    return b"\n".join(lines) + (b"\n" if ends and lines else b"")


lines = st.lists(st.sampled_from(WORDS), max_size=12)
contents = st.builds(joined, lines, st.booleans())


@st.composite
def edited(draw: st.DrawFn, base: bytes) -> bytes:
    """The base with some edits; sometimes without or with a line feed at its end."""
    rows = base.split(b"\n")
    ends = rows[-1] == b""
    if ends:
        rows.pop()
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(rows)))
        end = draw(st.integers(start, min(len(rows), start + 3)))
        rows[start:end] = draw(st.lists(st.sampled_from(WORDS), max_size=3))
    return joined(rows, ends if draw(st.booleans()) else not ends)


@st.composite
def trials(draw: st.DrawFn) -> tuple[bytes, dict[str, bytes]]:
    """A base and what up to four attempts make of it."""
    base = draw(contents)
    count = draw(st.integers(1, 4))
    return base, {label: draw(edited(base)) for label in "ABCD"[:count]}


def diff_of(base: bytes, new: bytes, path: str = "a.py") -> FileDiff:
    """The diff of a modified file, as git prints it."""
    old, now = _rows(base), _rows(new)
    body: list[bytes] = []
    for group in difflib.SequenceMatcher(None, old, now, autojunk=False).get_grouped_opcodes(3):
        spans = (
            _span(group[0][1], group[-1][2]),
            _span(group[0][3], group[-1][4]),
        )
        body.append(b"@@ -%s +%s @@\n" % spans)
        for kind, i, j, k, m in group:
            if kind == "equal":
                body += [_row(b" ", row) for row in old[i:j]]
            else:
                body += [_row(b"-", row) for row in old[i:j]]
                body += [_row(b"+", row) for row in now[k:m]]
    return FileDiff(
        path, FileStatus.MODIFIED, old_mode="100644", new_mode="100644", body=b"".join(body)
    )


def _rows(content: bytes) -> list[bytes]:
    rows = content.split(b"\n")
    return [row + b"\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])


def _row(mark: bytes, row: bytes) -> bytes:
    return mark + row if row.endswith(b"\n") else mark + row + b"\n\\ No newline at end of file\n"


def _span(start: int, end: int) -> bytes:
    count = end - start
    first = start + 1 if count else start
    return b"%d" % first if count == 1 else b"%d,%d" % (first, count)
