from tests.disagreement.speaking import CLAUDE, GPT, OTHER_CLAUDE, RACE, RACE_TOO, SECRET, said
from tests.fakes.reports import ECONOMY, RISK, report
from xreview.disagreement.fold import findings_of
from xreview.domain.finding import Disagreement
from xreview.domain.stance import StanceKind


def test_two_families_that_say_the_same_in_one_place_corroborate():
    left, right = said(RACE), said(RACE_TOO, GPT)
    (only,) = findings_of([left, right])
    assert only.disagreement is Disagreement.CORROBORATED
    assert set(only.reports) == {left, right}


def test_two_models_of_one_family_are_one_finding_but_no_corroboration():
    (only,) = findings_of([said(RACE), said(RACE, OTHER_CLAUDE)])
    assert len(only.reports) == 2
    assert only.disagreement is Disagreement.LONE


def test_findings_of_a_whole_change_come_by_place():
    reports = [said(RACE, path="b.py"), said(SECRET, path="a.py", line=9), said(RACE, path="a.py")]
    places = [(f.anchor.path, f.anchor.start_line) for f in findings_of(reports)]
    assert places == [("a.py", 1), ("a.py", 9), ("b.py", 1)]


def test_who_read_the_file_and_said_nothing_is_silent():
    (only,) = findings_of([report()], panel=[RISK, ECONOMY, CLAUDE])
    assert [(s.party.name, s.kind.value) for s in only.stances] == [
        ("risk", "raises"),
        ("economy", "silent"),
        ("claude", "silent"),
    ]


def test_only_who_has_read_the_file_is_silent():
    def has_read(reviewer, path):
        return (reviewer, path) == (RISK, "a.py")

    for path, silent in (("a.py", [RISK]), ("b.py", [])):
        (only,) = findings_of([said(RACE, path=path)], [RISK, CLAUDE, ECONOMY], has_read)
        assert [s.party for s in only.stances if s.kind is StanceKind.SILENT] == silent
