from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.reports import ECONOMY, finding, repeated, report
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.decision import Verdict
from xreview.domain.finding import Disagreement
from xreview.domain.report import Category, Lens, ReviewerIdentity, ReviewerKind, Severity
from xreview.tui.dialogs.filter_menu import FilterMenu
from xreview.tui.widgets.findings.chips import CHIP, list_title
from xreview.tui.widgets.findings.filter import (
    Filter,
    FilterKind,
    FilterTerm,
    Subject,
    has_value,
    value_counts,
)

GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "g")
HIGH = Subject(
    finding(report("high", severity=Severity.HIGH, path="b.py", reviewer=GPT)),
    attention=AttentionLevel.DECIDE,
)
LOW = Subject(finding(report("low", severity=Severity.LOW)), Verdict.REJECT)
CHEAP = Subject(
    replace(
        finding(
            report("cheap", reviewer=ECONOMY, lens=Lens.ECONOMY, category=Category.PERFORMANCE)
        ),
        disagreement=Disagreement.CONTESTED,
    )
)
OLD = Subject(finding(report("old one", path="c/d.py")), Verdict.REJECT, is_suppressed=True)
ALL = (HIGH, LOW, CHEAP, OLD)


def admitted(*terms: tuple[FilterKind, str]) -> list[str]:
    chosen = Filter(tuple(FilterTerm(*term) for term in terms))
    return [one.finding.lead.title for one in ALL if chosen.admits_subject(one)]


def test_each_kind_has_its_values():
    assert admitted((FilterKind.STATE, "open")) == ["high", "cheap"]
    assert admitted((FilterKind.STATE, "rejected")) == ["low", "old one"]
    assert admitted((FilterKind.STATE, "suppressed")) == ["old one"]
    assert admitted((FilterKind.SEVERITY, "medium+")) == ["high", "cheap", "old one"]
    assert admitted((FilterKind.REVIEWER, "gpt")) == ["high"]
    assert admitted((FilterKind.VENDOR, "openai")) == ["high"]
    assert admitted((FilterKind.VENDOR, "analysers")) == ["low", "cheap", "old one"]
    assert admitted((FilterKind.CATEGORY, "performance")) == ["cheap"]
    assert admitted((FilterKind.DISAGREEMENT, "contested")) == ["cheap"]
    assert admitted((FilterKind.DISAGREEMENT, "not lone")) == ["cheap"]
    assert admitted((FilterKind.LENS, "economy")) == ["cheap"]
    assert admitted((FilterKind.FILE, "b.py")) == ["high"]
    assert admitted((FilterKind.ATTENTION, "study+")) == ["high"]
    assert admitted((FilterKind.ATTENTION, "decide")) == ["high"]
    assert admitted((FilterKind.ATTENTION, "read")) == ["low", "cheap", "old one"]
    assert admitted((FilterKind.TEXT, "ONE")) == []
    assert admitted((FilterKind.TEXT, "one")) == ["old one"]


def test_kinds_add_up_and_values_of_a_kind_are_alternatives():
    assert admitted((FilterKind.STATE, "open"), (FilterKind.LENS, "risk")) == ["high"]
    assert admitted((FilterKind.FILE, "b.py"), (FilterKind.FILE, "c/d.py")) == ["high", "old one"]
    assert admitted((FilterKind.TEXT, "o"), (FilterKind.TEXT, "w")) == ["low"]


TERMS = st.builds(
    FilterTerm,
    st.sampled_from([kind for kind in FilterKind if kind is not FilterKind.TEXT]),
    st.sampled_from(["open", "high+", "gpt", "openai", "performance", "lone", "risk", "b.py"]),
)


@given(st.lists(TERMS, unique=True, max_size=5), TERMS)
def test_another_kind_narrows_and_another_value_widens(terms, more):
    before, after = Filter(tuple(terms)), Filter((*terms, more))
    for subject in ALL:
        if before.has_kind(more.kind):
            assert before.admits_subject(subject) <= after.admits_subject(subject)
        else:
            assert after.admits_subject(subject) <= before.admits_subject(subject)
            assert after.admits_subject(subject) == (
                before.admits_subject(subject) and has_value(subject, more)
            )


@given(st.lists(TERMS, unique=True, max_size=5), TERMS)
def test_what_is_chosen_twice_is_removed(terms, more):
    chosen = Filter(tuple(one for one in terms if one.kind is not FilterKind.SEVERITY))
    if more in chosen.terms:
        assert more not in chosen.toggled(more).terms
    else:
        assert chosen.toggled(more).toggled(more) == chosen


def test_a_severity_replaces_the_one_before():
    chosen = Filter().toggled(FilterTerm(FilterKind.SEVERITY, "high+"))
    assert chosen.toggled(FilterTerm(FilterKind.SEVERITY, "low+")).label == "low+"


def test_values_are_counted_in_the_usual_order():
    assert value_counts(FilterKind.SEVERITY, ALL) == {"high+": 1, "medium+": 3, "low+": 4}
    assert list(value_counts(FilterKind.STATE, ALL)) == [
        "open",
        "decided",
        "rejected",
        "suppressed",
    ]


def keys(choices) -> dict[str, str]:
    return {choice.key: choice.label for choice in choices}


def test_the_menu_offers_what_exists_with_counts():
    menu = FilterMenu(Filter(), ALL)
    offered = keys(menu.choices(HIGH.finding))
    assert len(offered) == len(menu.choices(HIGH.finding)), "each choice has a key of its own"
    assert not {"j", "k"} & set(offered)
    assert offered["f"] == "this file"
    assert "x" not in offered
    values = {choice.label: choice.meaning for choice in menu.values(FilterKind.REVIEWER)}
    assert values == {"risk": "2 findings", "economy": "1 finding", "gpt": "1 finding"}


def test_values_are_counted_in_what_the_other_kinds_admit():
    menu = FilterMenu(Filter((FilterTerm(FilterKind.STATE, "open"),)), ALL)
    values = {choice.label: choice.meaning for choice in menu.values(FilterKind.FILE)}
    assert values == {"a.py": "1 finding", "b.py": "1 finding"}
    states = {choice.label: choice.meaning for choice in menu.values(FilterKind.STATE)}
    assert states["open"] == "✕ 2 findings"
    assert states["decided"] == "2 findings"


def test_more_files_than_fit_are_counted():
    many = [Subject(finding(report("t", path=f"{number}.py"))) for number in range(40)]
    menu = FilterMenu(Filter(), many)
    shown = menu.values(FilterKind.FILE)
    assert len(shown) + menu.left_out(FilterKind.FILE) == 40
    assert len(keys(shown)) == len(shown)


def test_parts_are_removed_one_by_one():
    chosen = Filter((FilterTerm(FilterKind.STATE, "open"), FilterTerm(FilterKind.TEXT, "pay")))
    removed = {one.label: one.value.label for one in FilterMenu(chosen, ALL).removals()}
    assert removed == {"open": "“pay”", "“pay”": "open"}


def test_chips_that_do_not_fit_are_counted():
    terms = [
        FilterTerm(FilterKind.STATE, "open"),
        FilterTerm(FilterKind.FILE, "services/payments/webhooks.py"),
        FilterTerm(FilterKind.TEXT, "a\x1bb"),
    ]
    assert list_title("1 Findings", terms, 60).plain == "1 Findings  open ✕  webhooks.py ✕  “a␛b” ✕"
    assert list_title("1 Findings", terms, 38).plain == "1 Findings  open ✕  webhooks.py ✕  +1"
    assert list_title("1 Findings", terms, 20).plain == "1 Findings  +3"
    assert list_title("1 Findings", [], 20).plain == "1 Findings"
    clicks = [
        span.style.meta for span in list_title("", terms, 60).spans if "meta" in dir(span.style)
    ]
    assert {CHIP: 1} in clicks


@given(st.lists(TERMS, max_size=8), st.integers(20, 80))
def test_the_title_fits(terms, width):
    assert list_title("1 Findings", terms, width).cell_length <= width


def test_a_finding_is_found_by_each_file_that_it_has_a_place_in():
    one = repeated(*(report(path=path, line=7, rule="python/x") for path in ("a.py", "b.py")))

    terms = [FilterTerm(FilterKind.FILE, path) for path in ("a.py", "b.py", "c.py")]

    assert [Filter((term,)).admits_subject(Subject(one)) for term in terms] == [True, True, False]
