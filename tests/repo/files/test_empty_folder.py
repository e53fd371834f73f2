"""Filling a folder with files whose names somebody else chose."""

import stat
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xreview.repo.files.empty_folder import EmptyFolder, RefusedPathError


@pytest.fixture
def place(tmp_path):
    """A folder with nothing in it."""
    place = tmp_path / "place"
    place.mkdir()
    return place


def everything(top):
    return sorted(str(path.relative_to(top)) for path in top.rglob("*"))


def test_files_and_their_folders_are_made_for_the_user_alone(place):
    with EmptyFolder(place) as folder:
        folder.write("a/b/c.py", b"x = 1\n")
        folder.write("a/d.py", b"")
    assert (place / "a/b/c.py").read_bytes() == b"x = 1\n"
    assert everything(place) == ["a", "a/b", "a/b/c.py", "a/d.py"]
    assert stat.S_IMODE((place / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((place / "a/d.py").stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["", "..", "../x", "a/../../x", "/x", ".git/config", "a//b"])
def test_a_path_that_leads_out_is_refused(place, path):
    top = place / "top"
    top.mkdir()
    with EmptyFolder(top) as folder, pytest.raises(RefusedPathError):
        folder.write(path, b"x")
    assert everything(place) == ["top"]


def test_nothing_is_written_through_a_link_or_over_a_file(place):
    outside, top = place / "outside", place / "top"
    outside.mkdir()
    top.mkdir()
    (outside / "file").write_text("kept\n")
    (top / "folder").symlink_to(outside)
    (top / "file").symlink_to(outside / "file")
    (top / "dangling").symlink_to(outside / "new")
    (top / "taken").write_text("kept\n")
    with EmptyFolder(top) as folder:
        for path in ("folder/file", "folder/new", "file", "dangling", "taken", "taken/x"):
            with pytest.raises(RefusedPathError, match="in its place"):
                folder.write(path, b"x")
    assert everything(outside) == ["file"]
    assert (outside / "file").read_text() == (top / "taken").read_text() == "kept\n"


PARTS = st.sampled_from(["..", ".", "", "a", "b", "a\\..", ".git", "link", "\udcff", "/", "\0"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=st.lists(st.lists(PARTS, min_size=1, max_size=4).map("/".join), max_size=6))
def test_whatever_the_names_are_nothing_outside_is_touched(tmp_path_factory, paths):
    place = tmp_path_factory.mktemp("any")
    (place / "outside").mkdir()
    (place / "top").mkdir()
    (place / "top" / "link").symlink_to("../outside")
    with EmptyFolder(place / "top") as folder:
        for path in paths:
            with suppress(RefusedPathError):
                folder.write(path, b"x")
    assert sorted(path.name for path in place.iterdir()) == ["outside", "top"]
    assert everything(place / "outside") == []
