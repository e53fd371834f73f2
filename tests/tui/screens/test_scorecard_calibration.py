"""The calibration on the scorecard's screen."""

from textual.content import Content

from tests.cli.test_calibration_text import files
from xreview.domain.calibration.figures import Calibration, JudgedReport, calibrate
from xreview.domain.decision import Verdict
from xreview.domain.report import Confidence
from xreview.tui.screens.scorecard_calibration import calibration_parts


def page(calibration: Calibration, width: int = 80) -> str:
    return Content.assemble(*calibration_parts(calibration, width)).plain


def test_nothing_decided_needs_no_section() -> None:
    assert page(calibrate((), ())) == ""


def test_every_level_has_its_counts_and_differs_by_shape() -> None:
    told = page(calibrate([*files(2, 2, 18), *files(4, 19, 1), *files(5, 1, 0)], ()))
    rows = {row[:6]: row for row in told.splitlines()}
    assert "18/20" in rows["2 skim"]
    assert "90% (70–97%)" in rows["2 skim"]
    assert rows["2 skim"].count("█") > rows["4 stud"].count("█")
    assert "not enough decisions" in rows["5 deci"]
    assert "–" in rows["1 skip"]
    assert "Levels 1 and 2 are too low" in told


def test_lines_fit_a_narrow_screen() -> None:
    reports = [JudgedReport(Confidence.LOW, Verdict.ACCEPT)] * 1000
    told = page(calibrate(files(1, 500, 500), reports), 60)
    bars = [row for row in told.splitlines() if "█" in row]
    assert len(bars) == 2
    assert max(map(len, bars)) <= 60
