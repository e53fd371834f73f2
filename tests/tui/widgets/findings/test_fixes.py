"""How the list and the review pane show what a fix did."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.content import Content

from tests.fakes.reports import finding, report
from tests.journal.build import event
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import DecisionMade, FixApplied, FixJudged, FixStarted
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.state import fix_state
from xreview.domain.identity.carry_over import Carried
from xreview.domain.state import fold
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.findings.arrangement import Arrangement
from xreview.tui.widgets.findings.filter import Filter, FilterKind, FilterTerm, fix_values
from xreview.tui.widgets.findings.marks import FIX_SIGNS, FixTone, fix_mark, fix_tone
from xreview.tui.widgets.findings.paint import RowDrawing
from xreview.tui.widgets.findings.rows import FindingRow
from xreview.tui.widgets.review_text import review_content

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")
ONE = finding(report("Swallowed", path="shop/checkout/cart.py", line=12))
OTHER = finding(report("Other", path="b.py"))
SOURCE = ChangeSource(ChangeKind.WORKTREE, "worktree", "/r")
BARE = ReviewSnapshot("now", SOURCE, findings=(ONE, OTHER))


def fixed(
    outcome=FixOutcome.FIXED, *, is_applied=False, state=CarriedState.NEW, session="now", at=2,
    evidence="quote changed, verifier: gone", onto=BARE,
):  # fmt: skip
    names = ONE.fingerprints
    told = [
        event("s", FixStarted("x1", CLAUDE, "t", (names,)), session=session, second=1),
        event("j", FixJudged("x1", names, outcome, evidence), session=session, second=at),
    ]
    if is_applied:
        applied = FixApplied("a1", "x1", names, ("cart.py",), True)
        told.append(event("a", applied, session=session, second=at))
    carried = {ONE.fingerprint: Carried(ONE.lead, state, ONE.fingerprint)}
    return replace(onto, fixes=fix_state(told), carried=carried)


REGRESSED = fixed(is_applied=True, state=CarriedState.REGRESSED, session="before")


def place_line(snapshot, width):
    drawn = RowDrawing(FindingRow(ONE), width, lambda part: Style(meta={"part": part}))
    return drawn.place_line(snapshot.triage, "", fix_mark(snapshot, ONE))


def text(segments):
    return "".join(one.text for one in segments)


def test_only_fixed_has_the_tone_of_fixed():
    tones = {outcome: fix_tone(outcome) for outcome in FixOutcome}
    assert [one for one, tone in tones.items() if tone is FixTone.FIXED] == [FixOutcome.FIXED]
    assert [one for one, tone in tones.items() if tone is FixTone.ALARMING] == [
        FixOutcome.TAMPERED,
        FixOutcome.REGRESSED,
    ]


def test_every_outcome_has_a_sign_of_its_own():
    assert len(set(FIX_SIGNS.values())) == len(FixOutcome)
    assert all(cell_len(sign) == len(sign) for sign in FIX_SIGNS.values())


@pytest.mark.parametrize(
    ("snapshot", "label", "short"),
    [
        (fixed(), "√ fixed, not applied", "√ not applied"),
        (fixed(is_applied=True), "√ fixed", "√ fixed"),
        (fixed(FixOutcome.NOT_VERIFIED), "? not verified, not applied", "? not verified"),
        (fixed(FixOutcome.TAMPERED, is_applied=True), "!! tampered", "!! tampered"),
        (REGRESSED, "! regressed", "! regressed"),
    ],
)
def test_a_mark_has_a_sign_and_words(snapshot, label, short):
    mark = fix_mark(snapshot, ONE)
    assert mark is not None
    assert (mark.label, mark.short) == (label, short)


def test_a_finding_without_a_fix_has_no_mark():
    assert fix_mark(BARE, ONE) is None
    assert fix_mark(fixed(), OTHER) is None
    assert fix_values(BARE, ONE) == ()


def test_a_later_fix_ends_the_regression():
    again = fixed(state=CarriedState.REGRESSED, session="now")
    assert not again.is_regressed(ONE)
    assert fix_mark(again, ONE).label == "√ fixed, not applied"
    assert REGRESSED.is_regressed(ONE)


@pytest.mark.parametrize("width", range(24, 90))
@pytest.mark.parametrize("outcome", FixOutcome)
def test_the_outcome_is_in_the_line_however_narrow(outcome, width):
    line = place_line(fixed(outcome), width)
    assert cell_len(text(line)) <= width
    word = "not applied" if outcome is FixOutcome.FIXED else outcome.value
    assert word in text(line)
    if width >= 40:
        assert "cart.py:12" in text(line)


def test_the_mark_has_a_style_of_its_own():
    by_part = {one.style.meta["part"]: one.text for one in place_line(fixed(), 80)}
    assert by_part["fix-fixed"] == "√ fixed, not applied"
    assert "shop/checkout/cart.py:12" in by_part["place"]
    assert "fix-alarming" in {one.style.meta["part"] for one in place_line(REGRESSED, 80)}


def test_a_decision_is_said_after_the_fix_where_there_is_room():
    made = DecisionMade("d", ONE.fingerprints, Decision(Verdict.ACCEPT, Reason.FIX))
    decided = fixed(is_applied=True, onto=replace(BARE, triage=fold([event("d", made)])))
    assert text(place_line(decided, 80)).strip() == (
        "√ fixed · accepted: fix · shop/checkout/cart.py:12"
    )
    assert text(place_line(decided, 40)).strip() == "√ fixed · shop/checkout/cart.py:12"


@pytest.mark.parametrize(
    ("value", "admitted"),
    [("fixed", True), ("not applied", True), ("applied", False), ("still there", False)],
)
def test_findings_are_filtered_by_their_fix(value, admitted):
    snapshot, arrangement = fixed(), Arrangement()
    arrangement.fix_of = lambda one: fix_values(snapshot, one)
    arrangement.set_filter(Filter((FilterTerm(FilterKind.FIX, value),)))
    assert arrangement.listed(snapshot.findings, snapshot.triage) == ([ONE] if admitted else [])


def test_a_regressed_one_is_not_among_the_fixed():
    assert fix_values(REGRESSED, ONE) == ("regressed",)


def said(snapshot) -> Content:
    return review_content(ONE, snapshot)


def test_the_review_pane_says_who_fixed_it_and_how_that_is_known():
    rows = said(fixed()).plain.split("\n")
    assert rows[0] == "Fix: √ fixed, not applied"
    assert rows[1].startswith("by claude-code (agent: anthropic claude-opus-5), 2025-11-21 10:00")
    assert rows[2] == "quote changed, verifier: gone"
    assert rows[3] == ONE.lead.title


def test_the_review_pane_says_what_an_outcome_means_and_colours_none_as_fixed():
    content = said(fixed(FixOutcome.NOT_VERIFIED))
    assert FixOutcome.NOT_VERIFIED.meaning in content.plain
    assert not any("success" in str(span.style) for span in content.spans)
    assert any("success" in str(span.style) for span in said(fixed()).spans)


def test_the_review_pane_says_that_a_fix_did_not_hold():
    content = said(REGRESSED)
    assert "Fix: ! fixed, but reported again" in content.plain
    assert not any("success" in str(span.style) for span in content.spans)


def test_evidence_is_shown_and_never_executed():
    hostile = fixed(evidence="[bold]x[/]\x1b[2J\u202e\nnext")
    assert "[bold]x[/]␛[2J" in said(hostile).plain
