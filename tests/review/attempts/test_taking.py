"""An attempt, or pieces of several, get into the user's files, and out again to the byte."""

import asyncio
import hashlib
import signal
import subprocess
import sys

import pytest

from tests.repo.builder import Builder
from tests.repo.disposable.trees import files_of, hashed
from tests.review.attempts.trials_at_hand import (
    LINES,
    TRIAL,
    TrialsAtHand,
    every_kind,
    give_back,
    lines_by_label,
    make_project,
    take,
    text,
)
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.repo.disposable.checkout import checkout_state
from xreview.review.attempts.taking import Taking


@pytest.fixture
def project(tmp_path, monkeypatch) -> Builder:
    return make_project(tmp_path, monkeypatch)


def test_a_whole_attempt_of_every_kind_of_change_and_back_to_the_byte(project):
    before = hashed(project.top)
    trials = TrialsAtHand(project, A=every_kind)
    state = checkout_state(trials.repository)
    took = take(trials, reason="It is the simplest.")
    assert files_of(project.top) == files_of(trials.trees["A"].top)
    assert (took.conflicts, took.merged) == ((), ())
    assert trials.noted == [took.taken]
    assert took.taken is not None
    assert (took.taken.labels, took.taken.reason) == (("A",), "It is the simplest.")
    assert set(took.taken.paths) == {
        "a.py", "gone.py", "old.py", "new.py", "run.sh", "data.bin", "crlf.txt",
        "deep/fresh.py", "link",
    }  # fmt: skip
    changed = state.differences(checkout_state(trials.repository))
    assert changed == ("files",)  # HEAD, the index and the references stay
    assert lines_by_label(took.taken) == {"A": [2, 20]}
    assert lines_by_label(took.taken, "deep/fresh.py") == {"A": [1]}
    for one in (one for one in took.taken.lines if one.path != "link"):
        rows = (project.top / one.path).read_bytes().split(b"\n")[one.start - 1 : one.end]
        assert one.digest == hashlib.sha256(b"".join(row + b"\n" for row in rows)).hexdigest()
    give_back(trials, took.taken)
    assert hashed(project.top) == before
    assert trials.noted[-1].type == "attempt-returned"
    give_back(trials, took.taken)  # once more does nothing
    assert len(trials.noted) == 2
    assert take(trials).paths == took.paths


def test_the_users_own_edits_stay(project):
    trials = TrialsAtHand(project, A={"a.py": text(2, 20), "b.py": "b = 2\n"})
    project.write("mine.py", "mine = 1\n")
    project.write("a.py", text(2, 20).replace(*[LINES[29], "my line 30\n"]).replace(
        "A wrote line 20\n", LINES[19]
    ))  # fmt: skip
    took = take(trials)
    assert (took.merged, took.conflicts) == (("a.py",), ())
    now = (project.top / "a.py").read_text()
    assert now == text(2, 20).replace(LINES[29], "my line 30\n")
    assert took.taken is not None
    # Line 2 was the user's already, word by word: it isn't claimed.
    assert lines_by_label(took.taken) == {"A": [20]}
    give_back(trials, took.taken)
    assert "my line 30\n" in (project.top / "a.py").read_text()
    assert LINES[19] in (project.top / "a.py").read_text()
    assert (project.top / "mine.py").read_text() == "mine = 1\n"


def test_lines_that_a_merge_moves_are_found_where_they_are(project):
    trials = TrialsAtHand(project, A={"a.py": text(20, 21)})
    project.write("a.py", "my header\nand more\n" + "".join(LINES))
    took = take(trials)
    assert took.taken is not None
    assert lines_by_label(took.taken) == {"A": [22, 23]}


def test_a_conflict_is_named_and_the_rest_is_taken(project):
    trials = TrialsAtHand(project, A={"a.py": text(2), "b.py": "b = 2\n"})
    mine = text(2, mark="I")
    project.write("a.py", mine)
    took = take(trials)
    assert (took.paths, took.conflicts) == (("b.py",), ("a.py",))
    assert (project.top / "a.py").read_text() == mine
    give_back(trials, took.taken)
    took = take(trials, with_conflicts=True)
    assert ">>>>>>> attempt A\n" in (project.top / "a.py").read_text()
    assert took.conflicts == ("a.py",)


def test_nothing_but_conflicts_is_no_take(project):
    trials = TrialsAtHand(project, A={"b.py": "b = 2\n"})
    project.write("b.py", "mine = 1\n")
    took = take(trials)
    assert (took.taken, took.conflicts, trials.noted) == (None, ("b.py",), [])


def test_undo_is_refused_after_an_edit_and_names_the_files(project):
    trials = TrialsAtHand(project, A={"a.py": text(2), "b.py": "b = 2\n", "c.py": "c = 1\n"})
    took = take(trials)
    project.write("a.py", "mine\n")
    project.write("c.py", "mine\n")
    before = hashed(project.top)
    with pytest.raises(ChangeError, match=r"a\.py, c\.py changed since"):
        give_back(trials, took.taken)
    assert hashed(project.top) == before
    assert len(trials.noted) == 1


def test_another_attempt_after_the_first_is_merged_or_named(project):
    trials = TrialsAtHand(project, A={"a.py": text(2)}, B={"a.py": text(2, mark="B")})
    first = take(trials)
    assert take(trials, "B").conflicts == ("a.py",)
    give_back(trials, first.taken)
    assert take(trials, "B").paths == ("a.py",)
    assert (project.top / "a.py").read_text() == text(2, mark="B")


def test_a_large_attempt_is_claimed_in_longer_ranges(project):
    rows = [f"row_{number} = {number}\n" for number in range(1200)]
    trials = TrialsAtHand(project, A={"rows.py": "".join(rows), "b.py": "b = 2\n"})
    took = take(trials)
    assert took.taken is not None
    assert len(took.taken.lines) < 600
    assert lines_by_label(took.taken, "rows.py") == {"A": list(range(1, 1201))}
    assert lines_by_label(took.taken, "b.py") == {"A": [1]}


def test_what_can_not_be_taken(project):
    trials = TrialsAtHand(project, A={"b.py": "b = 2\n"}, B={})
    with pytest.raises(UsageError, match="no attempt C"):
        take(trials, "C")
    with pytest.raises(UsageError, match="B changed nothing"):
        take(trials, "B")
    silenced = Tampering(TamperingKind.SILENCED, "b.py", 1, "`# noqa` is new")
    trials.change_attempt("A", tampering=(silenced,))
    with pytest.raises(UsageError, match=r"A weakens checks: b\.py:1"):
        take(trials)
    assert not trials.noted
    assert take(trials, is_forced=True).paths == ("b.py",)
    del trials.trees["B"], trials.patches["B"]
    with pytest.raises(UsageError, match="B has no files"):
        take(trials, "B")


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.repo.builder import Builder
from tests.review.attempts.trials_at_hand import TRIAL, TrialsAtHand, every_kind
from xreview.repo.disposable import replacing
from xreview.review.attempts.taking import Taking

class Found(Builder):
    def __init__(self, top): self.top = top

trials = TrialsAtHand(Found(Path(sys.argv[1])), A=every_kind)
put, left = replacing._put, [int(sys.argv[2])]

def dying(*arguments):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    put(*arguments)

replacing._put = dying
asyncio.run(Taking(trials).take(TRIAL, "A", "why not"))
"""


class Reopened(TrialsAtHand):
    """The trial of a program that was killed."""

    def _base_made(self, project, checks):
        from xreview.repo.disposable.tree import DisposableTree

        make, DisposableTree.create = DisposableTree.create, DisposableTree.open
        try:
            super()._base_made(project, checks)
        finally:
            DisposableTree.create = make

    def _twin(self, label, change):
        from xreview.repo.disposable.tree import DisposableTree

        return DisposableTree.open(self.repository, self.shelf.place(f"{TRIAL}-{label}"))


@pytest.mark.parametrize("written", [0, 4])
@pytest.mark.parametrize("is_finished", [True, False])
def test_a_kill_in_the_middle_is_finished_or_undone(project, monkeypatch, written, is_finished):
    before = hashed(project.top)
    command = [sys.executable, "-c", KILLED, str(project.top), str(written)]
    killed = subprocess.run(command, check=False)
    assert killed.returncode == -signal.SIGKILL
    from xreview.repo.disposable.shelf import FixShelf

    monkeypatch.setattr(FixShelf, "new", FixShelf.place)
    trials = Reopened(project, A={})
    with pytest.raises(ChangeError, match="Taking A was interrupted"):
        take(trials)
    (broken,) = asyncio.run(Taking(trials).unfinished(TRIAL))
    assert (broken.labels, broken.reason) == (("A",), "why not")
    if is_finished:
        took = asyncio.run(Taking(trials).finish(broken))
        assert files_of(project.top) == files_of(trials.trees["A"].top)
        assert trials.noted == [took.taken]
        assert took.taken is not None
        assert lines_by_label(took.taken) == {"A": [2, 20]}
        give_back(trials, took.taken)
    else:
        give_back(trials, broken)
        assert not trials.noted
    assert hashed(project.top) == before
    assert asyncio.run(Taking(trials).unfinished(TRIAL)) == ()


def test_a_take_that_the_journal_refused_is_unfinished(project, monkeypatch):
    trials = TrialsAtHand(project, A={"b.py": "b = 2\n"})

    async def refuse(trial, payload):
        raise ChangeError("The disk is full.", "")

    monkeypatch.setattr(trials, "note_taken", refuse)
    with pytest.raises(ChangeError, match="disk is full"):
        take(trials)
    monkeypatch.undo()
    (broken,) = asyncio.run(Taking(trials).unfinished(TRIAL))
    assert asyncio.run(Taking(trials).finish(broken)).paths == ("b.py",)
    assert [one.type for one in trials.noted] == ["attempt-taken"]
