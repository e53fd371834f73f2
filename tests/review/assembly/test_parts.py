"""What a change is for is known where its origin says so."""

import pytest

from tests.review.attempts.trials_at_hand import (
    TrialsAtHand,
    give_back,
    make_project,
    note_in,
    take,
    text,
)
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.parts import review_parts
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.whole_change import WholeChange


@pytest.fixture
def project(tmp_path, monkeypatch):
    return make_project(tmp_path, monkeypatch)


@pytest.fixture
def given(tmp_path) -> RunOptions:
    folders = Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    folders.journal.parent.mkdir(parents=True)
    return RunOptions(Settings(offline=True, read_sessions=False), folders, {})


def brief(request: ChangeRequest, options: RunOptions) -> str:
    collected = collect(request)
    files = tuple(file for batch in collected.batches for file in batch)
    return review_parts(WholeChange(collected, files, request.cwd), options).options.brief


def test_the_task_of_what_was_taken_is_the_brief_until_it_is_committed_or_returned(project, given):
    trials = TrialsAtHand(project, A={"a.py": text(20)})
    took = take(trials)
    note_in(given.journal, trials, project)
    here = ChangeRequest(project.top)
    assert brief(here, given) == "Limit the retries"
    project.write("b.py", "b = 3\n")
    assert brief(here, given) == "Limit the retries"
    give_back(trials, took.taken)
    assert brief(here, given) == ""


def test_the_users_own_brief_counts_and_a_commit_says_for_itself_what_it_is_for(project, given):
    trials = TrialsAtHand(project, A={"a.py": text(20)})
    take(trials)
    note_in(given.journal, trials, project)
    own = RunOptions(given.settings, given.folders, {}, brief="My own words")
    assert brief(ChangeRequest(project.top), own) == "My own words"
    project.commit("take it")
    assert brief(ChangeRequest(project.top, commit="HEAD"), given) == ""
    given.journal.write_bytes(b"not a journal")
    assert brief(ChangeRequest(project.top), given) == ""
