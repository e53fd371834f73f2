"""What became of attempts, from events."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.scorecard.test_fixing import FIXED, applied, judged, reverted
from tests.domain.scorecard.test_fixing import started as fix_started
from tests.domain.scorecard.trials import (
    CLAUDE,
    CODEX,
    GEMINI,
    NONE,
    RED,
    opens,
    problem,
    returned,
    reviewed,
    started,
    taken,
    written,
)
from tests.journal.build import decided, event, undone
from xreview.domain.attempt.seat import Seat
from xreview.domain.change import ChangeKind
from xreview.domain.events.event import FixConfirmed, TrialStarted
from xreview.domain.report import ReviewerIdentity, ReviewerKind, Severity
from xreview.domain.scorecard.attempt_figures import (
    AttemptAccount,
    AttemptTally,
    SolutionSpending,
    scored_writer,
)
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, scored
from xreview.domain.scorecard.scoring import score
from xreview.domain.stakes.tier import Tier
from xreview.journal.facts import scorecard_facts
from xreview.journal.store import Journal

# Two trials, by hand. t1 (money): A by claude-code, read by codex, green, $0.75 and 1 min, is
# taken; B by codex, read by claude-code, red, $1.25 and 3 min, isn't. t2 (concurrency): A by
# claude-code, read by its own family, green, $1 and 2 min, isn't taken; B by gemini, read by
# analysers, without checks, unknown cost, 4 min, isn't either.
FIRST = [
    started("t1", CLAUDE, CODEX),
    written("t1", "A", 0.5, 60.0, second=1),
    written("t1", "B", 1.0, 180.0, second=1),
    reviewed("t1", "A", CODEX, cost=0.75, second=2),
    reviewed("t1", "B", CLAUDE, checks=RED, cost=1.25, second=2),
    taken("t1", "A", second=3),
]
SECOND = [
    started("t2", CLAUDE, GEMINI, kind="concurrency", second=10),
    written("t2", "A", 0.75, 120.0, second=11),
    written("t2", "B", None, 240.0, second=11),
    reviewed("t2", "A", CLAUDE, cost=1.0, second=12),
    reviewed("t2", "B", checks=NONE, cost=None, second=12),
]
AS_CLAUDE, AS_CODEX, AS_GEMINI = (scored_writer(one, Tier.DEEP) for one in (CLAUDE, CODEX, GEMINI))


def account(*facts, **options) -> AttemptAccount:
    return score(facts, **options).attempts


def of_claude(*facts) -> AttemptTally:
    return account(*facts).writers[AS_CLAUDE]


def test_the_account_of_two_trials_by_hand():
    found = account(*FIRST, *SECOND)
    assert (found.trials, found.attempts) == (2, 4)
    assert found.writers == {
        AS_CLAUDE: AttemptTally(
            attempts=2, picked=1, grafted=0, first_try=Proportion(2, 2), accepted=0, rounds=0,
            working=1, dollars=SolutionSpending(1, 1.75, 2, 2),
            minutes=SolutionSpending(1, 3.0, 2, 2),
        ),
        AS_CODEX: AttemptTally(
            attempts=1, picked=0, grafted=0, first_try=Proportion(0, 1), accepted=0, rounds=0,
            working=0, dollars=SolutionSpending(0, 1.25, 1, 1),
            minutes=SolutionSpending(0, 3.0, 1, 1),
        ),
        AS_GEMINI: AttemptTally(
            attempts=1, picked=0, grafted=0, first_try=Proportion(0, 0), accepted=0, rounds=0,
            working=0, dollars=SolutionSpending(0, 0, 0, 1),
            minutes=SolutionSpending(0, 4.0, 1, 1),
        ),
    }  # fmt: skip
    assert {one.name: tally.attempts for one, tally in found.reviewers.items()} == {
        "claude-code": 2,
        "codex": 1,
    }
    assert {kind: tally.working for kind, tally in found.kinds.items()} == {
        "concurrency": 0,
        "money": 1,
    }
    # What both attempts at the task about money took, for the one solution of it that works.
    assert found.kinds["money"].dollars == SolutionSpending(1, 2.0, 2, 2)
    assert found.kinds["money"].minutes.per_working == 4.0
    assert {arm: tally.attempts for arm, tally in found.arms.items()} == {
        Arm.CROSS_FAMILY: 2,
        Arm.SAME_FAMILY: 1,
        Arm.ANALYSER: 1,
    }
    assert found.arms[Arm.CROSS_FAMILY].dollars.per_working == 2.0
    assert found.arms[Arm.SAME_FAMILY].dollars.per_working is None


@given(st.permutations([*FIRST, *SECOND, returned("t1", "A", second=4)]), st.integers(0, 11))
def test_neither_the_order_of_events_nor_a_copy_matters(facts, twice):
    expected = account(*FIRST, *SECOND, returned("t1", "A", second=4))
    assert account(*facts, facts[twice]) == expected


def test_what_is_given_back_does_not_count_until_it_is_taken_again():
    tally = of_claude(*FIRST, returned("t1", "A", second=4))
    assert (tally.picked, tally.working) == (0, 0)
    again = taken("t1", "A", second=5)
    assert of_claude(*FIRST, returned("t1", "A", second=4), again).working == 1


@pytest.mark.parametrize(
    ("is_green", "checks", "works"),
    [
        (True, RED, 1),  # the user's own files made the difference
        (False, None, 0),
        (None, None, 0),  # what was taken isn't what its checks ran on
        (None, RED, 0),
        (None, NONE, 0),
    ],
)
def test_a_solution_works_only_with_green_checks(is_green, checks, works):
    given = {} if checks is None else {"checks": checks}
    facts = [
        started("t1", CLAUDE),
        reviewed("t1", "A", CODEX, **given),
        taken("t1", "A", is_green=is_green, second=3),
    ]
    assert of_claude(*facts).working == works


SEVERE = [problem("f1", "t1A/review", second=2), decided("d1", "f1", second=4)]


@pytest.mark.parametrize(
    ("later", "accepted", "works"),
    [
        ([], 1, 0),
        ([undone("u", "d1", second=5)], 0, 1),
        ([event("c", FixConfirmed(("f1",), "gone"), second=5)], 1, 1),
        (
            [
                fix_started("x1", second=5),
                judged("x1", FIXED, "f1", second=6),
                applied("x1", "f1", second=7),
            ],
            1,
            1,
        ),
        (
            [
                fix_started("x1", second=5),
                judged("x1", FIXED, "f1", second=6),
                applied("x1", "f1", second=7),
                reverted("x1", second=8),
            ],
            1,
            0,
        ),
    ],
)
def test_a_severe_finding_that_is_open_means_that_it_does_not_work(later, accepted, works):
    tally = of_claude(*FIRST, *SEVERE, *later)
    assert (tally.accepted, tally.working) == (accepted, works)


def test_a_finding_of_little_severity_counts_and_does_not_stop_it():
    minor = problem("f1", "t1A/review", severity=Severity.MEDIUM, second=2)
    tally = of_claude(*FIRST, minor, SEVERE[1])
    assert (tally.accepted, tally.working) == (1, 1)


GRAFT = [
    started("t1", CLAUDE, CODEX, GEMINI),
    *(written("t1", label, 1.0, 60.0, second=1) for label in "ABC"),
    *(reviewed("t1", label, cost=1.0, second=2) for label in "ABC"),
    taken("t1", "A", "B", paths=("a.py", "b.py"), second=3),
]


def test_a_graft_is_one_solution_of_its_attempts():
    found = account(*GRAFT)
    assert [(one.picked, one.grafted, one.working) for one in found.writers.values()] == [
        (1, 1, 1),
        (1, 1, 1),
        (0, 0, 0),
    ]
    money = found.kinds["money"]
    assert (money.picked, money.grafted, money.working) == (2, 2, 1)
    assert money.dollars == SolutionSpending(1, 3.0, 3, 3)
    whole = account(*GRAFT, taken("t1", "A", second=4)).writers[AS_CLAUDE]
    assert (whole.picked, whole.grafted) == (1, 0)


def test_a_problem_in_what_was_not_grafted_does_not_stop_the_graft():
    of_a = [problem("f1", "t1A/review", path="b.py", second=2), decided("d1", "f1", second=4)]
    found = account(*GRAFT, *of_a)
    assert found.writers[AS_CLAUDE].accepted == 1
    assert found.kinds["money"].working == 1
    grafted = [problem("f1", "t1A/review", path="a.py", second=2), of_a[1]]
    assert account(*GRAFT, *grafted).kinds["money"].working == 0


def test_since_a_time_only_later_trials_count():
    found = account(*FIRST, *SECOND, since=SECOND[0].at)
    assert (found.trials, found.attempts) == (1, 2)


def test_an_attempt_that_never_ended_has_no_known_cost():
    tally = of_claude(started("t1", CLAUDE))
    assert tally.dollars == SolutionSpending(0, 0, 0, 1)
    assert tally.minutes == SolutionSpending(0, 0, 0, 1)


def test_trials_with_the_same_name_are_apart_in_other_repositories():
    elsewhere = [replace(one, repository="/other") for one in FIRST[:-1]]
    assert account(*FIRST, *elsewhere).trials == 2
    assert of_claude(*FIRST, *elsewhere).picked == 1


def test_who_is_unknown_is_in_an_arm_of_its_own():
    local = ReviewerIdentity("qwen", ReviewerKind.MODEL, "")
    found = account(started("t1", local), reviewed("t1", "A", CODEX))
    assert set(found.arms) == {Arm.UNKNOWN_AUTHOR}


def test_one_that_was_not_reviewed_is_in_no_arm():
    assert account(started("t1", CLAUDE), reviewed("t1", "A", session="")).arms == {}


def test_tiers_of_a_writer_are_apart():
    seats = (Seat("A", CLAUDE, Tier.FAST), Seat("B", CLAUDE, Tier.DEEP))
    start = event("s", TrialStarted("t", "x", "", "b", "", (), "", seats, ""))
    found = account(start)
    assert [one.tier for one in found.writers] == [Tier.DEEP, Tier.FAST]
    assert set(found.kinds) == {"other"}
    assert [one.label for one in found.writers][1] == "claude-code (anthropic, fast)"


def test_the_journal_gives_the_same_account(tmp_path):
    facts = [*FIRST, *SECOND, *SEVERE]
    path = tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append(facts)
    assert score(scorecard_facts(path, None)).attempts == account(*facts)


def test_undecided_findings_of_what_was_not_taken_are_not_open():
    facts = [
        *FIRST,
        opens("t1A/review", ChangeKind.ATTEMPT),
        opens("t1B/review", ChangeKind.ATTEMPT),
        problem("f1", "t1A/review"),
        problem("f2", "t1B/review"),
        problem("f3", "t1B/review"),
        decided("d3", "f3", second=9),
    ]
    total = score(facts).total
    assert (total.raised, total.open, total.accepted) == (2, 1, 1)
    given_back = score([*facts, returned("t1", "A", second=8)]).total
    assert (given_back.raised, given_back.open) == (1, 0)


def test_a_reviewer_does_not_pay_for_reviews_of_what_was_not_taken():
    facts = [
        *FIRST,
        opens("t1B/review", ChangeKind.ATTEMPT),
        problem("f2", "t1B/review"),
        opens("s1"),
        problem("f9", "s1"),
        decided("d", "f9", second=9),
    ]
    (brought,) = score(facts).yields.values()
    assert brought.dollars.of_sessions == 1


def test_reviewers_are_those_that_read():
    assert list(account(*FIRST).reviewers) == [scored(CLAUDE), scored(CODEX)]
