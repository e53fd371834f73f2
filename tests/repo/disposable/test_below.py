"""Nothing below a folder that an agent can change is reached through a link."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.repo.disposable.below import delete_below, leads_out, look, remove_all, write_below


@pytest.mark.parametrize(
    ("path", "target", "is_out"),
    [
        ("link", "a.txt", False),
        ("sub/link", "../a.txt", False),
        ("sub/link", "./x/y", False),
        ("link", "../a.txt", True),
        ("sub/link", "../../a.txt", True),
        ("link", "/etc/passwd", True),
        ("link", "other/../a.txt", True),
        ("link", ".git/config", True),
        ("link", ".GIT/config", True),
        ("sub/link", "../.git", True),
    ],
)
def test_links_that_lead_out(path, target, is_out):
    assert leads_out(path, target) is is_out


@given(
    st.lists(st.sampled_from(["a", "b"]), max_size=4),
    st.lists(st.sampled_from(["a", "..", ".", ""]), min_size=1, max_size=6),
)
def test_what_does_not_lead_out_resolves_inside(folders, target):
    path, target = "/".join([*folders, "link"]), "/".join(target)
    if not leads_out(path, target):
        resolved = os.path.normpath("/".join(("/top", *folders, target)))
        assert resolved == "/top" or resolved.startswith("/top/")


def test_a_deep_and_closed_folder_is_removed(tmp_path):
    place = os.open(tmp_path, os.O_RDONLY)
    os.mkdir("top", dir_fd=place)
    inner = os.open("top", os.O_RDONLY, dir_fd=place)
    for number in range(3000):
        os.mkdir("deeper", dir_fd=inner)
        outer, inner = inner, os.open("deeper", os.O_RDONLY, dir_fd=inner)
        if number % 100 == 0:
            os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=inner))
            os.fchmod(outer, 0)
        os.close(outer)
    os.close(inner)
    os.close(place)
    remove_all(tmp_path, "top")
    assert not (tmp_path / "top").exists()


def test_files_named_like_moved_folders_are_removed(tmp_path):
    for name in ("a/.removed-0", "a/.removed-1/x", ".removed-0", ".removed-2/y/z"):
        (tmp_path / "top" / name).mkdir(parents=True)
    (tmp_path / "top/.removed-1").write_text("x")
    remove_all(tmp_path, "top")
    assert not (tmp_path / "top").exists()


def test_writing_and_deleting_never_follow(tmp_path):
    top, outside = tmp_path / "top", tmp_path / "outside"
    top.mkdir()
    outside.mkdir()
    (outside / "x").write_text("theirs")
    (top / "link").symlink_to(outside)
    (top / "file").symlink_to(outside / "x")
    with pytest.raises(NotADirectoryError):
        write_below(top, "link/x", "100644", b"mine", ".new")
    with pytest.raises(NotADirectoryError):
        delete_below(top, "link/x")
    assert look(top, "link/x") is None
    write_below(top, "file", "100644", b"mine", ".new")
    assert (outside / "x").read_text() == "theirs"
    assert (top / "file").read_bytes() == b"mine"
    assert not (top / "file").is_symlink()
