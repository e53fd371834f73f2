"""A program that is killed in the middle of a trial, and another one beside it or after it."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.repo.disposable.trees import hashed
from tests.review.attempts.program import hidden
from tests.review.attempts.scripted import CODE, Tried, writing
from xreview.domain.errors import ChangeError
from xreview.domain.events.attempt_events import AttemptReviewed, AttemptWritten, TrialStarted
from xreview.domain.events.event import AttemptPayload
from xreview.journal.store import Journal
from xreview.review.attempts.kept import ENDED
from xreview.review.attempts.snapshot import AttemptStage

ROOT = Path(__file__).parents[3]


@pytest.fixture
def tried(tmp_path):
    one = Tried(tmp_path, writing("four = 4\n"))
    one.project.write("CLAUDE.md", "be kind\n")
    one.project.commit()
    return one


@pytest.fixture
def other(tried, tmp_path):
    """Another program in the middle of a trial; yields it and the trial's id."""
    places = tried.project.top, tried.folder, tmp_path / "journal.db"
    command = [sys.executable, "-m", "tests.review.attempts.program", *map(str, places)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as process:
        yield process, process.stdout.readline().decode().strip()
        process.kill()


def journal_of(tmp_path, trial) -> Sequence[AttemptPayload]:
    with Journal.open(tmp_path / "journal.db") as journal:
        return [event.payload for event in journal.events(session=trial)]


async def test_what_a_killed_program_had_is_found_again(tried, other, tmp_path):
    process, id = other
    before = hashed(tried.project.top)
    process.send_signal(signal.SIGKILL)
    process.wait()
    told = journal_of(tmp_path, id)
    assert isinstance(told[0], TrialStarted)
    assert [one.label for one in told if isinstance(one, AttemptReviewed)] == ["A"]
    for payload in told:
        await tried.record(id, payload)
    trials = tried.again()
    (listed,) = await trials.listed()
    assert (listed.id, listed.labels, listed.state) == (id, ("A", "B", "C"), "cut off, 1/3 over")
    opened = await trials.open(id)
    first, cut, waiting = opened.snapshot.attempts
    assert (first.why, first.is_stopped, first.session) == ("", False, "review-A")
    assert first.statement.handled[0].is_linked
    assert (cut.why, cut.is_stopped, cut.stage) == (ENDED, True, AttemptStage.OVER)
    assert [(file.path, file.added) for file in cut.files] == [("a.py", 1)]
    assert set(cut.refused) == {"deep/CLAUDE.md"}
    assert cut.facts.added == 1
    assert (opened.trees["B"].top / "CLAUDE.md").read_text() == "be kind\n"
    assert not (opened.trees["B"].top / "deep").exists()
    assert (waiting.why, waiting.files) == (ENDED, ())
    assert opened.snapshot.comparison.labels == ("A", "B")
    assert (opened.base.top / "a.py").read_text() == CODE
    written = [one for one in tried.told(AttemptWritten) if one.why == ENDED]
    assert [(one.label, bool(one.tree)) for one in written] == [("B", True), ("C", False)]
    count = len(tried.events)
    await trials.close()
    again = tried.again()
    assert (await again.open(id)).snapshot == opened.snapshot
    assert len(tried.events) == count
    await again.discard(id)
    assert list(tried.folder.iterdir()) == []
    assert hashed(tried.project.top) == before


async def test_two_programs_share_a_shelf(tried, other):
    _, id = other
    last = await tried.run()
    trials = tried.trials
    assert last.attempts[0].is_reviewed
    found = {one.id: one for one in await trials.listed()}
    assert (found[id].state, found[id].is_running) == ("running, 1/3 over", True)
    assert hidden("CLAUDE.md")
    for refused in (trials.open, trials.discard):
        with pytest.raises(ChangeError, match="in use by another"):
            await refused(id)
    theirs = await trials.snapshot(id)
    assert [one.stage for one in theirs.attempts][:2] == [AttemptStage.OVER, AttemptStage.WRITING]
    assert theirs.attempts[1].why == ""
    await trials.discard(last.id)
    assert [one.id for one in await trials.listed()] == [id]


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b'{"id": 1}', b"\xff" * 100])
async def test_a_trial_whose_file_is_broken_can_only_be_discarded(tried, broken):
    last = await tried.run()
    await tried.trials.close()
    (tried.folder / last.id / "trial.json").write_bytes(broken)
    trials = tried.again()
    assert [one.state for one in await trials.listed()] == ["cut off before it began"]
    with pytest.raises(ChangeError, match="can't be read"):
        await trials.open(last.id)
    await trials.discard(last.id)
    assert list(tried.folder.iterdir()) == []


async def test_a_trial_whose_folders_were_deleted_by_hand_says_so(tried):
    last = await tried.run()
    await tried.trials.close()
    (tried.folder / f"{last.id}-A/snapshot.json").unlink()
    opened = await tried.again().open(last.id)
    assert "Its files are gone" in opened.snapshot.attempts[0].why
    assert (opened.trees, opened.patches, opened.snapshot.comparison) == ({}, {}, None)
