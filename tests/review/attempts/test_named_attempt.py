import shutil

import pytest

from tests.repo.builder import Builder, isolate
from tests.review.attempts.shelved import TASK, TRIAL, run_options, shelve, told
from xreview.domain.change import ChangeKind, Side
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.events.attempt_events import TrialDiscarded
from xreview.repo.change.request import ChangeRequest
from xreview.repo.repository import find_repository
from xreview.review.assembly.headless import review_once
from xreview.review.pulls.opening import collect_change
from xreview.review.session.whole_change import read_to_end

CODE = "total = 0\nprint(eval(input()))\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("cart.py", "total = 0\n")
    builder.write("gone.py", "x = 1\n")
    builder.commit("first")
    return builder


@pytest.fixture
def options(tmp_path):
    return run_options(tmp_path / "data")


def whole(project, options, named):
    request = ChangeRequest(project.top, attempt=named)
    return read_to_end(collect_change(request, options), request)


@pytest.mark.parametrize("named", [f"{TRIAL}:A", "0123:a", f" {TRIAL}:A "])
def test_an_attempt_is_read_from_its_own_tree(project, options, named):
    trees = shelve(project, options, {"A": {"cart.py": CODE, "new/pay.py": "p = 1\n"}})
    project.write("cart.py", "raise SystemExit\n")
    project.delete("gone.py")

    change = whole(project, options, named)

    assert [one.path for one in change.files] == ["cart.py", "new/pay.py"]
    source = change.source
    assert (source.kind, source.title) == (ChangeKind.ATTEMPT, "attempt A of: Sum up the prices.")
    assert (source.base, source.head) == (trees["A"].base, trees["A"].patch().tree)
    assert (source.repository, source.folder) == (str(project.top), str(trees["A"].top))
    assert change.repository_name == find_repository(project.top).identity
    assert change.collected.attempt is not None
    assert change.collected.attempt.task == TASK
    with change.contents() as reader:
        assert reader.read_blocking(change.files[0], Side.NEW) == CODE.encode()
        assert reader.read_blocking(change.files[0], Side.OLD) == b"total = 0\n"
    tree = change.tree()
    assert tree is not None
    assert tree.files == ("cart.py", "gone.py", "new/pay.py")
    assert tree.read("cart.py") == CODE.encode()
    assert [(hit.path, hit.line) for hit in tree.search("eval")] == [("cart.py", 2)]
    assert [entry.subject for entry in tree.log("cart.py")] == ["first"]
    tree.close()
    assert change.unshown() == ()
    assert change.messages() == ()


def test_before_the_first_commit_there_is_no_history(tmp_path, monkeypatch, options):
    isolate(monkeypatch, tmp_path / "home")
    empty = Builder(tmp_path / "empty")
    empty.write("cart.py", "total = 0\n")
    shelve(empty, options, {"A": {"cart.py": CODE}})
    change = whole(empty, options, f"{TRIAL}:A")
    tree = change.tree()
    assert tree is not None
    assert tree.log("cart.py") == ()
    assert change.commit_before is None
    tree.close()


def test_what_ran_in_the_tree_has_no_say_in_how_it_is_read(project, options, tmp_path):
    ran = tmp_path / "ran"
    evil = f"[core]\n\tfsmonitor = touch {ran}\n[diff]\n\texternal = touch {ran}\n"
    files = {"cart.py": CODE, ".gitattributes": "*.py -diff diff=evil\n"}
    trees = shelve(project, options, {"A": files})
    config = trees["A"].folder / "git" / "config"
    config.write_text(evil + f'[diff "evil"]\n\ttextconv = touch {ran}\n')

    change = whole(project, options, f"{TRIAL}:A")

    assert [one.path for one in change.files] == [".gitattributes", "cart.py"]
    assert b"eval" in change.files[1].body
    assert not ran.exists()
    assert "fsmonitor" not in config.read_text()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("A", "doesn't name an attempt"),
        (":A", "doesn't name an attempt"),
        ("0123:", "doesn't name an attempt"),
        ("\x1b[31m:A", "No trial of this repository matches “␛"),
        ("..:A", "No trial of this repository matches"),
        ("0123:Q", "This trial has no attempt “Q”. It has A, B, C."),
        ("0123:B", "Attempt B changed nothing."),
        ("0123:C", "Attempt C isn't written yet."),
    ],
)
def test_what_names_no_attempt_is_said(project, options, named, said):
    shelve(project, options, {"A": {"cart.py": CODE}, "B": {}, "C": None})
    with pytest.raises(UsageError) as refused:
        whole(project, options, named)
    assert said in str(refused.value)


def test_what_was_thrown_away_is_said(project, options):
    trees = shelve(project, options, {"A": {"cart.py": CODE}})
    shutil.rmtree(trees["A"].folder)
    with pytest.raises(UsageError, match="are gone"):
        whole(project, options, f"{TRIAL}:A")
    told(project, options, TrialDiscarded(TRIAL))
    with pytest.raises(UsageError, match="are gone"):
        whole(project, options, f"{TRIAL}:A")


def test_other_repositories_and_an_empty_journal_have_no_attempt(project, options, tmp_path):
    with pytest.raises(UsageError, match="No trial"):
        whole(project, options, f"{TRIAL}:A")
    shelve(project, options, {"A": {"cart.py": CODE}})
    other = Builder(tmp_path / "other")
    with pytest.raises(UsageError, match="No trial"):
        whole(other, options, f"{TRIAL}:A")


def test_a_tree_that_was_replaced_is_refused(project, options):
    trees = shelve(project, options, {"A": {"cart.py": CODE}})
    top = trees["A"].top
    top.rename(top.with_name("moved"))
    top.symlink_to(project.top)
    with pytest.raises(ChangeError, match="moved or replaced"):
        whole(project, options, f"{TRIAL}:A")


async def test_its_review_knows_the_author_and_looks_for_nothing(project, options, tmp_path):
    project.git("switch", "-qc", "codex/cart")  # would tell another author
    shelve(project, options, {"A": {"cart.py": "x = 1\n"}, "B": {"cart.py": CODE}})

    snapshot = (await review_once(ChangeRequest(project.top, attempt="0123:B"), options)).snapshot

    assert (snapshot.author.tool, snapshot.author.vendor) == ("claude", "anthropic")
    assert snapshot.attribution is not None
    assert snapshot.attribution.notices == ()
    assert [one.anchor.path for one in snapshot.findings] == ["cart.py"]
    assert snapshot.is_complete
