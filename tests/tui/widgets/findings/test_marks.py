from tests.fakes.reports import repeated, report
from xreview.domain.change import Side
from xreview.domain.state import Triage
from xreview.tui.widgets.findings.marks import finding_marks


def test_each_place_of_a_rule_is_marked():
    one = repeated(*(report(path=path, line=7, rule="python/x") for path in ("a.py", "b.py")))

    marks = finding_marks([one], Triage())

    assert marks.keys() == {("a.py", Side.NEW, 7), ("b.py", Side.NEW, 7)}
