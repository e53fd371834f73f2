"""What is inside a folder, for paths that somebody else wrote."""

import os
import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.inside import clashing, is_inside, relative_path, why_outside

OUTSIDE = {
    "": "empty",
    ".": "“.”",
    "./a": "“.”",
    "a/./b": "“.”",
    "..": "leads out",
    "../a": "leads out",
    "a/..": "leads out",
    "a/../../x": "leads out",
    "/": "absolute",
    "/tmp/x": "absolute",
    "//tmp/x": "absolute",
    "a//b": "empty",
    "a/": "empty",
    "a\0b": "NUL",
    "\ud800": "can't be a file name",
    "C:/x": "absolute",
    "c:\\x": "absolute",
    "\\x": "absolute",
    "..\\x": "leads out",
    "a\\..\\..\\x": "leads out",
    "a\\.git\\config": ".git",
    ".git": ".git",
    ".git/config": ".git",
    "a/.GIT/hooks/x": ".git",
    ".g\u200cit/config": ".git",
    "\ufeff.git": ".git",
    ".gi\u202et": ".git",
    ".git.": ".git",
    ".git . .": ".git",
    ".git::$INDEX_ALLOCATION/config": ".git",
    "git~1": ".git",
    "GIT~1/config": ".git",
    "git~1. ": ".git",
    "a" * 256: "255 bytes",
    "ä" * 128: "255 bytes",
    "/".join(["abcdefg"] * 600): "4,095 bytes",
}
INSIDE = [
    "a",
    "a/b.py",
    ".gitignore",
    ".github/workflows/x.yml",
    "...",
    "..a",
    "a..",
    ".git2",
    "x.git",
    "git~2",
    "new\nline",
    " a ",
    "-rf",
    "a\\b",
    "\udcff.txt",
    "ä" * 127,
    "c:x",
]


@pytest.mark.parametrize(("path", "why"), OUTSIDE.items(), ids=ascii)
def test_outside(path, why):
    assert why in why_outside(path)
    assert not is_inside(path)


@pytest.mark.parametrize("path", INSIDE, ids=ascii)
def test_inside(path):
    assert why_outside(path) == ""


PIECES = st.sampled_from(
    ["..", ".", "", "/", "a", ".git", ".GIT", "\\", "\u200c", "\0", "git~1", ":", " ", "\udc80"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join))
def test_what_is_inside_stays_below_whatever_folder_it_is_joined_to(path):
    if is_inside(path):
        joined = posixpath.join("/top/folder", path)
        assert posixpath.normpath(joined) == joined
        assert joined.startswith("/top/folder/")
        assert ".git" not in joined.lower().split("/")
        os.fsencode(path)


@pytest.mark.parametrize(
    ("given_path", "path"),
    [
        ("", ""),
        (".", ""),
        ("./", ""),
        ("./src//a.py", "src/a.py"),
        (" src/ ", "src"),
        ("/", None),
        ("/etc/passwd", None),
        ("a/../b", None),
        ("../a", None),
        (".Git/config", None),
        ("a\0b", None),
        ("\ud800", None),
    ],
)
def test_a_path_as_a_model_writes_it(given_path, path):
    assert relative_path(given_path) == path


def test_names_that_can_not_be_side_by_side():
    paths = ["a", "b", "b", "c", "c/x", "c/y", "d/e", "d/e/f/g", "d.x/e", "ab"]
    assert clashing(paths) == {"b", "c", "c/x", "c/y", "d/e", "d/e/f/g"}
    assert clashing(["a/b", "a/c", "a.py"]) == frozenset()
