"""What each prompt brought: which report belongs to which prompt, and what it cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.scorecard.test_scorecard import GPT, MEASURE, OPUS, WRONG, said
from tests.domain.strategies import stored_events
from tests.journal.build import decided, event
from xreview.domain.events.event import ModelAsked, UsageReceived
from xreview.domain.reply_count import ReplyCount
from xreview.domain.report import Lens
from xreview.domain.scorecard.prompt_figures import (
    PromptAccount,
    PromptComparison,
    PromptEffort,
    PromptRecord,
    PromptVerdict,
    ScoredPrompt,
)
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scoring import score

RISK_1, RISK_2 = ScoredPrompt("risk/1", "a" * 12), ScoredPrompt("risk/2", "b" * 12)
ECONOMY = ScoredPrompt("economy/2", "c" * 12)


def asked(prompt, by=OPUS, session="s1", replies=None, **given_):
    payload = ModelAsked(
        by.name, "h", by.model or "m", (), prompt.reference, prompt.digest * 5, 1, 0, 0, replies
    )
    id = f"{session}/{by.name}/{prompt.reference}"
    return event(id, payload, session=session, **given_)


def used(by=OPUS, session="s1", cost=0.5, seconds=60.0):
    payload = UsageReceived(by.name, 1, 1, cost, seconds)
    return event(f"{session}/{by.name}/used", payload, session=session)


def record_of(account: PromptAccount, prompt: ScoredPrompt) -> PromptRecord:
    (found,) = [one for one in account.records if one.prompt == prompt]
    return found


def test_reports_belong_to_the_prompt_of_their_reviewer_in_that_session() -> None:
    facts = [
        asked(RISK_1),
        asked(RISK_2, session="s2"),
        asked(ECONOMY, by=GPT),
        said("1", "f1"),
        said("2", "f2", session="s2"),
        said("3", "f3", session="s2"),
        said("4", "f4", by=GPT),
        said("5", "f5", session="s2"),
        decided("d1", "f1", "f2"),
        decided("d2", "f3", decision=WRONG),
        decided("d3", "f5", decision=MEASURE),
    ]
    account = score(facts).prompts
    assert [one.prompt for one in account.records] == [ECONOMY, RISK_1, RISK_2]
    old, new = record_of(account, RISK_1), record_of(account, RISK_2)
    assert (old.sessions, old.reports, old.decided, old.precision) == (1, 1, 1, Proportion(1, 1))
    assert (new.sessions, new.reports, new.decided, new.precision) == (1, 3, 3, Proportion(1, 2))
    assert record_of(account, ECONOMY).reports == 1
    assert account.unattributed == 0


def test_a_report_that_two_versions_brought_counts_for_each_once() -> None:
    facts = [
        *(asked(RISK_1, session=name) for name in ("s1", "s2")),
        asked(RISK_2, session="s3"),
        *(said(name, session=name) for name in ("s1", "s2", "s3")),
        decided("d"),
    ]
    account = score(facts).prompts
    assert [(one.sessions, one.reports) for one in account.records] == [(2, 1), (1, 1)]
    assert [one.precision for one in account.records] == [Proportion(1, 1)] * 2


def test_what_was_asked_about_reports_brings_none() -> None:
    facts = [asked(RISK_1), asked(ScoredPrompt("rebut/2", "d" * 12)), said("1")]
    (record,) = score(facts).prompts.records
    assert (record.prompt, record.reports) == (RISK_1, 1)


def test_of_two_prompts_in_one_session_the_one_of_the_reports_lens_counts() -> None:
    compact = ScoredPrompt("economy-compact/2+yours", "e" * 12)
    facts = [asked(RISK_1), asked(compact), said("1"), said("2", "f2", lens=Lens.ECONOMY)]
    account = score(facts).prompts
    assert record_of(account, RISK_1).reports == record_of(account, compact).reports == 1


def test_a_report_without_a_recorded_prompt_is_counted_apart() -> None:
    assert score([said("1"), said("2", "f2", by=GPT), asked(RISK_1)]).prompts.unattributed == 1


def test_cost_and_time_are_those_of_known_reviews() -> None:
    facts = [
        asked(RISK_1),
        used(),
        asked(RISK_1, session="s2"),
        used(session="s2", cost=None, seconds=30.0),
        asked(RISK_1, by=GPT, session="s2"),
    ]
    (record,) = score(facts).prompts.records
    assert record.sessions == 2
    assert record.dollars == PromptEffort(0.5, 1, 3)
    assert record.minutes == PromptEffort(1.5, 2, 3)


def test_replies_add_up_by_model_and_unknown_ones_are_not_zero() -> None:
    facts = [
        asked(RISK_1, replies=ReplyCount(4, 1, 1)),
        asked(ScoredPrompt("rebut/2", "d" * 12), replies=ReplyCount(2, 1, 0)),
        asked(RISK_2, session="s2"),
    ]
    account = score(facts).prompts
    assert account.replies == {"opus-5": ReplyCount(6, 2, 1)}
    assert record_of(account, RISK_1).replies == ReplyCount(4, 1, 1)
    assert record_of(account, RISK_2).replies is None


def test_since_leaves_earlier_prompts_out() -> None:
    facts = [asked(RISK_1, second=1), asked(RISK_2, session="s2", second=9), said("1", second=2)]
    account = score(facts, "2025-11-21T10:00:05.000000+00:00").prompts
    assert [one.prompt for one in account.records] == [RISK_2]


def record(prompt: ScoredPrompt, accepted: int, of: int) -> PromptRecord:
    nothing = PromptEffort()
    return PromptRecord(prompt, 1, of, of, Proportion(accepted, of), nothing, nothing)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ((9, 9), (1, 20), PromptVerdict.THIN),
        ((8, 20), (10, 20), PromptVerdict.OVERLAP),
        ((1, 30), (29, 30), PromptVerdict.APART),
        ((29, 30), (1, 30), PromptVerdict.APART),
    ],
)
def test_two_versions_are_told_apart_only_by_intervals_that_do_not_meet(one, other, verdict):
    pair = PromptComparison(record(RISK_1, *one), record(RISK_2, *other))
    assert pair.verdict is verdict


def test_versions_are_compared_in_order_and_never_across_prompts() -> None:
    references = ["risk/2+yours", "risk/10", "economy/1", "risk/2", "risk/x"]
    prompts = sorted((ScoredPrompt(one, "a") for one in references), key=lambda one: one.order)
    account = PromptAccount(tuple(record(one, 1, 2) for one in prompts))
    assert [
        (one.one.prompt.reference, one.other.prompt.reference) for one in account.comparisons
    ] == [
        ("risk/x", "risk/2"),
        ("risk/2", "risk/2+yours"),
        ("risk/2+yours", "risk/10"),
    ]


@given(st.lists(stored_events(), max_size=15, unique_by=lambda event: event.id))
def test_no_prompt_has_more_decisions_than_reports(events) -> None:
    for one in score(events).prompts.records:
        assert one.precision.of <= one.decided <= one.reports
        assert one.dollars.known <= one.dollars.of >= one.sessions
