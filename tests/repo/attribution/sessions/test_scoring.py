import pytest

from xreview.domain.report import Confidence
from xreview.repo.attribution.sessions.scoring import Board, SessionEdit, is_trivial


@pytest.mark.parametrize("row", ["", "   ", "}", "});", "else:", "  } else {", "pass", "x = 1",
    "return None;", "finally:", "# ---", "end", "i++"])  # fmt: skip
def test_trivial(row):
    assert is_trivial(row)


@pytest.mark.parametrize(
    "row", ["total = 1", "return total", "import os", "def f(x):", "# 说明文字"]
)
def test_not_trivial(row):
    assert not is_trivial(row)


@pytest.mark.parametrize(
    ("matched", "possible", "expected"),
    [
        (1, 1, Confidence.LOW),
        (2, 2, Confidence.MEDIUM),
        (2, 3, Confidence.LOW),
        (3, 15, Confidence.MEDIUM),
        (3, 16, Confidence.LOW),
        (5, 10, Confidence.HIGH),
        (5, 11, Confidence.MEDIUM),
        (20, 1000, Confidence.HIGH),
    ],
)
def test_confidence(matched, possible, expected):
    rows = {number: f"line_number({number})" for number in range(1, possible + 1)}
    board = Board({"a": rows})
    board.take(
        SessionEdit("a", "m", "", "\n".join(rows[number] for number in range(1, matched + 1)))
    )
    (match,) = board.close_session()
    assert (match.matched, match.possible, match.confidence) == (matched, possible, expected)
    assert board.is_full is (matched == possible)


def test_indentation_does_not_count():
    board = Board({"a": {7: "\t\tvalue  =  compute( it )\r"}})
    board.take(SessionEdit("a", "m", "2026-01-01", "value = compute( it )"))
    (match,) = board.close_session()
    assert (match.lines[0].ranges, match.at) == (((7, 7),), "2026-01-01")


def test_trivial_lines_alone_are_nothing():
    board = Board({"a": {1: "}", 2: "", 3: "else:"}})
    board.take(SessionEdit("a", "m", "", "}\n\nelse:"))
    assert board.close_session() == ()


def test_a_later_edit_of_a_session_replaces_an_earlier_one():
    board = Board({"a": {1: "value = compute(it)"}})
    board.take(SessionEdit("a", "first", "1", "value = compute(it)"))
    board.take(SessionEdit("a", "second", "2", "value = compute(it)"))
    assert [match.model for match in board.close_session()] == ["second"]
