"""The arithmetic of a session's account: parts add up, and order doesn't matter."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.session_account.facts_told import facts
from tests.export.build import AT, FIX, INTENDED, MEASURE, OPUS, RUFF, finding
from xreview.domain.account import account_of
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import FileStatus
from xreview.domain.changed_file import ChangedFile
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Reason
from xreview.domain.events.event import AftermathSeen, AttentionWeighed, ProblemMissed
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.person_events import FoundIn
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.own_findings import YOU
from xreview.domain.report import ReviewerIdentity, ReviewerKind, Severity
from xreview.domain.ruling import Ruling, chosen_of
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, scored
from xreview.domain.session_account.account import FindingFate, ForeseenAs
from xreview.domain.session_account.counting import session_account
from xreview.domain.session_account.facts import AccountedFinding, PartySpending, SessionFacts
from xreview.domain.session_account.sections import account_headline, account_sections

GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-5")


def file(path: str, added: int = 10) -> ChangedFile:
    return ChangedFile(path, None, FileStatus.MODIFIED, added, 0)


def told(made: SessionFacts) -> dict[str, tuple[str, ...]]:
    return {one.title: one.lines for one in account_sections(session_account(made))}


@settings(max_examples=150)
@given(facts=facts)
def test_the_parts_of_every_figure_add_up_to_the_whole(facts: SessionFacts) -> None:
    made = session_account(facts)
    of = made.findings.of
    assert made.findings.total == len(facts.findings)
    assert sum(made.reasons.values()) == of(FindingFate.REJECTED)
    assert made.own <= of(FindingFate.ACCEPTED)
    contests = made.contests
    assert contests.total == (
        sum(contests.rulings.values()) + contests.sides + contests.otherwise + contests.open
    )
    escalations = made.escalations
    assert 0 <= escalations.waiting <= escalations.asked
    assert 0 <= escalations.settled <= escalations.asked
    raised = [{scored(r.reviewer) for r in one.finding.reports} for one in facts.findings]
    assert sum(one.total for one in made.reviewers.values()) == sum(map(len, raised))
    for arm in made.arms.values():
        assert arm.findings.total <= len(facts.findings)
        for share in (arm.files, arm.lines):
            assert share is None or share.count <= share.of
    assert {r for group in raised for r in group} == set(made.reviewers)
    if made.attention is not None and facts.weighed is not None:
        assert sum(one.files for one in made.attention.levels) == len(
            {one.path for one in facts.weighed.files}
        )
        weighed = [one for one in facts.findings if one.level is not None]
        assert sum(one.findings.total for one in made.attention.levels) == len(weighed)
        assert all(one.level >= AttentionLevel.STUDY for one in made.attention.unread)
    known = [one.dollars for one in facts.used if one.dollars is not None]
    assert made.models.dollars == (pytest.approx(sum(known)) if known else None)
    assert len(made.models.unpriced) + len(known) == len(facts.used)


@settings(max_examples=100)
@given(facts=facts, shuffle=st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: SessionFacts, shuffle) -> None:
    def mixed(values: tuple) -> tuple:
        return tuple(shuffle.sample(values, len(values)))

    other = replace(
        facts,
        findings=mixed(facts.findings),
        coverage=mixed(facts.coverage),
        reviewers=mixed(facts.reviewers),
        used=mixed(facts.used),
        aftermath=mixed(facts.aftermath),
        missed=None if facts.missed is None else mixed(facts.missed),
    )
    assert session_account(other) == session_account(facts)


@settings(max_examples=50)
@given(facts=facts)
def test_what_was_never_decided_is_neither_caught_nor_rejected(facts: SessionFacts) -> None:
    undone = tuple(replace(one, decided=None) for one in facts.findings)
    made = session_account(replace(facts, findings=undone))
    decided = {FindingFate.ACCEPTED, FindingFate.REJECTED, FindingFate.ESCALATED}
    assert not decided.intersection(made.findings.by_fate)
    assert made.seconds is None
    assert (made.own, made.elsewhere, made.reasons) == (0, 0, {})


@settings(max_examples=50)
@given(facts=facts)
def test_every_section_says_something(facts: SessionFacts) -> None:
    made = session_account(facts)
    assert account_headline(made)
    assert all(one.title and all(one.lines) for one in account_sections(made))


def test_a_share_has_its_denominator_and_what_is_not_known_is_not_0() -> None:
    said = told(SessionFacts("s1", missed=None, fixing=None, reviewers=(OPUS,)))
    assert said["Missed"] == ("What came to light later is unknown: the journal can't be read",)
    assert said["Attention"] == ("Unknown: it was not weighed",)
    assert said["Not reviewed"] == ("The review did not finish.", "What was read is unknown.")
    assert said["Cost"][1:] == ("Fixes: unknown", "Your time: unknown")
    assert "unknown files read (unknown lines)" in said["Same family and cross-family"][0]


def test_who_caught_what_by_family() -> None:
    both = Finding(
        (*finding("f1", reviewer=OPUS).reports, *finding("f2", reviewer=GPT).reports),
        (),
        Disagreement.CORROBORATED,
    )
    made = session_account(
        SessionFacts(
            "s1",
            author="anthropic",
            reviewers=(OPUS, GPT, RUFF),
            findings=(
                AccountedFinding(both, FIX, wrote="anthropic"),
                AccountedFinding(finding("f3", reviewer=GPT), INTENDED, wrote="anthropic"),
                AccountedFinding(finding("f4", reviewer=YOU), FIX, wrote="anthropic"),
            ),
            files=(file("a.py"), file("b.py", 30)),
            coverage=(
                CoverageEntry("gpt", "a.py", Reading.READ),
                CoverageEntry("opus", "b.py", Reading.TRUNCATED, "too long"),
            ),
            is_over=True,
        )
    )
    cross, same = made.arms[Arm.CROSS_FAMILY], made.arms[Arm.SAME_FAMILY]
    assert cross.findings.accepted_share == Proportion(1, 2)
    assert same.findings.accepted_share == Proportion(1, 1)
    assert (cross.files, cross.lines) == (Proportion(1, 2), Proportion(10, 40))
    assert same.files == Proportion(0, 2), "it read only a part"
    assert Arm.ANALYSER in made.arms, "it was asked"
    assert (made.own, made.reasons) == (1, {Reason.INTENDED: 1})


def test_the_side_that_was_not_taken_is_passed_over() -> None:
    one, other = finding("f1", reviewer=OPUS), finding("f2", reviewer=GPT)
    conflict = Finding((*one.reports, *other.reports), (), Disagreement.CONFLICT)
    sided = replace(FIX, chosen=chosen_of(one.reports))
    made = session_account(SessionFacts("s1", findings=(AccountedFinding(conflict, sided),)))
    assert made.reviewers[scored(OPUS)].of(FindingFate.ACCEPTED) == 1
    assert made.reviewers[scored(GPT)].of(FindingFate.PASSED_OVER) == 1
    assert made.contests.sides == 1
    ruled = replace(INTENDED, ruling=Ruling.AUTHOR)
    contested = replace(conflict, disagreement=Disagreement.CONTESTED)
    made = session_account(SessionFacts("s1", findings=(AccountedFinding(contested, ruled),)))
    assert made.contests.rulings == {Ruling.AUTHOR: 1}


def test_a_fix_of_an_accepted_finding_is_no_miss() -> None:
    def seen(path: str, *subjects: str) -> AftermathSeen:
        return AftermathSeen("s1", AftermathKind.FIXED, "c1", AT, path, 3, subjects, "it says so")

    missed = ProblemMissed("m1", "a.py", 1, "wrong", FoundIn.PRODUCTION, Severity.HIGH)
    made = session_account(
        SessionFacts(
            "s1",
            findings=(
                AccountedFinding(finding("f1"), FIX),
                AccountedFinding(finding("f2"), INTENDED),
            ),
            missed=(missed,),
            aftermath=(seen("a.py", "f1"), seen("b.py", "f2"), seen("c.py"), seen("c.py")),
        )
    )
    assert made.later is not None
    assert made.later.missed == {FoundIn.PRODUCTION: 1}
    assert {key: n for (_, key), n in made.later.aftermath.items()} == dict.fromkeys(ForeseenAs, 1)


def test_a_file_that_needs_a_person_and_that_only_pattern_checks_read_is_named() -> None:
    paths = ("checked.py", "model.py", "viewed.py", "calm.py")
    levels = (
        AttentionLevel.DECIDE,
        AttentionLevel.STUDY,
        AttentionLevel.STUDY,
        AttentionLevel.SKIM,
    )
    files = tuple(WeighedFile(*pair) for pair in zip(paths, levels, strict=True))
    coverage = (
        CoverageEntry("risk", "checked.py", Reading.READ),
        CoverageEntry("opus", "model.py", Reading.READ),
    )
    changed = tuple(map(file, paths))
    made = SessionFacts(
        "s1",
        reviewers=(RUFF, OPUS),
        files=changed,
        coverage=coverage,
        read=account_of(changed, coverage),
        weighed=AttentionWeighed(AttentionLevel.DECIDE, ("it touches money",), files),
        viewed=frozenset({"viewed.py"}),
        is_over=True,
    )
    attention = session_account(made).attention
    assert attention is not None
    assert [(one.path, one.why) for one in attention.unread] == [
        ("checked.py", "only pattern checks read it")
    ]
    assert (
        "Needs a person (5 decide): checked.py: only pattern checks read it"
        in (told(made)["Not reviewed"])
    )


def test_an_escalation_that_moved_on_is_still_counted() -> None:
    made = session_account(
        SessionFacts(
            "s1",
            findings=(
                AccountedFinding(finding("f1"), FIX, escalations=1, answers=1),
                AccountedFinding(finding("f2"), MEASURE, escalations=1),
                AccountedFinding(finding("f3"), MEASURE, escalations=1, answers=None),
            ),
        )
    ).escalations
    counted = (made.asked, made.answered, made.waiting, made.unknown, made.settled)
    assert counted == (3, 1, 1, 1, 1)


def test_cost_and_time_name_what_is_not_known() -> None:
    spent = (PartySpending("opus", 0.25, 30.0), PartySpending("gpt", None, None))
    made = SessionFacts(
        "s1",
        opened_at="2025-11-21T09:30:00.000000+00:00",
        findings=(AccountedFinding(finding("f1"), FIX, fix=FixOutcome.FIXED, is_working=True),),
        used=spent,
        fixing=(),
    )
    assert told(made)["Cost"] == (
        "Reviewers: $0.2500, and unknown for gpt; 30 seconds, and unknown for gpt in all",
        "From opening to your last decision: 30.0 minutes, with breaks and waiting",
    )
    assert told(made)["Fixes"] == ("Work now: 1 of 1 judged (1 fixed)",)
    elsewhere = (AccountedFinding(finding("f1"), replace(FIX, session="s9")),)
    other = session_account(replace(made, findings=elsewhere))
    assert (other.seconds, other.elsewhere) == (None, 1)
