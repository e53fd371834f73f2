"""Pieces of several attempts are checked together before they touch the user's files."""

import asyncio
import threading
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.reports import finding, report
from tests.repo.builder import Builder
from tests.repo.disposable.trees import files_of, hashed
from tests.review.attempts.trials_at_hand import (
    CLAUDE,
    CODEX,
    LINES,
    TRIAL,
    TrialsAtHand,
    checked,
    every_kind,
    give_back,
    graft,
    lines_by_label,
    make_project,
    take,
    text,
)
from xreview.domain.attempt.piece import PieceRef
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.attempts.graft import GraftStage
from xreview.review.attempts.place import AttemptReview
from xreview.review.attempts.taking import Taking

OTHER = report("Off by one", path="a.py", line=20, quote="A wrote line 20")
NEW = report("Names clash", path="b.py", line=1, quote="b = B")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Builder:
    return make_project(tmp_path, monkeypatch)


def everything(trials, label):
    return trials.snapshot.comparison.of(label)


def test_pieces_of_two_attempts_become_one_file(project):
    before = hashed(project.top)
    trials = TrialsAtHand(
        project,
        A={"a.py": text(2, 20), "b.py": "b = 'A'\n"},
        B={"a.py": text(2, 38, mark="B"), "new.py": "new = 1\n"},
    )
    choice = {
        PieceRef("a.py", 0): "B",
        PieceRef("a.py", 1): "A",
        PieceRef("a.py", 2): "B",
        PieceRef("new.py", 0): "B",
    }
    found = checked(trials, choice)
    assert found.is_sound
    assert found.labels == ("A", "B")
    assert hashed(project.top) == before
    took = graft(trials, choice, "B's order, A's loop")
    wanted = text(2, 38, mark="B").replace(LINES[19], "A wrote line 20\n")
    assert (project.top / "a.py").read_text() == wanted
    assert (project.top / "b.py").read_text() == "b = 1\n"
    assert (project.top / "new.py").read_text() == "new = 1\n"
    assert took.taken is not None
    assert (took.taken.labels, took.taken.reason) == (("A", "B"), "B's order, A's loop")
    assert lines_by_label(took.taken) == {"A": [20], "B": [2, 38]}
    assert lines_by_label(took.taken, "new.py") == {"B": [1]}
    give_back(trials, took.taken)
    assert hashed(project.top) == before


def test_three_attempts_and_whole_files_of_every_kind(project):
    trials = TrialsAtHand(
        project,
        A=every_kind,
        B={"b.py": "b = 'B'\n", "gone.py": "gone = 2\n"},
        C={"a.py": text(38, mark="C")},
    )
    comparison = trials.snapshot.comparison
    choice = everything(trials, "A") | everything(trials, "B") | everything(trials, "C")
    choice[PieceRef("gone.py", 0)] = "A"
    assert len({ref.path for ref in choice}) == len(comparison.by_path)
    took = graft(trials, choice)
    expected = files_of(trials.trees["A"].top)
    for label, path in (("B", "b.py"),):
        expected[path] = files_of(trials.trees[label].top)[path]
    now = files_of(project.top)
    assert (project.top / "a.py").read_text() == text(2, 20).replace(LINES[37], "C wrote line 38\n")
    del now["a.py"], expected["a.py"]
    assert now == expected
    assert took.taken is not None
    assert lines_by_label(took.taken) == {"A": [2, 20], "C": [38]}


def test_what_is_reviewed_is_the_combination(project):
    trials = TrialsAtHand(project, A={"a.py": text(20)}, B={"b.py": "b = B\n"})
    trials.change_attempt("A", findings=(finding(OTHER),))
    here = replace(OTHER, anchor=replace(OTHER.anchor, start_line=21, end_line=21))
    trials.crew.states = (
        AttemptReview("s", doing="reading"),
        AttemptReview("s", (finding(here), finding(NEW)), cost=0.25, is_over=True),
    )
    found = checked(trials, everything(trials, "A") | everything(trials, "B"))
    assert [one.lead.title for one in found.findings] == ["Names clash", "Off by one"]
    assert (found.raised, found.cost, found.stage) == (1, 0.25, GraftStage.OVER)
    (order,), (seen,) = trials.crew.orders, trials.crew.seen
    assert (order.author, order.authors) == (None, {"a.py": CLAUDE, "b.py": CODEX})
    assert order.title == "graft of A and B of: Limit the retries"
    assert (seen["a.py"].decode(), seen["b.py"]) == (text(20), b"b = B\n")
    assert [file.path for file in order.patch.files] == ["a.py", "b.py"]
    assert order.most == 1.5
    assert [one.id for one in trials.shelf.list() if "graft" in one.id] == []


def test_one_attempts_pieces_have_one_author(project):
    trials = TrialsAtHand(project, A={"a.py": text(20), "b.py": "b = 2\n"}, B={"c.py": "c = 1\n"})
    checked(trials, trials.choose(b__py="A"))
    assert trials.crew.orders[0].author == CLAUDE


def test_a_graft_that_does_not_parse_is_refused_unless_forced(project):
    project.write("a.py", "def f():\n    return 1\n\n\nx = 1\ny = 2\n")
    trials = TrialsAtHand(
        project,
        A={"a.py": "def f(\n    one,\n):\n    return 1\n\n\nx = 1\ny = 2\n"},
        B={"a.py": "def f():\n    return 1\n\n\nx = (1,\n     3)\ny = 2\nz = [\n"},
    )
    choice = everything(trials, "B")
    found = checked(trials, choice)
    assert found.problems == ("a.py doesn't parse any more, from line 8 on.",)
    assert found.is_over
    assert not found.is_sound
    assert not trials.crew.orders
    with pytest.raises(UsageError, match=r"isn't sound. a\.py doesn't parse"):
        graft(trials, choice)
    assert not trials.noted
    assert graft(trials, choice, is_forced=True).paths == ("a.py",)


def test_a_graft_that_breaks_a_check_says_so(project):
    check = "test $(cat b.py c.py 2>/dev/null | grep -c two) -lt 2"
    trials = TrialsAtHand(project, checks=[check], A={"b.py": "two = 2\n"}, B={"c.py": "two = 2\n"})
    assert checked(trials, everything(trials, "A")).is_green
    both = everything(trials, "A") | everything(trials, "B")
    found = checked(trials, both)
    assert ([one.is_worse for one in found.checks], found.is_green) == ([True], False)
    with pytest.raises(UsageError, match="A check got worse: test"):
        graft(trials, both)
    took = graft(trials, both, is_forced=True)
    assert took.taken is not None
    assert took.taken.is_green is False


def test_all_checks_of_the_trial_run_even_if_its_baseline_was_cut_off(project):
    trials = TrialsAtHand(project, checks=["true"], A={"b.py": "two = 2\n"})
    ran = CheckChange(None, CheckRun("test ! -s b.py", 1, 0.1))
    trials.change_attempt("A", checks=(ran,))
    found = checked(trials, everything(trials, "A"))
    assert [one.after.is_green for one in found.checks] == [True, False]
    assert (found.is_sound, found.is_green) == (False, False)
    with pytest.raises(UsageError, match="A check fails: test ! -s"):
        graft(trials, everything(trials, "A"))


def test_files_that_can_not_be_together_are_named(project):
    def renames(top):
        (top / "old.py").rename(top / "new.py")

    trials = TrialsAtHand(
        project, A=renames, B={"new.py": "new = 1\n"}, C={"new.py/inner.py": "inner = 1\n"}
    )
    two = everything(trials, "A") | everything(trials, "B")
    found = checked(trials, two)
    assert found.problems == ("new.py would come from attempt A and from attempt B.",)
    assert not found.is_applicable
    with pytest.raises(UsageError, match="isn't sound"):
        graft(trials, two)
    three = everything(trials, "A") | everything(trials, "C")
    (said,) = checked(trials, three).problems
    assert "new.py from attempt A and new.py/inner.py from attempt C can't both be there" in said


def test_closing_it_stops_and_leaves_nothing(project):
    trials = TrialsAtHand(project, A={"a.py": text(20)})
    trials.crew.hangs = True

    async def begin():
        async with aclosing(Taking(trials).check(TRIAL, everything(trials, "A"))) as states:
            async for state in states:
                if state.stage is GraftStage.REVIEWING and trials.crew.orders:
                    return state
        raise AssertionError("no review began")

    state = asyncio.run(begin())
    assert not state.is_over
    assert [one.id for one in trials.shelf.list() if "graft" in one.id] == []
    with pytest.raises(UsageError, match="didn't come to an end"):
        asyncio.run(Taking(trials).take_graft(state, ""))


async def test_stopping_while_its_tree_is_made_leaves_nothing(project, monkeypatch):
    trials = TrialsAtHand(project, A={"a.py": text(20)})
    began, goes_on = threading.Event(), threading.Event()
    twin = DisposableTree.twin

    def slowly(tree, folder):
        began.set()
        goes_on.wait(10)
        return twin(tree, folder)

    monkeypatch.setattr(DisposableTree, "twin", slowly)

    async def check():
        async with aclosing(Taking(trials).check(TRIAL, everything(trials, "A"))) as states:
            async for _ in states:
                pass

    checking = asyncio.create_task(check())
    await asyncio.to_thread(began.wait, 10)
    checking.cancel()
    await asyncio.sleep(0.05)
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await checking
    assert [one.id for one in trials.shelf.list() if "graft" in one.id] == []


def test_a_review_that_can_not_begin_is_told(project, monkeypatch):
    trials = TrialsAtHand(project, A={"a.py": text(20)})

    async def refuse(order):
        raise ReviewerError("No model is there.", "Set one up.")
        yield

    monkeypatch.setattr(trials.crew, "review", refuse)
    found = checked(trials, everything(trials, "A"))
    assert found.unread == ("It wasn't reviewed. No model is there. Set one up.",)


def test_tampering_comes_along(project):
    silenced = Tampering(TamperingKind.SILENCED, "b.py", 1, "`# noqa` is new")
    trials = TrialsAtHand(project, A={"a.py": text(20), "b.py": "b = 2\n"}, B={"c.py": "c = 1\n"})
    trials.change_attempt("A", tampering=(silenced,))
    assert checked(trials, trials.choose(a__py="A", c__py="B")).is_sound
    found = checked(trials, trials.choose(b__py="A", c__py="B"))
    assert (found.tampering, found.is_sound) == ((silenced,), False)


def test_a_choice_must_name_what_is_there(project):
    trials = TrialsAtHand(project, A={"a.py": text(20)})
    with pytest.raises(UsageError, match=r"b\.py has no piece 1"):
        checked(trials, {PieceRef("b.py", 0): "A"})
    with pytest.raises(UsageError, match="no attempt Z"):
        checked(trials, {PieceRef("a.py", 0): "Z"})
    with pytest.raises(UsageError, match="No piece is taken"):
        checked(trials, {PieceRef("a.py", 0): ""})


NAMES = ("a", "b", "dir/c", "d")
CONTENTS = (
    st.none()
    | st.lists(st.sampled_from([b"x\n", b"y\n", b"z\r\n", b"\xff\n"]), max_size=8).map(b"".join)
    | st.sampled_from([b"\0", b"x", b"x\ny"])
)
FOLDERS = st.fixed_dictionaries(dict.fromkeys(NAMES, CONTENTS))


@given(FOLDERS, FOLDERS, FOLDERS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_graft_of_all_of_one_attempt_is_that_attempt(base, one, other):
    with TemporaryDirectory() as place:
        made = Builder(Path(place) / "project")
        there = {path: content for path, content in base.items() if content is not None}
        for path, content in there.items():
            made.write(path, content)
        made.write("always", "there\n")
        made.commit("first")

        def change(wanted):
            return {
                path: content
                for path, content in wanted.items()
                if content != base[path] and (content is not None or path in there)
            }

        trials = TrialsAtHand(made, A=change(one), B=change(other))
        if "A" not in trials.snapshot.comparison.labels:
            return
        before = hashed(made.top)
        picked = take(trials)
        files = files_of(made.top)
        give_back(trials, picked.taken)
        assert hashed(made.top) == before
        choice = trials.snapshot.comparison.of("A")
        took = asyncio.run(Taking(trials).take_graft(checked(trials, choice), "", is_forced=True))
        assert files_of(made.top) == files == files_of(trials.trees["A"].top)
        assert took.taken.lines == picked.taken.lines
