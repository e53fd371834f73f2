"""Files of a disposable tree: replaced whole, never through a link."""

import os

import pytest

from xreview.domain.errors import ChangeError
from xreview.review.writing.tree_files import TreeFiles


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "a").write_text("theirs")
    return folder


@pytest.fixture
def top(tmp_path, outside):
    top = tmp_path / "tree"
    top.mkdir()
    (top / "a").write_text("ours")
    (top / "link").symlink_to(outside / "a")
    (top / "folder").symlink_to(outside)
    os.mkfifo(top / "pipe")
    (top / "real").mkdir()
    return top


@pytest.mark.parametrize(
    "path", ["link", "folder/a", "../outside/a", "pipe", "real", "gone", "a/b"]
)
def test_only_regular_files_are_read(top, path):
    assert TreeFiles(top).read("a") == b"ours"
    assert TreeFiles(top).read(path) is None


@pytest.mark.parametrize(
    "path",
    ["link", "folder/a", "folder/new", "../outside/new", "pipe", "real", "a/b", "/tmp/x", ".git/x"],
)
def test_nothing_else_is_written(top, outside, path):
    with pytest.raises(ChangeError):
        TreeFiles(top).write(path, b"x")
    assert {one.name: one.read_text() for one in outside.iterdir()} == {"a": "theirs"}
    assert sorted(os.listdir(top)) == ["a", "folder", "link", "pipe", "real"]  # noqa: PTH208


def test_a_file_keeps_its_mode_and_a_new_one_gets_its_folders(top):
    (top / "a").chmod(0o750)
    TreeFiles(top).write("a", b"new")
    TreeFiles(top).write("x/y/z", b"new")
    assert (top / "a").read_text() == (top / "x/y/z").read_text() == "new"
    assert (top / "a").stat().st_mode & 0o777 == 0o750
    assert (top / "x/y/z").stat().st_mode & 0o777 == 0o644


def test_a_hard_link_isnt_written_through(top, outside):
    (top / "a").unlink()
    os.link(outside / "a", top / "a")
    TreeFiles(top).write("a", b"new")
    assert (outside / "a").read_text() == "theirs"


def test_whether_a_folder_is_there(top):
    files = TreeFiles(top)
    assert files.is_folder("real")
    assert not any(map(files.is_folder, ("a", "folder", "gone")))
    assert files.exists("link")
    assert not files.exists("gone")


def test_a_file_and_a_link_itself_are_removed(top, outside):
    files = TreeFiles(top)
    files.remove("a")
    files.remove("link")
    files.write("new/folder/b", b"")
    files.remove("new/folder/b")
    assert sorted(one.name for one in top.iterdir()) == ["folder", "pipe", "real"]
    for path in ("folder/a", "real", "../outside/a", ".git/x"):
        with pytest.raises(ChangeError):
            files.remove(path)
    assert (outside / "a").read_text() == "theirs"
