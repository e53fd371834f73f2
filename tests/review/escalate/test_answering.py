"""A colleague's answer on its way into the journal."""

import os
from pathlib import Path

import pytest

from tests.journal.build import REPOSITORY, decided, opened
from tests.review.escalate.test_arbiter import CONTESTED
from tests.review.escalate.test_person import ACTION, LETTER, answered
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import UsageError
from xreview.journal.replay import escalations_of
from xreview.journal.store import Journal
from xreview.review.escalate.letters import keep_answer, read_letter


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite3"
    decision = Decision(Verdict.ESCALATE, Reason.PERSON)
    with Journal.open(path) as store:
        made = decided("d1", *CONTESTED.fingerprints, decision=decision, action=ACTION)
        store.append([opened(), made])
    return path


def test_the_answer_is_in_the_journal_once_under_the_colleague_s_name(journal: Path) -> None:
    text = answered(why="The lock is per order.")
    kept = keep_answer(journal, REPOSITORY, "Ada", text)
    with Journal.open(journal) as store:
        (found,) = escalations_of(store, REPOSITORY, CONTESTED.fingerprints)
    assert [one.resolved for one in found.outcomes] == [kept]
    assert (kept.by, kept.outcome) == (
        "Bob",
        "the code is right as it is: The lock is per order.",
    )
    with pytest.raises(UsageError, match="already"):
        keep_answer(journal, REPOSITORY, "Ada", text)


def test_an_answer_to_what_was_escalated_elsewhere_is_refused(journal: Path) -> None:
    with pytest.raises(UsageError, match="no escalation"):
        keep_answer(journal, "/another", "Ada", answered())
    forged = answered().replace(CONTESTED.fingerprint, "another")
    with pytest.raises(UsageError, match="no escalation"):
        keep_answer(journal, REPOSITORY, "Ada", forged)


def test_a_letter_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.md"
    path.write_text(LETTER, "utf-8")
    assert read_letter(path) == LETTER
    for wrong in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match="can't be read"):
            read_letter(wrong)


def test_a_pipe_that_nobody_writes_to_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_letter(tmp_path / "pipe") == ""
