"""Which accepted problems are held against which attempts."""

import pytest

from tests.domain.scorecard.test_fixing import started as fix_started
from tests.domain.scorecard.trials import (
    CLAUDE,
    CODEX,
    opens,
    problem,
    returned,
    reviewed,
    started,
    taken,
)
from tests.journal.build import decided, event
from xreview.domain.change import ChangeKind
from xreview.domain.events.event import FixStarted
from xreview.domain.fixing.fixer import MECHANICAL
from xreview.domain.scorecard.attempt_figures import AttemptTally
from xreview.domain.scorecard.scoring import score

TRIAL = [
    started("t1", CLAUDE, CODEX),
    reviewed("t1", "A", second=1),
    reviewed("t1", "B", second=1),
    taken("t1", "A", second=5),
]
AFTER = opens("s1", second=6)


def accepted(*facts) -> list[int]:
    """How many findings were accepted against A and against B."""
    return [one.accepted for one in tallies(*facts)]


def tallies(*facts) -> list[AttemptTally]:
    return list(score(facts).attempts.writers.values())


def test_a_problem_of_its_review_counts_wherever_it_was_decided():
    facts = [*TRIAL, problem("f1", "t1B/review"), decided("d", "f1", session="s9", second=20)]
    assert accepted(*facts) == [0, 1]


def test_one_that_several_attempts_have_counts_against_each():
    found = [problem("f1", "t1A/review"), problem("f1", "t1B/review"), decided("d", "f1")]
    assert accepted(*TRIAL, *found) == [1, 1]


def test_two_reports_of_one_finding_count_once():
    found = [problem("f1", "t1A/review"), problem("f2", "t1A/review"), decided("d", "f1", "f2")]
    assert accepted(*TRIAL, *found) == [1, 0]


def test_the_triage_after_the_take_counts_against_what_was_taken():
    found = [AFTER, problem("f1", "s1", second=7), decided("d", "f1", second=8)]
    assert accepted(*TRIAL, *found) == [1, 0]


@pytest.mark.parametrize(
    "other",
    [
        [opens("s1", second=4)],  # before the take
        [AFTER, opens("s2", base="c", second=7)],  # something was committed meanwhile
        [AFTER, taken("t1", "B", second=6), opens("s2", second=7)],
        [opens("s2", ChangeKind.ATTEMPT, second=7)],
    ],
)
def test_another_review_does_not(other):
    session = other[-1].session
    found = [problem("f1", session, path="b.py", second=8), decided("d", "f1", second=9)]
    assert accepted(*TRIAL, *other, *found) == [0, 0]


def test_a_problem_in_a_file_that_was_not_taken_does_not_count():
    found = [AFTER, problem("f1", "s1", path="mine.py"), decided("d", "f1", second=8)]
    assert accepted(*TRIAL, *found) == [0, 0]


def test_nor_does_one_after_it_was_given_back():
    back = returned("t1", "A", second=6)
    found = [opens("s1", second=7), problem("f1", "s1"), decided("d", "f1", second=8)]
    assert accepted(*TRIAL, back, *found) == [0, 0]


def test_in_a_graft_the_lines_of_a_file_tell_whose_it_is():
    graft = [*TRIAL[:-1], taken("t1", "A", "B", paths=("a.py", "b.py"), second=5), AFTER]
    of_b = [problem("f1", "s1", path="b.py"), decided("d", "f1", second=8)]
    assert accepted(*graft, *of_b) == [0, 1]
    mixed = [*TRIAL[:-1], taken("t1", "A", "B", paths=("a.py", "a.py"), second=5), AFTER]
    found = [problem("f1", "s1"), decided("d", "f1", second=8)]
    assert accepted(*mixed, *found) == [1, 1]
    assert accepted(*mixed, *found, problem("f1", "t1B/review")) == [0, 1], "its review knew it"


def test_rounds_are_fixes_of_these_problems_after_the_take():
    found = [AFTER, problem("f1", "s1"), decided("d", "f1", second=8)]
    facts = [*TRIAL, *found, fix_started("x0", second=4)]
    assert tallies(*facts)[0].rounds == 0

    def of(name: str, *subjects: str, second: int):
        return event(name, FixStarted(name, MECHANICAL, "t", (subjects,)), second=second)

    assert tallies(*facts, of("x1", "f1", second=9))[0].rounds == 1
    both = (of("x1", "f1", second=9), of("x2", "f1", "f7", second=10))
    assert [one.rounds for one in tallies(*facts, *both)] == [2, 0]
    assert tallies(*facts, of("x3", "f9", second=9))[0].rounds == 0
    assert tallies(*facts, of("x4", "f1", second=2))[0].rounds == 0
