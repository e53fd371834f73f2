"""Looking at files on disk without following links."""

import os
from pathlib import Path

import pytest

from xreview.repo.files.worktree import is_other_repository, modified_at, names_in_folder


@pytest.fixture
def top(tmp_path: Path) -> Path:
    inside = tmp_path / "top"
    (inside / "folder").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    for path in ("top/a", "top/folder/b", "outside/c"):
        (tmp_path / path).write_text("x")
        os.utime(tmp_path / path, (5, 7))
    (inside / "link").symlink_to(tmp_path / "outside")
    (inside / "file-link").symlink_to(tmp_path / "outside" / "c")
    os.mkfifo(inside / "pipe")
    return inside


def test_the_date_of_a_file_is_known(top: Path) -> None:
    assert modified_at(top, "a") == modified_at(top, "folder/b") == 7


@pytest.mark.parametrize(
    "path", ["link/c", "file-link", "pipe", "folder", "none", "../outside/c", "a/b", "", ".git/x"]
)
def test_nothing_is_known_of_what_is_no_file_inside(top: Path, path: str) -> None:
    assert modified_at(top, path) is None


def test_a_folder_is_listed_up_to_a_bound(top: Path) -> None:
    assert names_in_folder(top, "", 9) == ("a", "file-link", "folder", "link", "pipe")
    assert names_in_folder(top, "folder", 9) == ("b",)
    assert len(names_in_folder(top, "", 2)) == 2


@pytest.mark.parametrize("folder", ["link", "a", "none", "..", "../outside", "/etc", "pipe"])
def test_what_is_no_folder_inside_has_no_names(top: Path, folder: str) -> None:
    assert names_in_folder(top, folder, 9) == ()


def test_a_folder_with_its_own_git_is_another_repository(top: Path) -> None:
    assert not is_other_repository(top, "folder")
    assert is_other_repository(top, "link")
    (top / "folder" / ".git").write_text("gitdir: elsewhere")
    assert is_other_repository(top, "folder")
