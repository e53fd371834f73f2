"""How the list, its filter and its menu show the states of threads on a pull request."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.style import Style

from tests.fakes.forge import AUTHOR
from tests.fakes.posting import remark, said
from tests.fakes.reports import report
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.state import Triage
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.dialogs.filter_menu import FilterMenu
from xreview.tui.widgets.findings.arrangement import Arrangement
from xreview.tui.widgets.findings.filter import Filter, FilterKind, FilterTerm, thread_values
from xreview.tui.widgets.findings.marks import FIX_SIGNS, THREAD_SIGNS, thread_mark
from xreview.tui.widgets.findings.paint import MARKS, RowDrawing
from xreview.tui.widgets.findings.rows import FindingRow

OPEN = said("T1")
REPLIED = said("T2", remark("21", AUTHOR, "No."))
OUTDATED = said("T3", is_outdated=True)
RESOLVED = said("T4", is_resolved=True)
SOURCE = ChangeSource(ChangeKind.WORKTREE, "worktree", "/r")


def from_threads(title, *threads, path="shop/checkout/cart.py"):
    """A finding that was read from these threads."""
    reports = [
        replace(report(f"{title} {at}", path=path, line=12), source=one.id)
        for at, one in enumerate(threads)
    ]
    return Finding(tuple(reports or [report(title)]), (), Disagreement.LONE)


FINDINGS = {
    "open": from_threads("a", OPEN),
    "replied": from_threads("b", REPLIED),
    "outdated": from_threads("c", OUTDATED),
    "resolved": from_threads("d", RESOLVED),
}
OURS = from_threads("ours")
BOTH = from_threads("both", RESOLVED, REPLIED)
SNAPSHOT = ReviewSnapshot(
    "now",
    SOURCE,
    findings=(*FINDINGS.values(), OURS, BOTH),
    threads={one.id: one for one in (OPEN, REPLIED, OUTDATED, RESOLVED)},
)


def place_line(one, width, triage=SNAPSHOT.triage):
    drawn = RowDrawing(FindingRow(one), width, lambda part: Style())
    segments = drawn.place_line(triage, "", None, thread_mark(SNAPSHOT, one))
    return "".join(segment.text for segment in segments).strip()


@pytest.mark.parametrize(("state", "one"), FINDINGS.items(), ids=FINDINGS)
def test_each_state_is_told_by_a_word_and_a_sign(state, one):
    assert thread_mark(SNAPSHOT, one).value == state
    sign = THREAD_SIGNS[ThreadState(state)]
    assert place_line(one, 60) == f"{sign} {state} · shop/checkout/cart.py:12"
    assert place_line(one, 32) == f"{sign} shop/checkout/cart.py:12"


def test_the_signs_are_one_cell_and_differ_from_all_others():
    signs = THREAD_SIGNS.values()
    assert len(set(signs)) == len(ThreadState)
    assert all(cell_len(sign) == 1 for sign in signs)
    assert set(signs).isdisjoint({*FIX_SIGNS.values(), *MARKS.values()})


def test_of_several_threads_the_one_that_waits_most_counts():
    assert thread_mark(SNAPSHOT, BOTH) is ThreadState.REPLIED
    assert thread_values(SNAPSHOT, BOTH) == ("resolved", "replied")


def test_a_finding_of_our_own_has_none():
    assert thread_mark(SNAPSHOT, OURS) is None
    assert place_line(OURS, 60) == "a.py:1"


def test_what_is_proposed_stays_beside_the_state():
    row = RowDrawing(FindingRow(FINDINGS["open"], "contested"), 90, lambda part: Style())
    segments = row.place_line(Triage(), "proposed by Ada: fix", None, ThreadState.OPEN)
    told = "".join(segment.text for segment in segments).strip()
    assert told.startswith("□ open · proposed by Ada: fix · contested")


def arranged(*values):
    arrangement = Arrangement()
    arrangement.use(SNAPSHOT)
    terms = tuple(FilterTerm(FilterKind.THREAD, value) for value in values)
    arrangement.set_filter(Filter(terms))
    listed = arrangement.listed(SNAPSHOT.findings, SNAPSHOT.triage)
    return {one.lead.title for one in listed}


def test_the_filter_shows_findings_by_the_state_of_a_thread():
    assert arranged("replied") == {"b 0", "both 0"}
    assert arranged("open", "outdated") == {"a 0", "c 0"}


def test_the_menu_offers_the_states_that_there_are_in_order():
    arrangement = Arrangement()
    arrangement.use(SNAPSHOT)
    menu = FilterMenu(Filter(), arrangement.subjects(SNAPSHOT))
    offered = {one.key: one for one in menu.choices(None)}
    assert offered["e"].label == "thread…"
    labels = [(one.label, one.meaning) for one in menu.values(FilterKind.THREAD)]
    assert labels == [
        ("open", "1 finding"),
        ("replied", "2 findings"),
        ("outdated", "1 finding"),
        ("resolved", "2 findings"),
    ]
    ours = replace(SNAPSHOT, threads={})
    arrangement.use(ours)
    keys = {one.key for one in FilterMenu(Filter(), arrangement.subjects(ours)).choices(None)}
    assert "e" not in keys
