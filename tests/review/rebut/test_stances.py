"""Findings with the stances taken on them."""

from dataclasses import replace

import pytest

from tests.fakes.reports import RISK
from tests.review.rebut.building import AUTHOR, CRITIC, EMPTY, RACE, finding
from xreview.disagreement.fold import findings_of
from xreview.disagreement.stances import TakenStances, with_stances
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.stance import Stance, StanceKind
from xreview.review.rebut.selection import between_reviewers, reports_for

NOTHING = TakenStances()


def taken(kind: StanceKind, *subjects: str, **given) -> StanceTaken:
    return StanceTaken(subjects or (RACE.fingerprint,), Stance(AUTHOR, kind, "So it is.", **given))


@pytest.mark.parametrize(
    ("kind", "amounts_to"),
    [
        (StanceKind.REBUTS, Disagreement.CONTESTED),
        (StanceKind.CONCEDES, Disagreement.CONCEDED),
        (StanceKind.TRADE_OFF, Disagreement.TRADE_OFF),
        (StanceKind.SILENT, Disagreement.LONE),
    ],
)
def test_a_stance_makes_of_a_finding_what_it_is(kind, amounts_to) -> None:
    answered = with_stances(finding(RACE), NOTHING.with_more([taken(kind)]))
    assert answered.disagreement is amounts_to
    assert answered.stances[-1].kind is kind


@pytest.mark.parametrize("kind", [StanceKind.REBUTS, StanceKind.CONCEDES, StanceKind.TRADE_OFF])
def test_an_answer_without_a_real_quote_is_shown_and_does_not_count(kind) -> None:
    answered = with_stances(finding(RACE), NOTHING.with_more([taken(kind, anchored=False)]))
    assert answered.disagreement is Disagreement.LONE
    assert answered.stances[-1].kind is kind


def test_who_spoke_is_no_longer_silent() -> None:
    (alone,) = findings_of([RACE], [CRITIC, AUTHOR])
    assert [stance.kind for stance in alone.stances] == [StanceKind.RAISES, StanceKind.SILENT]
    answered = with_stances(alone, NOTHING.with_more([taken(StanceKind.CONCEDES)]))
    assert [stance.kind for stance in answered.stances] == [
        StanceKind.RAISES,
        StanceKind.CONCEDES,
    ]


def test_the_last_answer_holds_and_silence_takes_none_back() -> None:
    stances = NOTHING.with_more([taken(StanceKind.REBUTS), taken(StanceKind.CONCEDES)])
    stances = stances.with_more([taken(StanceKind.SILENT)])
    assert with_stances(finding(RACE), stances).disagreement is Disagreement.CONCEDED


def test_a_finding_nobody_spoke_of_is_as_it_was() -> None:
    other = finding(EMPTY)
    assert with_stances(other, NOTHING.with_more([taken(StanceKind.REBUTS)])) is other


def test_a_stance_stays_with_its_report_whatever_it_is_aligned_with() -> None:
    second = replace(RACE, reviewer=replace(CRITIC, name="gemini", family="google"))
    both = finding(RACE, second)
    stances = NOTHING.with_more([taken(StanceKind.REBUTS)])
    assert with_stances(both, stances).disagreement is Disagreement.CONTESTED


def test_one_model_that_reads_with_a_lens_is_no_longer_silent_either() -> None:
    (alone,) = findings_of([RACE], [CRITIC, replace(AUTHOR, name=f"{AUTHOR.name}/economy")])
    answered = with_stances(alone, NOTHING.with_more([taken(StanceKind.CONCEDES)]))
    assert [stance.kind for stance in answered.stances] == [
        StanceKind.RAISES,
        StanceKind.CONCEDES,
    ]


GOOGLE = replace(CRITIC, name="gemini", family="google", model="g")
BOTH = finding(RACE, replace(RACE, reviewer=GOOGLE))
ALONE, OTHERS = finding(EMPTY), finding(replace(EMPTY, reviewer=GOOGLE))
RULE = finding(replace(EMPTY, reviewer=RISK))


def nobody(found: Finding) -> str:
    return ""


def test_two_reviewers_answer_what_the_other_raised_alone() -> None:
    assert BOTH.disagreement is Disagreement.CORROBORATED
    assert between_reviewers([BOTH, ALONE, OTHERS, RULE], nobody) == {
        CRITIC.family: (OTHERS,),
        "google": (ALONE,),
    }
    assert between_reviewers([BOTH, ALONE], nobody) == {"google": (ALONE,)}


def test_who_raised_nothing_and_who_wrote_the_code_do_not_answer_as_reviewers() -> None:
    assert between_reviewers([ALONE, RULE], nobody) == {}
    assert between_reviewers([BOTH, ALONE], lambda found: "google") == {}
    assert between_reviewers([BOTH], nobody) == {}


def test_a_party_is_asked_about_each_report_of_others_once() -> None:
    findings = [BOTH, ALONE]
    assert reports_for(GOOGLE, findings) == (EMPTY,)
    assert reports_for(CRITIC, findings) == ()
    assert reports_for(AUTHOR, findings) == (BOTH.lead, EMPTY)
