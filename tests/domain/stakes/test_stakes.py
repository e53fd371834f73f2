import pytest

from xreview.domain.stakes.stakes import FileToCheck, Stakes, TaskToCheck, WorkForm

NAMES = frozenset({"total", "issue_refund"})


@pytest.mark.parametrize(
    ("part", "seconds"),
    [
        (FileToCheck("a.py", WorkForm.LOGIC, 2), 5 + 2 * 9),
        (FileToCheck("a.md", WorkForm.TEXT, 4), 5 + 4 * 2.5),
        (FileToCheck("a.css", WorkForm.INTERFACE, 4), 5 + 4 * 4),
        (FileToCheck("a.py", WorkForm.LOGIC, 2, NAMES), 5 + 2 * 4.5),
        (FileToCheck("a.py", WorkForm.LOGIC, 2, NAMES, frozenset({"total"})), 5 + 2 * 9),
        (FileToCheck("a.md", WorkForm.TEXT, 4, NAMES), 5 + 4 * 2.5),
        (FileToCheck("a.png", WorkForm.OPAQUE, 0), 60),
        (TaskToCheck(WorkForm.TEXT, 2), 20),
        (TaskToCheck(WorkForm.LOGIC, 1), 120),
    ],
)
def test_the_time_is_as_the_formula_says(part: FileToCheck | TaskToCheck, seconds: float) -> None:
    assert part.seconds == seconds
    assert Stakes(parts=(part, part)).seconds == 2 * seconds
