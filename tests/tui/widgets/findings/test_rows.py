from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.reports import ECONOMY, finding, report
from xreview.disagreement.groups import Group
from xreview.disagreement.rank import ranked
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import Side
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event
from xreview.domain.finding import Disagreement
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind, Severity
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.state import Triage, apply
from xreview.tui.widgets.findings.arrangement import FOLD_MINOR_FROM, Arrangement
from xreview.tui.widgets.findings.filter import Filter, FilterKind, FilterTerm
from xreview.tui.widgets.findings.marks import finding_marks
from xreview.tui.widgets.findings.rows import FindingRow, Heading, Queued, Sorting, next_open

HIGH = finding(report("high", severity=Severity.HIGH, path="b.py"))
LOW = finding(report("low", severity=Severity.LOW, path="a.py"))
CHEAP = finding(report("cheap", reviewer=ECONOMY, lens=Lens.ECONOMY, path="c.py"))
ALL = (HIGH, LOW, CHEAP)


def decided(triage: Triage, subject, verdict=Verdict.REJECT, reason=Reason.INTENDED) -> Triage:
    made = DecisionMade("a1", subject.fingerprints, Decision(verdict, reason))
    return apply(triage, Event("e1", "s", "r", "2026-01-01T00:00:00.000000+00:00", "me", made))


def titles(rows) -> list[str]:
    return [row.group if isinstance(row, Heading) else row.finding.lead.title for row in rows]


def test_groups_have_headings_with_counts_and_minor_ones_come_last():
    rows = Arrangement().arrange(ranked(ALL), decided(Triage(), HIGH))
    assert titles(rows) == ["lone", "high", "cheap", Group.MINOR, "low"]
    assert rows[0] == Heading("lone", 2, 1, False, Group.LONE.meaning)


def test_minor_ones_start_folded_only_in_a_long_list_with_something_else_in_it():
    many = [finding(report(f"low {n}", severity=Severity.LOW)) for n in range(FOLD_MINOR_FROM)]
    rows = Arrangement().arrange(ranked((*many, HIGH)), Triage())
    assert titles(rows) == ["lone", "high", Group.MINOR]
    assert not any(
        isinstance(row, Heading) and row.is_folded
        for row in Arrangement().arrange(ranked(many), Triage())
    )


def test_what_is_anchored_nowhere_stands_apart_at_the_end_in_every_group_by_weight():
    nowhere = finding(report("nowhere", severity=Severity.CRITICAL, anchored=False))
    rows = Arrangement().arrange(ranked((nowhere, *ALL)), Triage())
    assert titles(rows)[-2:] == [Group.UNANCHORED.value, "nowhere"]
    assert rows[-2] == Heading("unanchored", 1, 1, False, Group.UNANCHORED.meaning)
    by_severity = Arrangement()
    by_severity.set_sorting(Sorting.SEVERITY)
    assert titles(by_severity.arrange(ranked((nowhere, *ALL)), Triage()))[-2:] == [
        "unanchored",
        "nowhere",
    ]


def kinds(*wanted: Disagreement):
    return [
        replace(finding(report(f"{kind} one", path=f"{kind}.py")), disagreement=kind)
        for kind in wanted
    ]


MODEL = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "g")
ALONE = replace(HIGH, stances=(*HIGH.stances, Stance(MODEL, StanceKind.SILENT)))


def test_lone_ones_start_folded_where_a_model_read_them_and_others_ask_for_more():
    disputed = kinds(Disagreement.CONTESTED, Disagreement.TRADE_OFF)
    arrangement = Arrangement()
    rows = arrangement.arrange(ranked((ALONE, *disputed)), Triage())
    assert titles(rows) == ["contested", "contested one", "trade-off", "trade-off one", "lone"]
    assert rows[-1] == Heading("lone", 1, 1, True, Group.LONE.meaning)
    assert arrangement.is_folded(ALONE)
    assert not arrangement.is_folded(disputed[0])
    decided_ones = decided(decided(Triage(), disputed[0]), disputed[1])
    assert "high" in titles(Arrangement().arrange(ranked((ALONE, *disputed)), decided_ones))
    assert "high" in titles(Arrangement().arrange(ranked((ALONE,)), Triage()))
    assert "high" in titles(Arrangement().arrange(ranked((HIGH, *disputed)), Triage()))


def test_the_group_under_the_cursor_does_not_fold_by_itself():
    (contested,) = kinds(Disagreement.CONTESTED)
    rows = Arrangement().arrange(ranked((ALONE, contested)), Triage(), at=ALONE)
    assert titles(rows) == ["contested", "contested one", "lone", "high"]


def test_nothing_folds_or_unfolds_by_itself_while_a_person_reads():
    (contested,) = kinds(Disagreement.CONTESTED)
    arrangement = Arrangement()
    arrangement.arrange(ranked((ALONE,)), Triage(), at=ALONE)
    arrangement.begin()
    assert titles(arrangement.arrange(ranked((ALONE, contested)), Triage())) == ["lone", "high"]
    arrangement.take_in()
    assert "high" in titles(arrangement.arrange(ranked((ALONE, contested)), Triage(), at=contested))
    arrangement.set_sorting(Sorting.ATTENTION)
    assert "high" not in titles(
        arrangement.arrange(ranked((ALONE, contested)), Triage(), at=contested)
    )
    done = decided(Triage(), contested)
    assert "high" not in titles(arrangement.arrange(ranked((ALONE, contested)), done, at=contested))


def test_what_comes_while_a_person_reads_is_counted_and_taken_in_on_demand():
    arrangement = Arrangement()
    arrangement.arrange(ranked((LOW,)), Triage())
    arrangement.begin()
    rows = arrangement.arrange(ranked(ALL), Triage())
    assert titles(rows) == [Group.MINOR, "low"]
    assert arrangement.waiting == Queued(new=2)
    assert arrangement.waiting.label == "2 new"
    arrangement.take_in()
    assert titles(arrangement.arrange(ranked(ALL), Triage())) == [
        "lone", "high", "cheap", Group.MINOR, "low",
    ]  # fmt: skip
    assert arrangement.waiting.label == ""


def test_only_what_the_filter_admits_is_counted_as_waiting():
    arrangement = Arrangement()
    arrangement.set_filter(Filter((FilterTerm(FilterKind.SEVERITY, "high+"),)))
    worse = finding(report("worse", severity=Severity.CRITICAL))
    arrangement.arrange(ranked((HIGH,)), Triage())
    arrangement.begin()
    arrangement.arrange(ranked((*ALL, worse)), Triage())
    assert arrangement.waiting == Queued(new=1)


def test_a_finding_that_another_model_rebuts_stays_in_its_group_and_says_so():
    arrangement = Arrangement()
    arrangement.arrange(ranked((HIGH, LOW)), Triage())
    arrangement.begin()
    rebutted = replace(LOW, disagreement=Disagreement.CONTESTED)
    rows = arrangement.arrange(ranked((HIGH, rebutted)), Triage())
    assert titles(rows) == ["lone", "high", Group.MINOR, "low"]
    assert rows[-1] == FindingRow(rebutted, "contested")
    assert arrangement.waiting.label == "1 changed"
    arrangement.take_in()
    rows = arrangement.arrange(ranked((HIGH, rebutted)), Triage())
    assert titles(rows) == ["contested", "low", "lone", "high"]


def test_a_decided_finding_stays_in_a_filtered_list_under_another_lead():
    arrangement = Arrangement()
    arrangement.set_filter(Filter((FilterTerm(FilterKind.STATE, "open"),)))
    arrangement.arrange(ranked((HIGH,)), Triage())
    arrangement.begin()
    done = decided(Triage(), HIGH)
    grown = replace(HIGH, reports=(report("higher", severity=Severity.CRITICAL), *HIGH.reports))
    assert titles(arrangement.arrange([grown], done)) == ["lone", "higher"]


def test_nothing_folds_by_itself_in_other_sortings():
    arrangement = Arrangement()
    arrangement.set_sorting(Sorting.FILE)
    odd = finding(report("odd", path="lone", severity=Severity.LOW))
    rows = arrangement.arrange(ranked((*kinds(Disagreement.CONTESTED), odd)), Triage())
    assert not any(isinstance(row, Heading) and row.is_folded for row in rows)


def test_a_row_says_its_kind_where_the_heading_leaves_it_open():
    arrangement = Arrangement()
    findings = kinds(Disagreement.CONTESTED, Disagreement.CONCEDED, Disagreement.LONE)
    rows = arrangement.arrange(ranked(findings), Triage())
    said = {row.finding.lead.title: row.kind for row in rows if isinstance(row, FindingRow)}
    assert said == {"contested one": "", "conceded one": "conceded", "lone one": ""}
    arrangement.set_sorting(Sorting.SEVERITY)
    rows = arrangement.arrange(ranked(findings), Triage())
    said = {row.finding.lead.title: row.kind for row in rows if isinstance(row, FindingRow)}
    assert said == {"contested one": "contested", "conceded one": "conceded", "lone one": ""}


def test_starting_over_ranks_and_folds_anew():
    (contested,) = kinds(Disagreement.CONTESTED)
    arrangement = Arrangement()
    arrangement.arrange(ranked((ALONE,)), Triage(), at=ALONE)
    arrangement.begin()
    arrangement.start_over()
    rows = arrangement.arrange(ranked((ALONE, contested)), Triage())
    assert titles(rows) == ["contested", "contested one", "lone"]


def test_unfolding_shows_every_one():
    many = [finding(report(f"low {n}", severity=Severity.LOW)) for n in range(FOLD_MINOR_FROM)]
    arrangement = Arrangement()
    arrangement.fold(Group.MINOR, False)
    rows = arrangement.arrange(ranked((*many, HIGH)), Triage())
    assert sum(isinstance(row, FindingRow) for row in rows) == FOLD_MINOR_FROM + 1


def test_a_decision_never_makes_a_finding_leave_a_filtered_list():
    arrangement = Arrangement()
    arrangement.set_filter(Filter((FilterTerm(FilterKind.STATE, "open"),)))
    before = arrangement.arrange(ranked(ALL), Triage())
    after = arrangement.arrange(ranked(ALL), decided(Triage(), HIGH))
    assert titles(after) == titles(before)
    arrangement.set_filter(Filter((FilterTerm(FilterKind.STATE, "open"),)))
    assert "high" not in titles(arrangement.arrange(ranked(ALL), decided(Triage(), HIGH)))


def test_a_finding_that_arrives_later_is_filtered_when_it_comes():
    arrangement = Arrangement()
    arrangement.set_filter(Filter((FilterTerm(FilterKind.SEVERITY, "high+"),)))
    assert titles(arrangement.arrange([LOW], Triage())) == []
    assert titles(arrangement.arrange([LOW, HIGH], Triage())) == ["lone", "high"]


def test_sortings_group_by_what_they_say():
    arrangement = Arrangement()
    groups = {}
    for sorting in Sorting:
        arrangement.set_sorting(sorting)
        rows = arrangement.arrange(ranked(ALL), Triage())
        groups[sorting] = [row.group for row in rows if isinstance(row, Heading)]
    assert groups == {
        Sorting.ATTENTION: ["lone", Group.MINOR],
        Sorting.SEVERITY: ["high", "medium", "low"],
        Sorting.LEVEL: ["read"],
        Sorting.FILE: ["a.py", "b.py", "c.py"],
        Sorting.REVIEWER: ["economy", "risk"],
    }


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)), st.integers(0, 5))
def test_next_open_goes_round_and_finds_one_whenever_there_is_one(order, closed, start):
    findings = [finding(report(f"f{n}")) for n in order]
    triage = Triage()
    for index in closed:
        triage = decided(triage, findings[index])
    found = next_open(findings, triage, findings[start])
    if len(closed) == 6:
        assert found is None
    else:
        assert found is not None
        assert triage.is_open(found)
        passed = findings[start + 1 :] + findings[: start + 1]
        assert all(not triage.is_open(other) for other in passed[: passed.index(found)])


def test_marks_tell_the_worst_severity_and_whether_anything_is_open():
    worse = finding(report("worse", severity=Severity.CRITICAL, path="b.py"))
    unanchored = finding(report("lost", path="b.py", line=9, anchored=False))
    marks = finding_marks([HIGH, worse, unanchored], decided(Triage(), worse))
    assert list(marks) == [("b.py", Side.NEW, 1)]
    assert marks["b.py", Side.NEW, 1].severity is Severity.CRITICAL
    assert marks["b.py", Side.NEW, 1].is_open


def test_what_is_decided_but_not_on_disk_is_not_gone_to_again():
    pending = {HIGH.fingerprint}
    found = next_open(ALL, Triage(), CHEAP, lambda one: one.fingerprint in pending)
    assert found is LOW
    assert next_open(ALL, Triage(), CHEAP) is HIGH
    assert next_open(ALL, Triage(), None, lambda _: True) is None


def test_by_level_what_deserves_most_attention_comes_first():
    arrangement = Arrangement()
    arrangement.set_sorting(Sorting.LEVEL)
    levels = {ALONE.anchor.path: AttentionLevel.SKIM, LOW.anchor.path: AttentionLevel.STUDY}
    arrangement.level_of = lambda one: levels[one.anchor.path]
    rows = arrangement.arrange(ranked((ALONE, LOW)), Triage())
    assert titles(rows) == ["study", "low", "skim", "high"]
