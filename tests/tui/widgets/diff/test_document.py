from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.widgets.diff.diffs import file_of, files, marked
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.tui.widgets.diff.blocks import RowKind
from xreview.tui.widgets.diff.document import DiffDocument, DocumentPosition
from xreview.tui.widgets.diff.layout import Layout, measure


def document(changed: list[FileDiff], side_by_side: bool) -> DiffDocument:
    return laid_out(changed, Layout(side_by_side))


def laid_out(changed: list[FileDiff], layout: Layout) -> DiffDocument:
    made = DiffDocument(layout)
    made.append(changed, [measure(file, layout, has_rest=False) for file in changed])
    return made


@given(st.lists(files(), max_size=4), st.booleans())
@settings(max_examples=150)
def test_every_row_stands_on_exactly_one_line(changed: list[FileDiff], side_by_side: bool) -> None:
    made = document(changed, side_by_side)
    seen: list[DocumentPosition] = []
    for number in range(made.height):
        line = made.line(number)
        for row in {line.left, line.right} - {None}:
            seen.append(DocumentPosition(line.file, row))
            assert made.line_of(DocumentPosition(line.file, row)) == number
    expected = [
        DocumentPosition(index, row)
        for index, file in enumerate(changed)
        for row in range(measure(file, Layout(), False).lines)
    ]
    assert sorted(seen) == expected


@given(st.lists(files(), max_size=3), st.booleans())
@settings(max_examples=100)
def test_sides_hold_their_own_lines(changed: list[FileDiff], side_by_side: bool) -> None:
    made = document(changed, side_by_side)
    for number in range(made.height):
        line = made.line(number)
        if line.left == line.right:
            continue
        if line.left is not None:
            kind = made.row(DocumentPosition(line.file, line.left)).kind
            assert kind in (RowKind.REMOVED, RowKind.NO_NEWLINE)
        if line.right is not None:
            kind = made.row(DocumentPosition(line.file, line.right)).kind
            assert kind in (RowKind.ADDED, RowKind.NO_NEWLINE)


def test_removed_and_added_lines_stand_next_to_each_other() -> None:
    made = document([file_of((1, 1, marked(" a\n-b\n-c\n+B\n d")))], True)
    pairs = [(made.line(number).left, made.line(number).right) for number in range(made.height)]
    assert pairs == [(0, 0), (1, 1), (2, 2), (3, 5), (4, None), (6, 6)]


def test_a_note_about_the_newline_stays_on_its_side() -> None:
    body = b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    made = document([FileDiff("a", FileStatus.MODIFIED, body=body)], True)
    pairs = [(made.line(number).left, made.line(number).right) for number in range(made.height)]
    assert pairs == [(0, 0), (1, 1), (2, 4), (3, 5)]


def test_hunks_are_walked_across_files() -> None:
    binary = FileDiff("b.bin", FileStatus.MODIFIED, binary=True)
    two = file_of((1, 1, marked("+a")), (9, 10, marked("+b")))
    made = document([two, binary, two], False)
    at: DocumentPosition | None = DocumentPosition(0, 0)
    walked = []
    while at is not None:
        walked.append(at)
        at = made.hunk_from(at, 1)
    assert walked == [(0, 0), (0, 1), (0, 3), (1, 0), (2, 1), (2, 3)]
    back = []
    at = DocumentPosition(2, 4)
    while at is not None:
        back.append(at)
        at = made.hunk_from(at, -1)
    assert back == [(2, 4), (2, 3), (2, 1), (1, 0), (0, 3), (0, 1)]


def test_places() -> None:
    made = document([file_of((5, 7, marked(" a\n-b\n+c")))], False)
    path = "src/app.py"
    assert made.place(DocumentPosition(0, 0)) == (path, Side.NEW, 7)
    assert made.place(DocumentPosition(0, 2)) == (path, Side.NEW, 7)
    assert made.place(DocumentPosition(0, 3)) == (path, Side.OLD, 6)
    assert made.place(DocumentPosition(0, 4)) == (path, Side.NEW, 8)
    nothing = document([FileDiff("b.bin", FileStatus.MODIFIED, binary=True)], False)
    assert nothing.place(DocumentPosition(0, 1)) is None


layouts = st.builds(Layout, st.booleans(), st.sampled_from([0, 30, 40, 60, 90]))


@given(st.lists(files(), max_size=4), layouts, st.data())
@settings(max_examples=200, deadline=None)
def test_strips_and_lines_are_each_others_inverse(
    changed: list[FileDiff], layout: Layout, data: st.DataObject
) -> None:
    made = DiffDocument(layout)
    made.append(changed, [measure(file, layout, has_rest=True) for file in changed])
    for index in range(len(changed)):
        made.fold(index, folded=data.draw(st.booleans()))
    for index in range(len(changed)):
        if data.draw(st.booleans()):
            made.replace(index, changed[0], measure(changed[0], layout, has_rest=False))
    strip = 0
    for number in range(made.height):
        strips = made.strips_of(number)
        assert (strips.start, made.strip_of(number)) == (strip, strip)
        assert [made.at_strip(one) for one in strips] == [
            (number, part) for part in range(len(strips))
        ]
        assert len(strips) == 1 or layout.wrap_width
        strip = strips.stop
        position = made.position(number)
        assert made.line_of(position) == number
        assert position.row == 0 or not made.is_folded(position.file)
    assert strip == made.depth


@given(st.lists(files(), min_size=1, max_size=3), layouts)
@settings(max_examples=50, deadline=None)
def test_a_folded_file_is_its_header(changed: list[FileDiff], layout: Layout) -> None:
    made = laid_out(changed, layout)
    height, depth = made.height, made.depth
    last = DocumentPosition(0, made.file_rows(0).count - 1)
    made.fold(0, folded=True)
    assert made.line_of(last) == made.start_of(0) == 0
    assert made.file_at(1) == 1 or len(changed) == 1
    made.fold(0, folded=False)
    assert (made.height, made.depth) == (height, depth)


def test_a_replaced_diff_has_another_key() -> None:
    one, two = (file_of((1, 1, marked(text))) for text in ("+a", "+b\n+c"))
    made = document([one, one], False)
    keys = [made.key_of(0), made.key_of(1)]
    made.replace(0, two, measure(two, made.layout, has_rest=False))
    assert [made.file_of(key) for key in keys] == [None, 1]
    assert made.file_of(made.key_of(0)) == 0
    assert made.start_of(1) == 4


def test_a_folded_file_counts_as_one_hunk() -> None:
    two = file_of((1, 1, marked("+a")), (9, 10, marked("+b")))
    made = document([two, two, two], False)
    made.fold(1, folded=True)
    at: DocumentPosition | None = DocumentPosition(0, 0)
    walked = []
    while (at := made.hunk_from(at, 1)) is not None:
        walked.append(at)
    assert walked == [(0, 1), (0, 3), (1, 0), (2, 1), (2, 3)]
    at = DocumentPosition(2, 4)
    back = []
    while (at := made.hunk_from(at, -1)) is not None:
        back.append(at)
    assert back == [(2, 3), (2, 1), (1, 0), (0, 3), (0, 1)]
