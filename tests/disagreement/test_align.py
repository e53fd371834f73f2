from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.disagreement.speaking import (
    CLAUDE,
    GEMINI,
    GPT,
    RACE,
    RACE_PERHAPS,
    RACE_TOO,
    SECRET,
    TYPO,
    said,
)
from tests.fakes.reports import ECONOMY, RISK, finding, report
from xreview.disagreement.align import ReportGroup, align
from xreview.disagreement.alignment import Alignment
from xreview.disagreement.candidates import FEW_WITHOUT_PLACE
from xreview.disagreement.likeness import likeness
from xreview.disagreement.opposition import ask_the_opposite
from xreview.disagreement.vocabulary import Vocabulary
from xreview.disagreement.wording import wording
from xreview.domain.change import Side
from xreview.domain.identity.anchor import Context
from xreview.domain.report import Category, Direction, Report, Severity

ADD, REMOVE = Direction.ADD, Direction.REMOVE


def sizes(*reports: Report) -> list[int]:
    return sorted(len(group) for group in align(reports))


def test_the_same_in_other_words_is_one_problem_and_keeps_every_report():
    both = [said(RACE, line=3, end=9), said(RACE_TOO, GPT, line=5), said(SECRET, GPT, line=6)]
    joined, alone = sorted(align(both), key=len, reverse=True)
    assert set(joined) == set(both[:2])
    assert alone == (both[2],)


def test_the_same_words_in_another_file_are_another_problem():
    assert sizes(said(RACE), said(RACE, GPT, path="b.py")) == [1, 1]


def test_far_away_it_takes_more_to_be_the_same_problem():
    near = [said(RACE, line=10), said(RACE_PERHAPS, GPT, line=12)]
    far = [near[0], said(RACE_PERHAPS, GPT, line=900)]
    assert sizes(*near) == [2]
    assert sizes(*far) == [1, 1]
    assert sizes(near[0], said(RACE, GPT, line=900)) == [2]


def test_lines_far_apart_in_one_block_are_near():
    inside = Context(outline=("def debit",), block="b")
    left, right = said(RACE, line=10), said(RACE_PERHAPS, GPT, line=60)
    in_one = [replace(one, anchor=replace(one.anchor, context=inside)) for one in (left, right)]
    assert sizes(left, right) == [1, 1]
    assert sizes(*in_one) == [2]


def test_lines_of_two_sides_are_not_compared():
    left, right = said(RACE, line=10), said(RACE_PERHAPS, GPT, line=900)
    old = replace(right, anchor=replace(right.anchor, side=Side.OLD))
    assert sizes(left, right) == [1, 1]
    assert sizes(left, old) == [2]


PER_URL = report(
    "Attempts are counted per URL, so a retry to another URL starts again at zero",
    claim="`attempts` is keyed by URL, so each redirect gets `max_attempts` attempts of its own"
    " and a retry never reaches the limit.",
    line=13,
    quote="attempts[url] += 1",
    reviewer=CLAUDE,
    category=Category.DATA_INTEGRITY,
    severity=Severity.CRITICAL,
)
MISNAMED = report(
    "`max_attempts` counts retries, not attempts",
    claim="The first attempt isn't counted: with `max_attempts` 3, four attempts are made. The"
    " name promises attempts, the code counts retries.",
    line=20,
    quote="max_attempts: int = 3",
    reviewer=GPT,
    category=Category.DOCUMENTATION,
    severity=Severity.LOW,
)


def test_the_same_words_about_a_failure_and_about_a_name_are_two_problems():
    assert sizes(PER_URL, MISNAMED) == [1, 1]


@pytest.mark.parametrize(
    "alike",
    [
        {"category": PER_URL.category, "severity": PER_URL.severity},
        {"anchor": replace(MISNAMED.anchor, start_line=12)},
    ],
)
def test_category_and_severity_tell_only_reports_of_other_lines_apart(alike):
    assert sizes(PER_URL, replace(MISNAMED, **alike)) == [2]


@given(
    st.sampled_from(Category),
    st.sampled_from(Severity),
    st.integers(1, 30),
    st.sampled_from([CLAUDE, GPT]),
)
def test_category_and_severity_never_bring_reports_together(category, severity, line, reviewer):
    left = said(RACE, line=10, category=Category.CONCURRENCY, severity=Severity.HIGH)
    right = said(RACE_TOO, reviewer, line=line, category=left.category, severity=left.severity)
    other = replace(right, category=category, severity=severity)
    assert likeness_of(left, other) == likeness_of(other, left) <= likeness_of(left, right)


def test_reports_without_a_place_are_compared_by_words():
    unplaced = [said(RACE, path=""), said(RACE_TOO, GPT, path="", line=900)]
    assert sizes(*unplaced) == [2]


def test_one_place_is_not_enough():
    assert sizes(said(RACE, line=3), said(TYPO, GPT, line=3), said(SECRET, GEMINI, line=3)) == [
        1,
        1,
        1,
    ]


def test_a_model_that_repeats_itself_stands_in_one_finding():
    assert sizes(said(RACE, line=3), said(RACE + ", so one debit is lost", line=4)) == [2]


def test_two_rules_of_one_engine_on_a_line_are_two_problems():
    assert sizes(report("Swallowed error"), report("Error swallowed silently")) == [1, 1]


def test_analysers_meet_only_in_one_place_and_category():
    left, right = report("Swallowed error"), report("The error is swallowed", reviewer=ECONOMY)
    assert sizes(left, right) == [2]
    assert sizes(left, replace(right, category=Category.PERFORMANCE)) == [1, 1]
    assert sizes(left, report("Swallowed error", line=2, reviewer=ECONOMY)) == [1, 1]
    assert sizes(left, said("Swallowed error", line=1)) == [2]


def test_a_report_that_came_twice_is_kept_once():
    assert align([report(), report()]) == [(report(),)]


def test_of_two_versions_of_one_report_the_same_is_kept_in_any_order():
    one = said(RACE)
    two = replace(one, claim=RACE_TOO)
    assert align([one, two]) == align([two, one])
    assert sizes(one, two) == [1]


def test_one_fingerprint_is_one_problem_whoever_reports_it():
    left = said("aaaa")
    right = replace(said("zzzz", GPT), fingerprint=left.fingerprint)
    assert sizes(left, right) == [2]


def test_the_worst_report_leads_and_one_without_its_quote_never():
    low = report("Swallowed error", severity=Severity.LOW)
    high = report("Error swallowed", severity=Severity.HIGH, reviewer=ECONOMY)
    assert finding(low, high).lead is high
    loose = said(RACE_TOO, GPT, severity=Severity.CRITICAL, anchored=False)
    assert finding(said(RACE), loose).lead == said(RACE)


def test_opposite_requests_in_one_place_meet():
    add = report("No error handling", line=3, end=5, request=(ADD, "error handling"))
    remove = report(
        "Needless try", line=4, reviewer=ECONOMY, category=Category.SIMPLIFICATION,
        request=(REMOVE, "exception handler"),
    )  # fmt: skip
    assert sizes(add, remove) == [2]
    assert sizes(add, replace(remove, anchor=replace(remove.anchor, start_line=9, end_line=9))) == [
        1,
        1,
    ]


def test_two_families_that_ask_for_the_same_in_one_place_mean_one_problem():
    left = said("alpha", request=(ADD, "locking"))
    assert sizes(left, said("omega", GPT, request=(ADD, "a mutex"))) == [2]
    assert sizes(left, said("omega", GPT, request=(ADD, "logging"))) == [1, 1]
    assert sizes(left, said("omega", CLAUDE, request=(ADD, "a mutex"))) == [1, 1]


def test_opposite_requests_of_other_lines_are_never_one_problem():
    add = said(RACE, line=3, request=(ADD, "error handling"))
    remove = said(RACE, GPT, line=4, request=(REMOVE, "exception handler"))
    assert sizes(add, replace(remove, request=add.request)) == [2]
    assert sizes(add, remove) == [1, 1]


def test_reports_that_name_other_quantities_are_less_alike():
    left = said("The lightness of the light theme changed from 30% to 70%")
    same = said("The lightness of a light theme was changed from 30% to 70%", GPT)
    other = replace(same, claim=same.claim.replace("30%", "20%").replace("70%", "50%"))
    assert likeness_of(left, other) < likeness_of(left, same) / 1.5


def test_no_report_between_two_brings_together_what_must_stay_apart():
    left = said(RACE, line=3, end=3, category=Category.CONCURRENCY)
    right = said(RACE, GPT, line=6, end=6, category=Category.PERFORMANCE)
    between = said(RACE, GEMINI, line=3, end=6, category=Category.PERFORMANCE)
    assert sizes(left, right) == [1, 1]
    assert sizes(left, right, between) == [1, 2]


APART = st.lists(
    st.builds(
        said,
        st.sampled_from([RACE, RACE_TOO, RACE_PERHAPS]),
        st.sampled_from([CLAUDE, GPT, GEMINI]),
        line=st.integers(1, 4),
        end=st.integers(4, 6),
        category=st.sampled_from([Category.CONCURRENCY, Category.DATA_INTEGRITY]),
        request=st.sampled_from([None, (ADD, "a lock"), (REMOVE, "locking")]),
    ),
    max_size=9,
)


def met(group: ReportGroup) -> bool:
    return all(
        left.anchor.overlaps(right.anchor)
        or (left.category is right.category and not ask_the_opposite(left, right))
        for left, right in combinations(group, 2)
    )


@given(APART.map(lambda them: [replace(one, fingerprint=str(at)) for at, one in enumerate(them)]))
@settings(deadline=None)
def test_no_two_reports_of_other_lines_and_category_are_joined(reports):
    moved = [
        replace(one, anchor=replace(one.anchor, start_line=3 * at, end_line=3 * at + at % 4))
        for at, one in enumerate(reports, 1)
    ]
    alignment = Alignment()
    for one in moved:
        alignment.add([one])
        assert all(map(met, alignment.groups("a.py")))
    assert all(map(met, align(moved)))


def test_in_a_crowded_file_a_late_report_joins_no_group_with_one_of_other_lines_and_category():
    reports = crowd(FEW_WITHOUT_PLACE)
    reports[7] = replace(reports[7], anchor=replace(reports[7].anchor, start_line=63, end_line=63))
    alignment = Alignment()
    alignment.add(reports)
    late = replace(
        said(reports[6].claim, GEMINI, line=61, category=Category.PERFORMANCE), fingerprint="late"
    )
    alignment.add([late])
    assert (late,) in alignment.groups("a.py")


CLAIMS = [RACE, RACE_TOO, SECRET, TYPO, "", "`x`", "\x1b[31m", "balance" * 90, "日本語の報告"]
REPORTS = st.lists(
    st.builds(
        said,
        st.sampled_from(CLAIMS) | st.text(max_size=30),
        st.sampled_from([CLAUDE, GPT, GEMINI, RISK]),
        line=st.integers(1, 30),
        path=st.sampled_from(["a.py", "b.py", ""]),
        anchored=st.booleans(),
    ),
    max_size=14,
)


@given(REPORTS, st.randoms())
@settings(deadline=None)
def test_grouping_ignores_order_and_loses_nothing(reports, random):
    shuffled = random.sample(reports, len(reports))
    groups = align(reports)
    assert groups == align(shuffled)
    kept = {(r.anchor.path, r.reviewer.name, r.fingerprint) for group in groups for r in group}
    assert kept == {(r.anchor.path, r.reviewer.name, r.fingerprint) for r in reports}
    assert sum(map(len, groups)) == len(kept)
    assert all(len({r.anchor.path for r in group}) == 1 for group in groups)


@given(REPORTS, st.integers(1, 5), st.randoms())
@settings(deadline=None)
def test_reports_that_stream_in_end_as_if_they_came_at_once(reports, step, random):
    alignment = Alignment()
    random.shuffle(reports)
    for start in range(0, len(reports), step):
        alignment.add(reports[start : start + step])
    alignment.settle()
    paths = sorted({r.anchor.path for r in reports})
    assert [group for path in paths for group in alignment.groups(path)] == align(reports)
    assert alignment.settle() == frozenset()


@given(REPORTS, st.randoms())
@settings(deadline=None)
def test_a_report_that_comes_again_in_other_words_settles_as_if_all_came_at_once(reports, random):
    again = [replace(one, claim=random.choice(CLAIMS)) for one in reports]
    alignment = Alignment()
    for one in (*reports, *again):
        alignment.add([one])
    alignment.settle()
    everything = align([*reports, *again])
    paths = sorted({r.anchor.path for r in reports})
    assert [group for path in paths for group in alignment.groups(path)] == everything


def crowd(number: int) -> list[Report]:
    """More reports of one file than are compared in full: pairs of the same, about many things."""
    things = ["".join(Random(at).sample("bcdfghjklmnpqrstvwxz", 8)) for at in range(number)]
    return [
        said(
            f"{things[at]} drops what {things[at]}Queue holds when it is full",
            (CLAUDE, GPT)[twin],
            line=1 + 20 * at,
        )
        for at in range(number)
        for twin in (0, 1)
    ]


def test_in_a_crowded_file_a_new_report_joins_what_it_is_like_and_nothing_else_moves():
    reports = crowd(FEW_WITHOUT_PLACE)
    alignment = Alignment()
    alignment.add(reports)
    before = alignment.groups("a.py")
    late = replace(said(reports[6].claim, GEMINI, line=61), fingerprint="late")
    assert alignment.add([late]) == {"a.py"}
    after = alignment.groups("a.py")
    (grown,) = [group for group in after if late in group]
    assert set(grown) == {reports[6], reports[7], late}
    assert [g for g in after if late not in g] == [g for g in before if g[0] not in grown]
    stranger = said("Nothing of this is documented anywhere", GEMINI, line=5000)
    alignment.add([stranger])
    assert (stranger,) in alignment.groups("a.py")


def test_a_crowded_file_is_grouped_by_problem_and_settles():
    reports = crowd(FEW_WITHOUT_PLACE)
    groups = align(reports)
    assert {len(group) for group in groups} == {2}
    alignment = Alignment()
    for late in reversed(reports):
        alignment.add([late])
    alignment.settle()
    assert alignment.groups("a.py") == groups


def test_in_a_crowded_file_opposite_requests_meet_though_they_share_no_word():
    add = said("alpha", request=(ADD, "error handling"), line=61)
    remove = said("omega", GPT, request=(REMOVE, "exception handler"), line=61)
    groups = align([*crowd(FEW_WITHOUT_PLACE), add, remove])
    assert [set(group) for group in groups if add in group] == [{add, remove}]


@pytest.mark.parametrize("path", ["", "a.py"])
def test_ten_times_as_many_reports_are_not_compared_a_hundred_times_as_often(monkeypatch, path):
    from xreview.disagreement import likeness

    compared = []

    class Counting(likeness._Cosine):
        def __call__(self, i, j):
            compared.append((i, j))
            return super().__call__(i, j)

    monkeypatch.setattr(likeness, "_Cosine", Counting)
    reports = [replace(one, anchor=replace(one.anchor, path=path)) for one in crowd(1000)]
    align(reports[:200])
    few = len(compared)
    compared.clear()
    align(reports)
    assert len(compared) <= 15 * few


def test_who_points_at_two_places_means_two_problems_unless_in_the_same_words():
    first = said("The event is booked again when the processor delivers the event twice", line=24)
    second = said("The processor waits for the event until it is booked, then gives up", line=27)
    again = said("The event is booked again if the processor delivers the event twice", line=40)
    assert len(align([first, second])) == 2
    assert len(align([first, again])) == 1
    elsewhere = replace(second, reviewer=GPT)
    assert likeness_of(first, elsewhere) > likeness_of(first, second) == 0.0


def likeness_of(left: Report, right: Report) -> float:
    wordings = [wording(left), wording(right)]
    return likeness([left, right], wordings, Vocabulary(wordings))[0].get(1, 0.0)
