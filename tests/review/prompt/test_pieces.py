from hypothesis import given
from hypothesis import strategies as st

from tests.analysers.changes import diff_body
from tests.review.prompt.building import functions
from xreview.domain.change import FileDiff, FileStatus, Line, LineKind, Side
from xreview.review.prompt.compose import estimated_tokens
from xreview.review.prompt.context import ShownFile
from xreview.review.prompt.pieces import pieces_of


def added(text: str) -> ShownFile:
    file = FileDiff("src/a.py", FileStatus.ADDED, body=diff_body("", text))
    segments = tuple(hunk.lines for hunk in file.hunks)
    return ShownFile(file, segments, text.count("\n"))


def test_what_fits_is_one_piece() -> None:
    (piece,) = pieces_of(added(functions(3)), 2_000)

    assert (piece.number, piece.of, piece.line_count) == (1, 1, 9)
    assert piece.changed == ((1, 9),)
    assert piece.cut_lines == ()
    assert piece.lines_of(Side.NEW) == tuple(functions(3).split("\n")[:-1])
    assert piece.lines_of(Side.OLD) == ()


def test_a_large_file_is_cut_between_functions() -> None:
    pieces = pieces_of(added(functions(500)), 2_000)

    assert len(pieces) > 5
    for piece in pieces:
        assert piece.segments[0][0].text.startswith("def work_")
        assert f"part {piece.number} of {len(pieces)}" in piece.text


def test_a_piece_without_a_change_is_not_sent() -> None:
    lines = [Line(LineKind.CONTEXT, n, n, f"line {n} of many") for n in range(1, 2_001)]
    lines[3] = Line(LineKind.ADDED, None, 4, "new")
    file = FileDiff("a", FileStatus.MODIFIED, body=b"")

    (piece,) = pieces_of(ShownFile(file, (tuple(lines),), 2_000), 2_000)

    assert piece.changed == ((4, 4),)


def test_a_line_longer_than_all_is_cut_and_named() -> None:
    (piece,) = pieces_of(added("a\n" + "x" * 100_000 + "\n"), 2_000)

    assert piece.cut_lines == ((2, 2),)
    assert estimated_tokens(piece.text) <= 2_000


def test_what_says_that_lines_are_left_out_takes_room_too() -> None:
    segments = tuple((Line(LineKind.ADDED, None, n, "x"),) for n in range(10_000, 13_000, 10))
    file = FileDiff("src/a.py", FileStatus.MODIFIED)

    for piece in pieces_of(ShownFile(file, segments, 99_999), 600):
        assert estimated_tokens(piece.text) <= 600


@st.composite
def shown_files(draw) -> ShownFile:
    """Segments with lines left out between them, all numbers large: the widest drawing there is."""
    number = draw(st.integers(1, 99_999))
    segments = []
    for _ in range(draw(st.integers(0, 12))):
        number += draw(st.integers(1, 5))
        lines = []
        for _ in range(draw(st.integers(1, 25))):
            kind = draw(st.sampled_from(LineKind))
            text = draw(st.text(max_size=20)) * draw(st.sampled_from([1, 1, 1, 200]))
            is_removed = kind is LineKind.REMOVED
            lines.append(Line(kind, number, None if is_removed else number, text))
            number += not is_removed
        segments.append(tuple(lines))
    path = draw(st.sampled_from(["src/é.py", "a/very/long/path" * 8]))
    return ShownFile(FileDiff(path, FileStatus.MODIFIED), tuple(segments), number + 3)


@given(shown_files(), st.integers(600, 3_000))
def test_no_change_is_lost_and_every_piece_fits(shown, room) -> None:
    def changed(of) -> list[Line]:
        return [line for part in of for line in part if line.kind is not LineKind.CONTEXT]

    pieces = pieces_of(shown, room)

    assert [line for one in pieces for line in changed(one.segments)] == changed(shown.segments)
    for piece in pieces:
        assert changed(piece.segments)
        assert estimated_tokens(piece.text) <= room
