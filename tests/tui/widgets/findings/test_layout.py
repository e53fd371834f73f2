from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tests.fakes.reports import ECONOMY, finding, report
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event
from xreview.domain.state import Triage, apply
from xreview.tui.widgets.diff.search import shown_pattern
from xreview.tui.widgets.findings.layout import ListLayout
from xreview.tui.widgets.findings.paint import RowDrawing
from xreview.tui.widgets.findings.rows import FindingRow, Heading
from xreview.tui.widgets.findings.titles import INDENT, title_height, title_lines

LONG = "Attempts are counted per address and not per account"


def row(title: str, apart: str = "", kind: str = "", **more) -> FindingRow:
    return FindingRow(finding(report(title, **more)), kind, apart)


def test_a_title_takes_a_second_line_only_if_it_needs_one():
    assert title_lines(row("Short"), 40) == ["Short"]
    assert title_lines(row(LONG), 40) == ["Attempts are counted per address", "and not per account"]
    assert title_lines(row(LONG), 25) == ["Attempts are counted", "per address and not…"]


def test_what_tells_titles_apart_is_never_cut():
    assert title_lines(row(LONG, "load()"), 40)[1] == "and not per account · load()"
    assert title_lines(row(LONG, "load()"), 25) == ["Attempts are counted", "per addres… · load()"]
    assert title_lines(row("Swallowed", "load()"), 40) == ["Swallowed · load()"]


def test_a_word_wider_than_the_pane_is_cut_in_two():
    assert title_lines(row("x" * 30), 25) == ["x" * 20, "x" * 10]


@given(st.text(max_size=120), st.text(max_size=20), st.integers(6, 60))
def test_titles_fit_their_lines_and_their_height(title, apart, width):
    one = FindingRow(finding(report(title or "t")), "", apart)
    lines = title_lines(one, width)
    assert len(lines) == title_height(one, width) <= 2
    assert all(cell_len(line) <= width - INDENT for line in lines)


@given(st.text("abc ", min_size=1, max_size=60), st.integers(12, 60))
def test_no_word_of_a_title_is_lost_that_has_room(title, width):
    lines = title_lines(row(title), width)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == title.replace(" ", "")


ROWS = st.lists(
    st.one_of(
        st.builds(lambda folded: Heading("group", 2, 1, folded), st.booleans()),
        st.builds(lambda n: row("word " * n + str(n)), st.integers(1, 30)),
    ),
    max_size=30,
)  # fmt: skip


@given(ROWS, st.integers(8, 60))
def test_every_line_belongs_to_the_row_that_draws_it(rows, width):
    layout = ListLayout(rows, width)
    drawn = [index for index, _ in enumerate(rows) for _ in range(lines_of(rows[index], width))]
    assert layout.height == len(drawn)
    assert [layout.row_at(line) for line in range(layout.height)] == drawn
    assert all(layout.bottom(at) - layout.top(at) == drawn.count(at) for at in set(drawn))


def lines_of(one, width: int) -> int:
    return 1 if isinstance(one, Heading) else title_height(one, width) + 1


@given(ROWS, st.integers(8, 60), st.integers(3, 20), st.data())
def test_a_row_that_is_shown_is_on_the_screen(rows, width, height, data):
    layout = ListLayout(rows, width)
    if rows:
        index = data.draw(st.integers(0, len(rows) - 1))
        for first in (
            layout.scroll_to_show(index, data.draw(st.integers(0, layout.height)), height),
            layout.scroll_to_keep(index, data.draw(st.integers(-5, height + 5)), height),
        ):
            assert 0 <= first <= layout.top(index)
            assert layout.bottom(index) <= first + height


@given(ROWS, st.integers(-5, 200), st.sampled_from([1, -1]))
def test_paging_never_ends_on_a_heading_that_is_unfolded(rows, line, steps):
    layout = ListLayout(rows, 40)
    if any(isinstance(one, FindingRow) or one.is_folded for one in rows):
        found = rows[layout.near(line, steps)]
        assert isinstance(found, FindingRow) or found.is_folded


@given(ROWS)
def test_walking_by_findings_meets_each_of_them_and_nothing_else(rows):
    layout = ListLayout(rows, 40)
    at, met = -1, []
    while (found := layout.next_finding(at, 1)) is not None:
        met.append(found)
        at = found
    assert met == [n for n, one in enumerate(rows) if isinstance(one, FindingRow)]


PATH = "services/payments/adapters/webhooks.py"


def place(one: FindingRow, width: int, reason: Reason | None = None, proposed: str = "") -> str:
    triage = Triage()
    if reason is not None:
        made = DecisionMade("a1", one.finding.fingerprints, Decision(Verdict.ESCALATE, reason))
        when = "2026-01-01T00:00:00.000000+00:00"
        triage = apply(triage, Event("e1", "s", "r", when, "me", made))
    segments = RowDrawing(one, width, lambda _: Style()).place_line(triage, proposed)
    return "".join(segment.text for segment in segments).strip()


def test_decision_words_become_shorter_before_the_path_does():
    one = row("t", path=PATH, line=12)
    assert place(one, 80, Reason.ARBITER) == f"escalated: arbiter · {PATH}:12"
    assert place(one, 60, Reason.ARBITER) == f"arbiter · {PATH}:12"
    assert place(one, 42, Reason.ARBITER) == "escalated: arbiter · …/webhooks.py:12"
    assert place(one, 36, Reason.ARBITER) == "arbiter · …pters/webhooks.py:12"
    assert place(one, 28, Reason.ARBITER) == "…dapters/webhooks.py:12"
    assert place(one, 60, proposed="proposed by Anna: fix") == f"proposed · {PATH}:12"


@given(
    st.integers(20, 90), st.sampled_from([None, *(Reason.ARBITER, Reason.PERSON)]), st.booleans()
)
def test_the_name_of_the_file_is_shown_where_it_fits_at_all(width, reason, is_disputed):
    one = row("t", kind="corroborated" if is_disputed else "", path=PATH, line=12)
    shown = place(one, width, reason)
    assert cell_len(shown) <= width - INDENT
    if width - INDENT >= len("…/webhooks.py:12"):
        assert shown.endswith("webhooks.py:12")


def test_matches_are_marked_in_titles_and_places():
    found = Style(reverse=True)
    drawn = RowDrawing(
        row("Swallowed error", path="errors.py"), 40,
        lambda part: found if part == "found" else Style(), shown_pattern("err"),
    )  # fmt: skip
    for line in (
        drawn.title_line(0, " ", is_open=True, is_current=False),
        drawn.place_line(Triage()),
    ):
        assert [segment.text for segment in line if segment.style.reverse] == ["err"]


def test_a_row_says_how_many_reports_it_has():
    both = finding(report("a"), report("a", reviewer=ECONOMY))
    assert place(FindingRow(both), 40) == "a.py:1 ×2"
    assert place(replace(row("t"), kind="conceded"), 40) == "conceded · a.py:1"
