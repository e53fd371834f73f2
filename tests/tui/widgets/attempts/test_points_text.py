import pytest

from tests.tui.scripted_attempts import over
from xreview.tui.widgets.attempts.points_text import (
    NOT_MENTIONED,
    Parting,
    PointCell,
    PointRow,
    points_content,
)
from xreview.tui.widgets.attempts.state import ShownTrial

SHOWN = ShownTrial(over(), hides=True)
ROW = PointRow(Parting.APART, {"B": PointCell("left out", "An\x1b[31m empty body.")})


def drawn(first: int, width: int) -> list[str]:
    return [row.rstrip() for row in points_content(SHOWN, [ROW], first, width).plain.split("\n")]


def test_the_only_column_says_what_another_attempt_says_where_its_own_says_nothing():
    (said,) = [row for row in drawn(0, 70) if NOT_MENTIONED in row]
    assert said.startswith(f"{NOT_MENTIONED}; B left out: An")
    assert "\x1b" not in said
    assert not any(NOT_MENTIONED in row for row in drawn(1, 70))


@pytest.mark.parametrize("width", [100, 160])
def test_beside_other_columns_nothing_is_said_twice(width):
    (said,) = [row for row in drawn(0, width) if NOT_MENTIONED in row]
    assert said.startswith(f"{NOT_MENTIONED}  ")
    assert said.count("left out") == 1
