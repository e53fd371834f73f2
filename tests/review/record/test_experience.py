"""What the journal says of earlier reviews, as far as it moves levels."""

from pathlib import Path

import pytest

from tests.domain.calibration.reviews import FILES, aftermath, missed, session, weighed
from tests.journal.build import ACCEPT, REJECT, REPOSITORY, decided, redone, undone
from xreview.domain.attention.experience import NO_EXPERIENCE, Experience, PathExperience
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.scorecard.proportion import Proportion
from xreview.journal.store import Journal
from xreview.review.record.experience import read_experience


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def learn(path: Path, *events, repository: str = REPOSITORY) -> Experience:
    with Journal.open(path) as journal:
        journal.append(events)
    return read_experience(path, repository)


def test_no_journal_teaches_nothing_and_is_no_error(journal: Path) -> None:
    assert read_experience(journal, REPOSITORY) == NO_EXPERIENCE


def test_an_empty_journal_teaches_nothing(journal: Path) -> None:
    assert learn(journal) == NO_EXPERIENCE


def test_a_review_that_nobody_decided_in_teaches_nothing(journal: Path) -> None:
    assert learn(journal, *session("s1")) == NO_EXPERIENCE


def test_topics_count_files_that_a_person_decided_about(journal: Path) -> None:
    known = learn(journal, *session("s1"), decided("d", session="s1"))
    assert known.paths == {}
    assert known.topics == {"money": Proportion(0, 1), "": Proportion(0, 1)}
    assert learn(journal, undone("u", "d")) == NO_EXPERIENCE
    assert learn(journal, redone("r", "d")).topics == known.topics


def test_a_revert_counts_by_path_and_topic(journal: Path) -> None:
    reverted = aftermath("a", "pay.py", AftermathKind.REVERTED, subjects=("f1",))
    known = learn(journal, *session("s1"), decided("d", session="s1"), reverted)
    assert known.paths == {"pay.py": PathExperience(1, "2026-02-03", 4)}
    assert known.topics["money"] == Proportion(1, 1)


def test_a_fix_of_what_was_accepted_costs_nothing(journal: Path) -> None:
    fixed = aftermath("a", "pay.py", AftermathKind.FIXED, subjects=("f1",))
    made = decided("d1", "f1", decision=REJECT, session="s1")
    assert learn(journal, *session("s1"), made, fixed).paths["pay.py"].wrong == 1
    again = decided("d2", "f1", decision=ACCEPT, session="s1", second=9)
    assert learn(journal, again).paths == {}
    assert learn(journal, undone("u", "d2")).paths["pay.py"].wrong == 1


def test_one_commit_counts_once_for_sessions_of_one_change(journal: Path) -> None:
    seen = [
        aftermath(f"a{name}", "pay.py", AftermathKind.FIXED, of=name, commit="c" * 40)
        for name in ("s1", "s2")
    ]
    known = learn(journal, *session("s1"), *session("s2"), *seen)
    assert known.paths["pay.py"].wrong == 1
    assert known.topics["money"] == Proportion(1, 1)


def test_what_was_missed_counts_until_it_is_taken_back(journal: Path) -> None:
    known = learn(journal, *session("s1"), missed("m", "notes.py"))
    assert known.paths == {"notes.py": PathExperience(1, "2025-11-21", 2)}
    assert known.topics == {"": Proportion(1, 1)}
    assert learn(journal, undone("u", "m")) == NO_EXPERIENCE


def test_the_last_level_of_a_session_holds(journal: Path) -> None:
    first = weighed("w0", "s1", {"pay.py": (1, ())})
    known = learn(journal, first, *session("s1"), missed("m", "pay.py"))
    assert known.paths["pay.py"].called == FILES["pay.py"][0]


def test_other_repositories_do_not_count(journal: Path) -> None:
    missed_here = missed("m", "notes.py")
    assert learn(journal, *session("s1"), missed_here, repository="/other/.git") == NO_EXPERIENCE


def test_before_the_first_review_there_is_no_journal_and_no_experience(journal: Path) -> None:
    assert read_experience(journal, REPOSITORY) == NO_EXPERIENCE
    assert not journal.exists()
