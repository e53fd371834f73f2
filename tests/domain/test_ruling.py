"""Whose side a decision takes: who was right, and which reports are left of a finding."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import decisions, findings, names
from xreview.domain.decision import REASONS, Decision, Reason, Verdict
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.ruling import (
    ChosenReport,
    Ruling,
    chosen_among,
    chosen_of,
    narrowed,
    ruling_on,
)
from xreview.domain.stance import Stance, StanceKind


@given(findings, decisions)
def test_only_a_contest_is_ruled_on(finding, decision):
    ruling = ruling_on(finding, decision)
    if finding.disagreement not in (Disagreement.CONTESTED, Disagreement.TRADE_OFF):
        assert ruling is None
    elif decision.verdict is Verdict.ACCEPT:
        assert ruling is Ruling.REVIEWER
    elif decision.verdict is Verdict.ESCALATE:
        assert ruling is None


@pytest.mark.parametrize(
    ("reason", "ruling"),
    [
        (Reason.REVIEWER_WRONG, Ruling.AUTHOR),
        (Reason.INTENDED, Ruling.AUTHOR),
        (Reason.TRADE_OFF, Ruling.TRADE_OFF),
        (Reason.OUT_OF_SCOPE, None),
        (Reason.DUPLICATE, None),
        (Reason.LATER, None),
    ],
)
@given(findings)
def test_a_rejection_of_a_contest_says_who_was_right_unless_it_puts_it_off(reason, ruling, finding):
    contest = replace(finding, disagreement=Disagreement.CONTESTED)
    assert ruling_on(contest, Decision(Verdict.REJECT, reason)) is ruling


def test_every_reason_to_reject_is_in_the_table_above():
    assert len(REASONS[Verdict.REJECT]) == 6


@given(findings, st.lists(st.builds(ChosenReport, names, names)))
def test_nothing_chosen_or_nothing_of_it_there_leaves_the_finding_whole(finding, others):
    strange = [one for one in others if one not in chosen_of(finding.reports)]
    assert narrowed(finding, ()) is finding
    assert narrowed(finding, strange) is finding
    assert chosen_among(finding.reports, ()) == finding.reports


@given(findings, st.data())
def test_what_is_left_is_what_was_chosen_and_what_it_says(finding, data):
    raised = [Stance(r.reviewer, StanceKind.RAISES, r.claim) for r in finding.reports]
    whole = Finding(finding.reports, (*raised, *finding.stances), finding.disagreement)
    picked = data.draw(st.sampled_from(finding.reports))
    left = narrowed(whole, chosen_of([picked]))
    assert picked in left.reports
    assert left.disagreement is whole.disagreement
    assert set(chosen_of(left.reports)) == set(chosen_of([picked]))
    said = {one.argument for one in left.stances if one.kind is StanceKind.RAISES}
    gone = {one.claim for one in whole.reports if one not in left.reports}
    assert picked.claim in said
    assert not said & (gone - {one.claim for one in left.reports})


def test_reports_of_two_reviewers_with_one_fingerprint_are_told_apart():
    assert ChosenReport("f1", "opus") != ChosenReport("f1", "gpt")
