"""What the review pane says of a finding: the leading report, and nothing twice."""

from dataclasses import replace

from textual.geometry import Size

from tests.fakes.reports import ECONOMY, finding, repeated, report
from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import ChangeKind, ChangeSource, Side
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.state import Triage, apply
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.review_text import review_content

SNAPSHOT = ReviewSnapshot("s", ChangeSource(ChangeKind.WORKTREE, "worktree", "/r"))
RAISED = replace(report(suggestion="return None"), rule="python/swallowed")


def said(one: Finding, width: int = 0) -> list[str]:
    return review_content(one, SNAPSHOT, Size(width, 20)).plain.split("\n")


def test_it_gives_title_facts_claim_failure_and_the_suggestion_as_a_diff():
    rows = said(finding(RAISED))
    assert rows[0] == RAISED.title
    assert rows[1] == (
        "MEDIUM · risk · error-handling · high confidence · risk lens · python/swallowed"
    )
    assert rows[2] == RAISED.claim
    assert f"How it fails  {RAISED.scenario}" in rows
    assert rows[-4:-1] == ["Suggestion  Write it so.", "- pass", "+ return None"]


def test_the_facts_stay_on_one_line_the_most_telling_first():
    for width in range(8, 90):
        facts = said(finding(RAISED), width)[1]
        assert len(facts) <= max(width, len("MEDIUM"))
    assert said(finding(RAISED), 40)[1] == "MEDIUM · risk · error-handling"


def test_place_and_quote_are_left_to_the_code_pane():
    one = finding(report(quote="  except Exception:", path="some/where.py", line=7))
    text = "\n".join(said(one))
    assert "except Exception" not in text
    assert "where.py" not in text


def test_the_old_side_and_a_missing_quote_are_said():
    old = replace(RAISED, anchor=replace(RAISED.anchor, side=Side.OLD))
    assert "old side" in said(Finding((old,), (), Disagreement.LONE))[1]
    lost = replace(RAISED, anchored=False)
    assert any("Unanchored" in row for row in said(Finding((lost,), (), Disagreement.LONE)))


def test_the_first_of_several_reports_has_its_number():
    other = report("Also swallowed", reviewer=ECONOMY)
    rows = said(Finding((RAISED, other), (), Disagreement.CORROBORATED))
    assert rows[0] == f"1 {RAISED.title}"
    assert "Also swallowed" not in "\n".join(rows)


def test_hostile_text_is_made_visible():
    one = replace(RAISED, title="\x1b[2J[red]x[/]", claim="a\x07b", rule="\u202er")
    text = "\n".join(said(Finding((one,), (), Disagreement.LONE)))
    assert "␛[2J[red]x[/]" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_a_decision_is_followed_by_who_made_it_without_the_mail_address():
    one = finding(RAISED)
    made = DecisionMade("a1", one.fingerprints, Decision(Verdict.ACCEPT, Reason.FIX))
    event = Event("e1", "s", "r", "2026-01-01T10:20:30.000000+00:00", "Ann <a@example.org>", made)
    snapshot = replace(SNAPSHOT, triage=apply(Triage(), event))
    rows = review_content(one, snapshot).plain.split("\n")
    assert rows[:3] == ["Accepted: fix", "by Ann, 2026-01-01 10:20 UTC", RAISED.title]


def test_the_other_places_of_a_repeated_problem_are_listed():
    places = [report(path=path, line=7, rule="python/x") for path in ("a.py", "b\x1b.py", "c.py")]

    rows = said(repeated(*places))

    assert rows[-4:] == ["Also in 2 other places", "b␛.py:7", "c.py:7", ""]


def test_the_attention_is_one_line_unless_it_is_usual() -> None:
    why = AttentionReason(AttentionQuestion.COST, "it touches mo\x1bney", RAISED.anchor.path)
    read, study = (
        ChangeAttention(Attention(level, (why,)))
        for level in (AttentionLevel.READ, AttentionLevel.STUDY)
    )

    def third(attention: ChangeAttention) -> str:
        snapshot = replace(SNAPSHOT, attention=attention)
        title, _, row, *_ = review_content(finding(RAISED), snapshot).plain.split("\n")
        assert title == RAISED.title
        return row

    assert third(study) == "study: it touches mo␛ney"
    assert third(read) == RAISED.claim
    assert said(finding(RAISED))[0] == RAISED.title
