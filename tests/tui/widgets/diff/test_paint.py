import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.widgets.diff.diffs import HOSTILE, file_of, files, marked
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.report import Severity
from xreview.domain.text import visible
from xreview.tui.themes.files import SYNTAX
from xreview.tui.widgets.diff.blocks import RowKind
from xreview.tui.widgets.diff.cell import UNDECORATED, Cell, Decoration
from xreview.tui.widgets.diff.decorate import decorate
from xreview.tui.widgets.diff.paint import Painter
from xreview.tui.widgets.diff.palette import Palette
from xreview.tui.widgets.diff.passage import Passage
from xreview.tui.widgets.diff.rows import FileRows
from xreview.tui.widgets.findings.marks import Mark, severity_sign

PALETTE = Palette({})


@st.composite
def decorations(draw: st.DrawFn) -> Decoration:
    edges = sorted(set(draw(st.lists(st.integers(0, 40), max_size=8))))
    groups = st.sampled_from(SYNTAX)
    spans = tuple((a, b, draw(groups)) for a, b in zip(edges[::2], edges[1::2], strict=False))
    edges = sorted(set(draw(st.lists(st.integers(0, 40), max_size=4))))
    changed = tuple(zip(edges[::2], edges[1::2], strict=False))
    odd = draw(st.sampled_from([(), ((0, 1), (3, 7)), ((2, 4), (3, 5))]))
    return Decoration(spans, changed, odd, draw(st.sampled_from(["", "has U+200B, shown as ⌧"])))


@given(
    files(most_lines=6),
    decorations(),
    st.integers(1, 90),
    st.integers(0, 20),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "a", "界", "="]),
)
@settings(max_examples=300, deadline=None)
def test_every_line_is_exactly_as_wide_as_the_pane(
    file: FileDiff,
    decoration: Decoration,
    width: int,
    column: int,
    cursor: bool,
    quoted: bool,
    wanted: str,
) -> None:
    painter = Painter(PALETTE, width, column, re.compile(wanted) if wanted else None)
    rows = FileRows(file)
    mark = Mark(Severity.HIGH, True)
    cells = [
        Cell(rows, number, rows.row(number), decoration, mark, quoted, cursor, True)
        for number in range(rows.count)
    ]
    strips = [painter.unified(cell) for cell in cells]
    strips += [painter.side_by_side(cell, None) for cell in cells]
    strips += [painter.side_by_side(None, cell) for cell in cells]
    strips += [painter.side_by_side(cell, cell) for cell in cells]
    for strip in strips:
        assert strip.cell_length == width
        assert sum(cell_len(segment.text) for segment in strip) == width
        assert visible(strip.text) == strip.text


def cell_of(
    file: FileDiff, number: int, decoration: Decoration = UNDECORATED, **more: object
) -> Cell:
    rows = FileRows(file)
    return Cell(rows, number, rows.row(number), decoration, **more)


def text_of(file: FileDiff, number: int, width: int = 60, column: int = 0, **more: object) -> str:
    return Painter(PALETTE, width, column).unified(cell_of(file, number, **more)).text


FILE = file_of((9, 9, marked(" same\n-old\n+new")))


def test_signs_and_numbers_are_shown() -> None:
    assert text_of(FILE, 2).rstrip() == "   9   9  same"
    assert text_of(FILE, 3).rstrip() == "  10     -old"
    assert text_of(FILE, 4).rstrip() == "      10 +new"


def test_a_finding_and_a_quote_have_signs_of_their_own() -> None:
    mark = Mark(Severity.CRITICAL, is_open=True)
    assert text_of(FILE, 4, mark=mark, quoted=True).rstrip() == "◆     10┃+new"
    decided = Mark(Severity.CRITICAL, is_open=False)
    assert text_of(FILE, 4, mark=decided).startswith("◇")
    signs = {severity_sign(severity, is_open) for severity in Severity for is_open in (True, False)}
    assert len(signs) == 8
    assert all(cell_len(sign) == 1 for sign in signs)


def test_the_cursor_is_told_without_colour() -> None:
    def attributes(cursor: bool) -> list[bool]:
        strip = Painter(PALETTE, 60).unified(cell_of(FILE, 3, cursor=cursor))
        return [bool(segment.style and segment.style.reverse) for segment in strip]

    assert any(attributes(cursor=True))
    assert not any(attributes(cursor=False))


def test_changed_words_are_told_without_colour() -> None:
    strip = Painter(PALETTE, 60).unified(cell_of(FILE, 4, Decoration((), ((0, 2),))))
    bold = [part.text for part in strip if part.style and part.style.bold]
    assert "ne" in bold


def test_syntax_colours_follow_the_groups() -> None:
    strip = Painter(PALETTE, 60).unified(cell_of(FILE, 4, Decoration(((0, 3, "keyword"),))))
    colour = next(part.style.color for part in strip if part.style and part.text == "new")
    assert colour == PALETTE.colour("syntax-keyword")


def test_long_lines_are_scrolled_sideways() -> None:
    file = file_of((1, 1, [("+", "0123456789" * 200_000)]))
    assert text_of(file, 2, column=5).endswith("+" + ("0123456789" * 9)[5:55])
    assert text_of(file, 2, column=1_999_995).rstrip().endswith("+56789")


@pytest.mark.parametrize(("ends", "shown"), [(("\r", "\r"), False), (("\r", ""), True)])
def test_line_ends_are_shown_where_they_differ(ends: tuple[str, str], shown: bool) -> None:
    file = file_of((1, 1, [("+", f"a{ends[0]}"), ("+", f"b{ends[1]}")]))
    assert ("␍" in text_of(file, 2)) is shown
    assert "␍" not in text_of(file, 3) or ends[1]


def test_a_missing_newline_is_told() -> None:
    body = b"@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n"
    file = FileDiff("a", FileStatus.MODIFIED, body=body)
    assert "no newline at end of file" in text_of(file, 4)


def test_the_header_tells_what_happened() -> None:
    file = FileDiff(
        "new/name.py", FileStatus.RENAMED, old_path="old/name.py", old_mode="100644",
        new_mode="100755", body=FILE.body,
    )  # fmt: skip
    text = text_of(file, 0, width=100)
    for part in ("old/name.py → new/name.py", "renamed", "100644 → 100755", "+1 −1"):
        assert part in text


def test_a_long_path_keeps_its_end() -> None:
    file = FileDiff("deep/" * 40 + "name.py", FileStatus.MODIFIED, body=FILE.body)
    text = text_of(file, 0, width=60)
    assert text.startswith(" …")
    assert "/name.py " in text
    assert "modified" in text


@pytest.mark.parametrize("width", [40, 200])
def test_names_and_headers_can_do_no_harm(width: int) -> None:
    body = f"@@ -1 +1 @@ {HOSTILE}\n-{HOSTILE}\n+x\n".encode()
    file = FileDiff(f"a/{HOSTILE}.py", FileStatus.RENAMED, old_path=HOSTILE, body=body,
                    notice=HOSTILE)  # fmt: skip
    for number in range(FileRows(file).count):
        text = text_of(file, number, width=width)
        assert text.isprintable()
        assert visible(text) == text


def test_paired_lines_get_their_changed_words_and_colours() -> None:
    file = file_of((1, 1, marked(" x = 1\n-return first(a)\n+return second(a)")))
    rows = FileRows(file)
    rows.row(2)
    passage = Passage((0, 0), file, rows.block(0))
    found = decorate(passage, set())
    assert found[3].changed == ((7, 12),)
    assert found[4].changed == ((7, 13),)
    assert (0, 6, "keyword") in found[3].spans
    assert (0, 6, "keyword") in found[4].spans
    assert found[1] == UNDECORATED
    assert rows.row(1).kind is RowKind.HUNK


def test_what_deceives_is_marked_without_colour_and_named_on_its_line() -> None:
    lines = "+if p\u0430ss == 'user\u202e':\n+# Größe: 漢字, Привет, ❤\ufe0f"
    file = file_of((1, 1, marked(lines)))
    rows = FileRows(file)
    passage = Passage((0, 0), file, next(rows.blocks()))
    found = decorate(passage, set())

    strip = Painter(PALETTE, 200).unified(cell_of(file, 2, found[2]))
    marks = [part.text for part in strip if part.style is not None and part.style.reverse]
    plain = Painter(PALETTE, 200).unified(cell_of(file, 3, found[3]))

    assert marks == ["p\u0430ss", "⇄"]
    assert "◂ has " in strip.text
    assert "U+202E RIGHT-TO-LEFT OVERRIDE, shown as ⇄" in strip.text
    assert 'Cyrillic and Latin letters that read "pass"' in strip.text
    assert not [part for part in plain if part.style is not None and part.style.reverse]
    assert "◂" not in plain.text
