"""The calibration in a terminal of 80 columns."""

from xreview.cli.calibration_text import calibration_blocks
from xreview.cli.table import columns_of
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.calibration.figures import Calibration, JudgedReport, calibrate
from xreview.domain.calibration.reviewed import ProvedWrong, ReviewedFile
from xreview.domain.decision import Verdict
from xreview.domain.report import Confidence


def files(level: int, right: int, wrong: int) -> list[ReviewedFile]:
    signs = [frozenset[ProvedWrong]()] * right + [frozenset({ProvedWrong.REVERTED})] * wrong
    return [ReviewedFile("a.py", AttentionLevel(level), (), sign) for sign in signs]


def text(calibration: Calibration) -> str:
    return "\n".join(calibration_blocks(calibration, 80))


def test_nothing_decided_needs_no_table():
    assert text(Calibration()) == ""
    assert text(calibrate((), ())) == ""


def test_levels_that_agree_are_said_to():
    told = text(calibrate([*files(2, 19, 1), *files(4, 10, 10), *files(5, 1, 2)], ()))
    rows = told.splitlines()
    assert "As it should be: files called 1–2 proved wrong in 1 of 20, 3–5 in 12 of 23." in rows
    assert "5 study" not in told
    (five,) = [row for row in rows if row.startswith("5 decide")][:1]
    assert "not enough decisions" in five
    assert max(map(columns_of, rows[:8])) <= 80


def test_low_levels_that_proved_wrong_are_named():
    told = text(calibrate([*files(1, 1, 19), *files(3, 38, 2)], ()))
    assert "Levels 1 and 2 are too low: files called 1–2 proved wrong in 19 of 20" in told
    assert "1 skip: 19 reverted" in told
    bars = {row[0]: row.rpartition(" ")[2] for row in told.splitlines() if "▒" in row}
    assert bars["1"].count("█") > bars["3"].count("█")


def test_confidences_have_a_precision_even_without_levels():
    reports = [JudgedReport(Confidence.HIGH, Verdict.ACCEPT, is_working=True)] * 9
    told = text(calibrate((), [*reports, JudgedReport(Confidence.HIGH, Verdict.REJECT)]))
    assert "No levels to compare yet" in told
    assert "90% (60–98%)" in told
    assert "high: 9 with a working fix" in told
