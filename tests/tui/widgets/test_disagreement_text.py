"""What the disagreement pane says, side by side where there is room and else below each other."""

from dataclasses import replace

import pytest

from tests.fakes.reports import report
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.scorecard.figures import Proportion, scored
from xreview.domain.stance import Stance, StanceKind
from xreview.review.past.precedents import PairRecord, Precedents
from xreview.tui.widgets.disagreement_text import (
    SIDE_BY_SIDE_FROM,
    FindingContext,
    disagreement_content,
)

GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6")
AUTHOR = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-5")
RAISED = replace(report(), reviewer=GPT, settle="A test with two threads.")
STANCES = (
    Stance(GPT, StanceKind.RAISES, RAISED.claim, RAISED.anchor.quote),
    Stance(
        AUTHOR, StanceKind.REBUTS, "The caller \x1b[2J[b]locks[/b]", "lock()", "Read it.", "a.py", 3
    ),
)
FINDING = Finding((RAISED,), STANCES, Disagreement.CONTESTED)


NOTHING_BESIDE = FindingContext()


def said(
    width: int, beside: FindingContext = NOTHING_BESIDE, finding: Finding = FINDING
) -> list[str]:
    return disagreement_content(finding, beside, width).plain.split("\n")


@pytest.mark.parametrize("width", [SIDE_BY_SIDE_FROM, 96, 160])
def test_both_sides_stand_in_one_row_where_there_is_room(width):
    rows = said(width)
    (row,) = [one for one in rows if "opus (" in one]
    assert "gpt (" in row
    columns = {one.index("│ ", (width - 3) // 2) for one in rows if "opus (" in one}
    assert columns == {(width - 3) // 2 + 1}
    # The kind, what would settle it and the record are no part of the columns.
    assert all(len(one) <= width for one in rows[1 : rows.index("What would settle it")])


@pytest.mark.parametrize("width", [0, 42, SIDE_BY_SIDE_FROM - 1])
def test_else_one_stands_below_the_other(width):
    rows = said(width)
    (first,) = [at for at, one in enumerate(rows) if "gpt (" in one]
    (second,) = [at for at, one in enumerate(rows) if "opus (" in one]
    assert first < second


def test_who_is_of_the_authors_family_is_said():
    assert not [row for row in said(160) if "author" in row]
    assert "opus (model: anthropic opus-5), author's family, rebuts" in "\n".join(
        said(70, FindingContext(author="anthropic"))
    )


def test_it_says_what_would_settle_it_and_where_the_quote_stands():
    rows = said(50)
    at = rows.index("What would settle it")
    assert rows[at + 1 : at + 3] == ["A test with two threads.", "Read it."]
    assert "a.py:3" in rows
    assert "\x1b" not in "".join(rows)
    assert "The caller ␛[2J[b]locks[/b]" in rows


def test_a_quote_from_nowhere_is_marked():
    lost = replace(STANCES[1], anchored=False, path="", line=0)
    finding = replace(FINDING, stances=(STANCES[0], lost))
    assert "(the quote isn't in the code)" in said(50, finding=finding)


def test_the_pairs_record_is_said_where_there_is_one():
    pair = ("anthropic", scored(GPT), RAISED.category)
    known = Precedents(shares={pair: Proportion(12, 15)})
    records = known.records_on(FINDING, "anthropic")
    assert records == [PairRecord(*pair, Proportion(12, 15))]
    assert known.records_on(FINDING, "openai") == []
    told = f"gpt on anthropic, {RAISED.category}: 12 of 15 accepted"
    assert told in said(50, FindingContext(records=records))
    assert not any("accepted" in row for row in said(50))
