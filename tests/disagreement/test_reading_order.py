from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.disagreement.speaking import CLAUDE, GPT, RACE, RACE_TOO, said
from tests.fakes.reports import RISK
from xreview.disagreement import reading_order
from xreview.disagreement.fold import findings_of
from xreview.disagreement.groups import Group, group_of
from xreview.disagreement.rank import ranked
from xreview.disagreement.reading_order import ReadingOrder
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Category, Report, Severity

PLAIN = Category.SIMPLIFICATION


def one(*reports: Report, kind: Disagreement | None = None) -> Finding:
    (found,) = findings_of(reports, [CLAUDE, GPT])
    return replace(found, disagreement=kind) if kind else found


def lone(name: str, severity: Severity = Severity.MEDIUM, **more) -> Finding:
    claim = f"Thing {name} {name}ly fails"
    return one(said(claim, severity=severity, path=f"{name}.py", category=PLAIN, **more))


MEDIUM, HIGH, CRITICAL = (
    lone("mango"),
    lone("hazel", Severity.HIGH),
    lone("cedar", Severity.CRITICAL),
)
CONTESTED = replace(lone("birch"), disagreement=Disagreement.CONTESTED)


def test_until_the_person_begins_all_is_ranked_anew():
    order = ReadingOrder()
    assert order.of(ranked((MEDIUM,))) == [MEDIUM]
    assert order.of(ranked((MEDIUM, CRITICAL))) == [CRITICAL, MEDIUM]
    assert order.of(ranked((MEDIUM, CRITICAL, HIGH))) == [CRITICAL, HIGH, MEDIUM]


def test_nothing_new_comes_above_what_is_read():
    order = ReadingOrder()
    order.of(ranked((HIGH, MEDIUM)))
    order.begin(HIGH)
    assert order.of(ranked((HIGH, MEDIUM, CRITICAL))) == [HIGH, CRITICAL, MEDIUM]


def test_in_another_group_what_is_new_goes_where_it_ranks():
    order = ReadingOrder()
    worse = replace(lone("aspen", Severity.CRITICAL), disagreement=Disagreement.CONTESTED)
    order.of(ranked((CONTESTED, HIGH)))
    order.begin(HIGH)
    assert order.of(ranked((CONTESTED, HIGH, worse))) == [worse, CONTESTED, HIGH]


def test_a_finding_that_changes_its_group_ranks_in_the_new_one():
    order = ReadingOrder()
    order.of(ranked((CONTESTED, CRITICAL, HIGH, MEDIUM)))
    order.begin(HIGH)
    answered = replace(CRITICAL, disagreement=Disagreement.CONTESTED)
    assert order.of(ranked((CONTESTED, answered, HIGH, MEDIUM))) == [
        answered,
        CONTESTED,
        HIGH,
        MEDIUM,
    ]


def test_a_finding_that_grows_in_its_group_stays_where_it_is():
    order = ReadingOrder()
    both = one(said(RACE, path="r.py"), kind=Disagreement.CONTESTED)
    order.of(ranked((CONTESTED, both)))
    shown = order.of(ranked((CONTESTED, both)))
    order.begin(shown[1])
    grown = one(
        said(RACE, path="r.py"),
        said(RACE_TOO, GPT, path="r.py", severity=Severity.CRITICAL),
        kind=Disagreement.CONTESTED,
    )
    now = {both.fingerprint: grown}
    assert order.of(ranked((CONTESTED, grown))) == [now.get(f.fingerprint, f) for f in shown]


def test_renewing_ranks_all_anew_in_mid_triage():
    order = ReadingOrder()
    order.of(ranked((MEDIUM,)))
    order.begin(MEDIUM)
    assert order.of(ranked((MEDIUM, CRITICAL))) == [MEDIUM, CRITICAL]
    order.renew()
    assert order.of(ranked((MEDIUM, CRITICAL))) == [CRITICAL, MEDIUM]


def test_the_record_of_earlier_decisions_counts_as_soon_as_it_is_read():
    order = ReadingOrder()
    findings = (
        one(said("Alpha beta gamma", category=PLAIN)),
        one(said("Delta zeta eta", GPT, line=9, category=PLAIN)),
    )
    assert order.of(ranked(findings)) == list(findings)
    record = {("google", "openai", PLAIN): (9, 10)}
    assert order.of(ranked(findings, "google", record)) == list(reversed(findings))


def test_the_record_of_analysers_counts_for_them_together():
    quiet = one(said("Alpha beta gamma", CLAUDE, category=PLAIN))
    rule = one(said("Delta zeta eta", RISK, line=9, category=PLAIN))
    assert ranked([quiet, rule], "google") == [quiet, rule]
    assert ranked([quiet, rule], "google", {("google", "", PLAIN): (9, 10)}) == [rule, quiet]


def test_the_same_findings_are_not_arranged_again(monkeypatch):
    order = ReadingOrder()
    findings = (HIGH, MEDIUM)
    order.of(findings)
    monkeypatch.setattr(reading_order, "group_of", None)
    assert order.of(findings) == [HIGH, MEDIUM]


POOL = [
    replace(lone(name, severity), disagreement=kind)
    for name, severity, kind in zip(
        ["oak", "elm", "fir", "yew", "ash", "bay", "fig", "gum"],
        [*Severity, *Severity],
        [Disagreement.CONTESTED, Disagreement.LONE, Disagreement.TRADE_OFF, Disagreement.LONE] * 2,
        strict=True,
    )
]


@given(st.permutations(POOL), st.integers(1, 8), st.data())
def test_arrivals_keep_what_is_shown_in_its_order_and_lose_nothing(arrival, first, data):
    order = ReadingOrder()
    shown = order.of(ranked(tuple(arrival[:first])))
    reading = data.draw(st.sampled_from(shown))
    order.begin(reading)
    later = order.of(ranked(tuple(arrival)))
    assert [f for f in later if f in shown] == shown
    assert sorted(map(id, later)) == sorted(map(id, arrival))
    groups = [list(Group).index(group_of(f)) for f in later]
    assert groups == sorted(groups)
    same = [f for f in later if group_of(f) is group_of(reading)]
    before = [f for f in shown if group_of(f) is group_of(reading)]
    at = before.index(reading) + 1
    assert same[:at] == before[:at]
