import pytest
from hypothesis import given, settings

from tests.tui.widgets.diff.diffs import file_of, files, marked
from xreview.domain.change import FileDiff, FileStatus, LineKind, Side
from xreview.tui.widgets.diff import blocks as diff_blocks
from xreview.tui.widgets.diff.blocks import CODE, RowKind
from xreview.tui.widgets.diff.rows import FileRows, notice_of, rows_before_body

KINDS = {
    LineKind.ADDED: RowKind.ADDED,
    LineKind.REMOVED: RowKind.REMOVED,
    LineKind.CONTEXT: RowKind.CONTEXT,
}


def as_domain_sees(file: FileDiff) -> list[tuple[RowKind, int | None, int | None, str]]:
    return [
        (KINDS[line.kind], line.old_number, line.new_number, line.text)
        for hunk in file.hunks
        for line in hunk.lines
    ]


def as_rows_see(file: FileDiff) -> list[tuple[RowKind, int | None, int | None, str]]:
    rows = FileRows(file)
    found = [rows.row(number) for number in range(rows.count)]
    return [(row.kind, row.old, row.new, rows.text(row)) for row in found if row.kind in CODE]


@given(files())
@settings(max_examples=200)
def test_rows_are_the_lines_that_the_domain_parses(file: FileDiff) -> None:
    assert as_rows_see(file) == as_domain_sees(file)
    assert FileRows(file).count == rows_before_body(file) + file.row_count


@given(files(most_lines=60))
@settings(max_examples=100)
def test_rows_are_the_same_however_small_the_blocks(file: FileDiff) -> None:
    before = diff_blocks.BLOCK_BYTES
    diff_blocks.BLOCK_BYTES = 24
    try:
        assert as_rows_see(file) == as_domain_sees(file)
        rows = FileRows(file)
        assert sum(block.size for block in rows.blocks()) == file.row_count
    finally:
        diff_blocks.BLOCK_BYTES = before


@given(files())
@settings(max_examples=100)
def test_every_line_is_found_at_its_own_row(file: FileDiff) -> None:
    rows = FileRows(file)
    for number in range(rows.count):
        row = rows.row(number)
        if row.old is not None:
            assert FileRows(file).find(Side.OLD, row.old) == number
        if row.new is not None:
            assert rows.find(Side.NEW, row.new) == number


def test_rows_outside_the_file_are_refused() -> None:
    rows = FileRows(file_of((1, 1, marked("+a"))))
    with pytest.raises(IndexError):
        rows.row(rows.count)
    with pytest.raises(IndexError):
        rows.row(-1)


def test_a_long_hunk_is_cut_only_as_far_as_somebody_looks() -> None:
    lines = [("+", f"line {number} of a long new file") for number in range(20_000)]
    rows = FileRows(file_of((0, 1, lines)))
    assert rows.row(5).new == 4
    assert len(rows._blocks) == 1
    assert rows.row(19_000).new == 18_999
    assert rows.find(Side.NEW, 20_000) == rows.count - 1


def test_a_line_that_is_not_shown_is_answered_by_the_nearest_hunk() -> None:
    rows = FileRows(file_of((10, 10, marked(" a\n+b")), (100, 101, marked(" c\n-d"))))
    assert rows.find(Side.NEW, 50) is None
    assert rows.nearest(Side.NEW, 12) == 1
    assert rows.nearest(Side.NEW, 90) == 4
    assert rows.nearest(Side.OLD, 5000) == 4


def test_lines_behind_a_hunk_belong_to_no_hunk() -> None:
    file = FileDiff("a", FileStatus.MODIFIED, body=b"@@ -1 +1 @@\n-a\n+b\n-- \n2.40\n")
    rows = FileRows(file)
    kinds = [rows.row(number).kind for number in range(rows.count)]
    assert kinds[-2:] == [RowKind.OTHER, RowKind.OTHER]
    assert as_rows_see(file) == as_domain_sees(file)


@pytest.mark.parametrize(
    ("ends", "mixed"),
    [(["", ""], False), (["\r", "\r"], False), (["\r", ""], True), (["", "\r", ""], True)],
)
def test_line_endings_that_differ_within_a_hunk_are_noticed(ends: list[str], mixed: bool) -> None:
    rows = FileRows(
        file_of((1, 1, [("+", f"x{end}") for end in ends]), (50, 60, marked(" last\r")))
    )
    assert rows.has_mixed_endings(0) is mixed
    assert rows.has_mixed_endings(1) is False


def test_a_last_line_without_newline_does_not_make_crlf_endings_mixed() -> None:
    body = b"@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+c\r\n"
    assert not FileRows(FileDiff("a", FileStatus.MODIFIED, body=body)).has_mixed_endings(0)


def test_hunks_are_found_up_and_down() -> None:
    rows = FileRows(
        file_of((1, 1, marked("+a\n b")), (50, 51, marked("-c")), (90, 90, marked("+d")))
    )
    assert [rows.hunk_after(0), rows.hunk_after(1), rows.hunk_after(5), rows.hunk_after(7)] == [
        1, 4, 6, None,
    ]  # fmt: skip
    assert [rows.hunk_before(7), rows.hunk_before(6), rows.hunk_before(1)] == [6, 4, None]


@pytest.mark.parametrize(
    ("file", "notice"),
    [
        (FileDiff("a", FileStatus.MODIFIED, binary=True), "binary"),
        (FileDiff("a", FileStatus.MODIFIED, old_mode="160000", new_mode="160000"), "submodule"),
        (FileDiff("a", FileStatus.ADDED, new_mode="100644"), "empty file"),
        (FileDiff("a", FileStatus.RENAMED, old_path="b"), "renamed"),
        (FileDiff("a", FileStatus.MODIFIED, old_mode="100644", new_mode="100755"), "mode changed"),
        (FileDiff("a", FileStatus.MODIFIED, body=b"@@ -1 +1 @@\n-a\n+b\n"), ""),
        (FileDiff("a", FileStatus.MODIFIED, notice="cut off at 1 MB", body=b"@@"), "cut off"),
    ],
)
def test_what_a_file_says_beside_its_lines(file: FileDiff, notice: str) -> None:
    assert notice_of(file).startswith(notice)
    assert bool(notice_of(file)) is bool(notice)
