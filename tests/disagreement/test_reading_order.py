from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.disagreement.speaking import CLAUDE, GPT, RACE, RACE_TOO, said
from tests.fakes.reports import RISK
from xreview.disagreement import reading_order
from xreview.disagreement.fold import findings_of
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
    assert order.waiting == ()


def test_what_comes_while_a_person_reads_waits():
    order = ReadingOrder()
    order.of(ranked((HIGH, MEDIUM)))
    order.begin()
    assert order.of(ranked((HIGH, MEDIUM, CRITICAL, CONTESTED))) == [HIGH, MEDIUM]
    assert order.waiting == [CONTESTED, CRITICAL]


def test_a_finding_that_changes_its_group_stays_where_it_is():
    order = ReadingOrder()
    order.of(ranked((CONTESTED, CRITICAL, HIGH, MEDIUM)))
    order.begin()
    answered = replace(HIGH, disagreement=Disagreement.CONTESTED)
    assert order.of(ranked((CONTESTED, CRITICAL, answered, MEDIUM))) == [
        CONTESTED,
        CRITICAL,
        answered,
        MEDIUM,
    ]
    assert order.waiting == []


def test_a_finding_that_grows_stays_where_it_is_even_under_another_lead():
    order = ReadingOrder()
    both = one(said(RACE, path="r.py"))
    shown = order.of(ranked((CRITICAL, both, MEDIUM)))
    order.begin()
    grown = one(
        said(RACE_TOO, GPT, path="r.py", severity=Severity.CRITICAL), said(RACE, path="r.py")
    )
    now = {both.fingerprint: grown}
    assert order.of(ranked((CRITICAL, grown, MEDIUM))) == [now.get(f.fingerprint, f) for f in shown]


def test_what_is_gone_is_dropped_and_two_that_became_one_are_shown_once():
    order = ReadingOrder()
    first, second = said(RACE, path="r.py"), said(RACE_TOO, GPT, path="r.py")
    order.of([one(first), CRITICAL, one(second), MEDIUM])
    order.begin()
    both = one(first, second)
    assert order.of([both, MEDIUM]) == [both, MEDIUM]


def test_renewing_takes_in_what_waits_and_ranks_all_anew():
    order = ReadingOrder()
    order.of(ranked((MEDIUM,)))
    order.begin()
    assert order.of(ranked((MEDIUM, CRITICAL))) == [MEDIUM]
    order.renew()
    assert order.of(ranked((MEDIUM, CRITICAL))) == [CRITICAL, MEDIUM]
    assert order.waiting == ()
    assert order.of(ranked((MEDIUM, CRITICAL, HIGH))) == [CRITICAL, MEDIUM]


def test_another_sort_order_holds_too():
    order = ReadingOrder()
    assert order.of(ranked((MEDIUM, HIGH)), by_path) == [HIGH, MEDIUM]
    order.begin()
    renamed = ranked((MEDIUM, HIGH, CRITICAL))
    assert order.of(renamed, by_path) == [HIGH, MEDIUM]
    order.renew()
    assert order.of(renamed, by_path) == [CRITICAL, HIGH, MEDIUM]


def by_path(findings):
    return sorted(findings, key=lambda one: one.anchor.path)


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
    order.begin()
    monkeypatch.setattr(reading_order, "kept_in_place", None)
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


@given(st.permutations(POOL), st.integers(0, 8))
def test_arrivals_move_nothing_and_nothing_is_lost(arrival, first):
    order = ReadingOrder()
    shown = order.of(ranked(tuple(arrival[:first])))
    order.begin()
    assert order.of(ranked(tuple(arrival))) == shown
    assert sorted(map(id, [*shown, *order.waiting])) == sorted(map(id, arrival))
    order.renew()
    assert order.of(ranked(tuple(arrival))) == ranked(arrival)
