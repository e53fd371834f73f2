"""A text in place of the findings, or below the last of them."""

from xreview.tui.widgets.findings.told import ToldText


def test_it_stands_below_an_empty_line_and_wraps() -> None:
    told = ToldText("All findings are decided.")
    assert [told.line(y, 14) for y in range(5)] == ["", " All findings", " are decided.", "", ""]
    assert told.height(14) == 3


def test_it_is_wrapped_again_for_another_width() -> None:
    told = ToldText("All findings are decided.")
    assert told.height(14) == 3
    assert told.height(40) == 2


def test_no_text_takes_no_room() -> None:
    assert ToldText().height(20) == 0
    assert ToldText().line(1, 20).strip() == ""
