from dataclasses import replace

import pytest

from tests.tui.scripted_attempts import COMPARED, IMPORT, RETRY, TESTS, over
from xreview.domain.attempt.piece import AttemptPiece, PieceRef, PieceVersion
from xreview.domain.change import FileDiff, FileStatus
from xreview.tui.widgets.attempts.piece_columns import BaseLines, piece_columns, shown_columns
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.diff.blocks import RowKind

SHOWN = ShownTrial(over(), hides=True)


def columns(ref=RETRY, width=160, first=0, shown=SHOWN):
    piece = shown.snapshot.comparison.by_ref[ref]
    return {one.label: one for one in piece_columns(shown, piece, BaseLines(), first, width)}


@pytest.mark.parametrize(
    ("count", "width", "first", "expected"),
    [
        (3, 160, 0, (True, "ABC")),
        (5, 160, 4, (True, "ABCDE")),
        (9, 160, 7, (True, "HIABC")),
        (3, 100, 1, (True, "B")),
        (3, 70, 2, (False, "C")),
        (0, 160, 0, (True, "")),
    ],
)
def test_as_many_columns_as_fit(count, width, first, expected):
    has_base, labels = shown_columns("ABCDEFGHI"[:count], first, width)
    assert (has_base, "".join(labels)) == expected


def test_all_columns_are_aligned_with_the_lines_around():
    shown = columns()
    assert {len(one.lines) for one in shown.values()} == {3 + 4 + 2}
    for one in shown.values():
        assert one.lines[0].text == "    def push(self, hook):"
        assert one.lines[-1].text == "    def close(self):"


def test_numbers_are_those_of_each_file():
    shown = columns()
    numbers = {label: [line and line.number for line in one.lines] for label, one in shown.items()}
    assert numbers[""] == [10, 11, 12, 13, 14, None, None, 15, 16]
    assert numbers["A"] == [10, 11, 12, 13, 14, 15, 16, 17, 18]
    assert numbers["B"] == [10, 11, 12, 13, 14, 15, None, 16, 17]


def test_the_first_version_names_the_equal_ones():
    shown = columns()
    assert [one.title for one in shown.values()] == ["base", "A", "B", "C = A"]
    assert [one.title for one in columns(TESTS).values()] == ["base = A = C", "B added"]


def test_kinds_tell_what_the_base_has():
    shown = columns()
    kinds = [line.kind for line in shown["B"].lines if line]
    assert kinds.count(RowKind.ADDED) == 2, "its first line is as in the base"
    assert shown[""].lines[3].kind is RowKind.REMOVED, "A has another"


def test_the_chosen_one_is_marked_the_base_too():
    piece = COMPARED.by_ref[IMPORT]
    assert columns(IMPORT, shown=SHOWN.choosing(piece, "C"))["C"].is_chosen
    assert columns(IMPORT, shown=SHOWN.choosing(piece, ""))[""].is_chosen
    assert not any(one.is_chosen for one in columns(IMPORT).values())


def test_a_whole_file_without_lines_shows_its_diff():
    body = b"@@ -0,0 +1,2 @@\n+one\n+two\n"
    file = FileDiff("new.py", FileStatus.ADDED, body=body)
    ref = PieceRef("new.py", 0)
    piece = AttemptPiece(
        ref, 0, 0, (), (PieceVersion(("A",), (), 1, "added"),), ("B", "C"), is_whole=True
    )
    trial = over()
    first = replace(trial.attempts[0], files=(file,))
    trial = replace(
        trial,
        attempts=(first, *trial.attempts[1:]),
        comparison=replace(COMPARED, pieces=(piece,)),
    )
    shown = columns(ref, shown=ShownTrial(trial, hides=True))
    assert [line.text for line in shown["A"].lines] == ["one", "two"]
    assert shown[""].lines == [None, None]


def test_an_untouched_attempt_has_no_column_and_is_named_above_the_base():
    piece = replace(
        COMPARED.by_ref[RETRY],
        versions=COMPARED.by_ref[RETRY].versions[1:],
        untouched=("A", "C"),
    )
    trial = ShownTrial(replace(over(), comparison=replace(COMPARED, pieces=(piece,))), hides=True)
    assert [one.title for one in columns(shown=trial).values()] == ["base = A = C", "B"]
    for first in range(3):
        assert list(columns(shown=trial, width=70, first=first)) == ["B"]
