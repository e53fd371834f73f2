"""The shelf tells running fixes from left-over ones, and removes without following links."""

import signal
import subprocess
import sys

import pytest

from tests.repo.disposable.trees import hashed
from xreview.domain.errors import ChangeError
from xreview.repo.disposable.shelf import ATTEMPT_WARES, FixShelf, ShelvedFix
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository

ABOUT = {
    "repository": "/r/.git",
    "started": "2026-01-01T00:00:00Z",
    "fixer": "claude-code",
    "title": "3 findings",
}
RUNNING = """
import sys
from pathlib import Path
from xreview.repo.disposable.shelf import FixShelf
shelf = FixShelf(Path(sys.argv[1]))
shelf.new("other")
shelf.describe("other", repository="r", started="2026", fixer="f", title="t")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def shelf(tmp_path):
    return FixShelf(tmp_path / "state/fixes")


@pytest.fixture
def other(tmp_path):
    """Another process that runs a fix on the same shelf."""
    command = [sys.executable, "-c", RUNNING, str(tmp_path / "state/fixes")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline() == b"ready\n"
        yield process
        process.kill()


def test_a_fix_is_listed_from_its_beginning_to_its_removal(shelf, project, tmp_path):
    assert shelf.list() == []
    place = shelf.new("one")
    assert place.stat().st_mode & 0o777 == 0o700
    assert shelf.list() == [ShelvedFix("one", is_running=True)]
    shelf.describe("one", **ABOUT)
    DisposableTree.create(find_repository(project.top), place)
    described = ShelvedFix("one", *ABOUT.values(), is_running=True, has_unapplied_patch=True)
    assert shelf.list() == [described]
    shelf.release("one")
    assert not shelf.list()[0].is_running
    shelf.settle("one")
    assert not shelf.list()[0].has_unapplied_patch
    shelf.remove("one")
    assert shelf.list() == []
    assert list((tmp_path / "state/fixes").iterdir()) == []


def test_another_process_runs_it_and_leaves_it_over_when_killed(shelf, other):
    (found,) = shelf.list()
    assert (found.id, found.title, found.is_running) == ("other", "t", True)
    with pytest.raises(ChangeError, match="in use by another"):
        shelf.remove("other")
    with pytest.raises(ChangeError, match="in use by another"):
        shelf.lock("other")
    shelf.new("mine")
    assert [one.id for one in shelf.list()] == ["mine", "other"]
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert [one.is_running for one in shelf.list()] == [True, False]
    shelf.remove("other")
    assert [one.id for one in shelf.list()] == ["mine"]


def test_the_lock_is_not_inherited_by_what_a_fix_starts(shelf, tmp_path):
    shelf.new("one")
    with subprocess.Popen(["sleep", "60"]) as child:
        shelf.release("one")
        assert not FixShelf(tmp_path / "state/fixes").list()[0].is_running
        child.kill()


def test_two_fixes_with_one_name_are_refused(shelf):
    shelf.new("one")
    with pytest.raises(ChangeError, match="exists already"):
        shelf.new("one")


@pytest.mark.parametrize("id", ["..", ".", "", "a/b", "../x", ".hidden", "a\n"])
def test_a_name_never_leads_elsewhere(shelf, id):
    for use in (shelf.new, shelf.remove, shelf.lock, shelf.settle):
        with pytest.raises(ChangeError, match="isn't the name of a fix"):
            use(id)


def test_a_link_swapped_in_is_deleted_not_followed(shelf, project, tmp_path):
    place = shelf.new("one")
    shelf.release("one")
    place.rename(tmp_path / "moved")
    place.symlink_to(project.top)
    before = hashed(project.top)
    assert shelf.list() == []
    shelf.remove("one")
    assert not place.is_symlink()
    assert hashed(project.top) == before


def test_links_inside_are_deleted_not_followed(shelf, project):
    place = shelf.new("one")
    (place / "to").symlink_to(project.top)
    (place / "deep/er").mkdir(parents=True)
    (place / "deep/er/to").symlink_to(project.top / "a.txt")
    before = hashed(project.top)
    shelf.remove("one")
    assert not place.exists()
    assert hashed(project.top) == before


def test_garbage_on_the_shelf_is_listed_as_unknown_or_not_at_all(shelf, tmp_path):
    folder = tmp_path / "state/fixes"
    shelf.new("one")
    (folder / "one/fix.json").write_bytes(b"[" * 100_000)
    (folder / "file").write_text("x")
    (folder / ".hidden").mkdir()
    assert shelf.list() == [ShelvedFix("one", is_running=True)]


def test_messages_name_what_is_on_the_shelf(tmp_path):
    shelf = FixShelf(tmp_path / "state/attempts", ATTEMPT_WARES)
    with pytest.raises(ChangeError, match=r"isn't the name of an attempt.*`attempt --list`"):
        shelf.lock("..")
    with pytest.raises(ChangeError, match="There is no attempt one"):
        shelf.lock("one")
