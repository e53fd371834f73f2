"""Tools run in subfolders, over folders that hold the checkout, and on other machines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.imports.placing.file_names import of_path, of_uri
from xreview.imports.placing.placing import Files, Lost, Placing, Root

CHANGED = ["src/shop.py", "web/app.js"]
LISTED = [*CHANGED, "src/util.py", "lib/util.py", "README.md", "src/README.md", "index.js"]
HERE = "/home/ada/shop"


def places(*names, root=None, listed=LISTED, tops=(HERE,)):
    found = [of_uri(name) for name in names]
    placing = Placing(Files(CHANGED, listed, tops), found, root)
    return [placing.place_of(name) for name in found]


@pytest.mark.parametrize(
    "name",
    [
        "src/shop.py",
        "src\\shop.py",
        "./src/shop.py",
        "src/%73hop.py",
        "shop.py",
        "shop/src/shop.py",
        "../repo/src/shop.py",
        "file:///home/ada/shop/src/shop.py",
        "file:////home/ada/shop/src/shop.py",
        "file://localhost/home/ada/shop/src/shop.py",
        "file:///builds/ada/shop/shop/src/shop.py",
        "/builds/7/src/shop.py",
        "C:\\code\\shop\\src\\shop.py",
        "file:///C:/code/shop/src/shop.py",
        "https://github.com/ada/shop/blob/main/src/shop.py",
        "git://github.com/ada/shop.git/src/shop.py",
    ],
)
def test_one_file_by_many_names(name):
    assert places(name) == ["src/shop.py"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("src/util.py", Lost.OUTSIDE),
        (f"{HERE}/anything.py", Lost.OUTSIDE),
        ("util.py", Lost.AMBIGUOUS),
        ("gone.py", Lost.UNKNOWN),
        ("../../etc/passwd", Lost.UNKNOWN),
        ("/etc/passwd", Lost.UNKNOWN),
        ("https://example.com/index.js", Lost.UNKNOWN),
        ("node_modules/x/index.js", Lost.UNKNOWN),
        ("data:text/plain,x", Lost.UNKNOWN),
        ("%", Lost.UNKNOWN),
        ("/" * 5000, Lost.UNKNOWN),
    ],
)
def test_names_of_no_file_of_the_change(name, why):
    assert places(name) == [why]


def test_a_folder_that_all_names_have_in_common_decides_what_one_name_alone_does_not():
    assert places("util.py", "shop.py") == [Lost.OUTSIDE, "src/shop.py"]
    # Both names are files of the top folder and of `src`; the tool ran in `src`.
    assert places("README.md", "shop.py", "util.py") == [Lost.OUTSIDE, "src/shop.py", Lost.OUTSIDE]


def test_names_that_stand_as_they_are_are_not_guessed_at():
    assert places("README.md") == [Lost.OUTSIDE]
    assert places("web/app.js", "index.js") == ["web/app.js", Lost.OUTSIDE]


def test_a_dependency_is_no_file_of_the_repository():
    found = places("web/app.js", "node_modules/x/index.js", "node_modules/src/shop.py")
    assert found == ["web/app.js", Lost.OUTSIDE, Lost.OUTSIDE]


def test_a_file_that_is_gone_is_outside_where_others_are_found():
    assert places("src/shop.py", "src/gone.py") == ["src/shop.py", Lost.OUTSIDE]
    assert places("/w/src/shop.py", "/w/src/gone.py", "/usr/include/x.h") == [
        "src/shop.py",
        Lost.OUTSIDE,
        Lost.OUTSIDE,
    ]


@pytest.mark.parametrize(
    ("root", "name", "place"),
    [
        (Root(within="src"), "shop.py", "src/shop.py"),
        (Root(within="src"), "util.py", Lost.OUTSIDE),
        (Root(within="src"), "../web/app.js", "web/app.js"),
        (Root(within="src"), "/app/shop.py", "src/shop.py"),
        (Root(within="web"), "shop.py", Lost.UNKNOWN),
        (Root(within=""), "shop.py", Lost.UNKNOWN),
        (Root(within=""), "src/shop.py", "src/shop.py"),
        (Root(off="/app"), "/app/src/shop.py", "src/shop.py"),
        (Root(off="C:/work"), "C:\\work\\src\\shop.py", "src/shop.py"),
        (Root(off="monorepo/shop"), "monorepo/shop/web/app.js", "web/app.js"),
    ],
)
def test_the_person_says_where_the_tool_ran(root, name, place):
    assert places(name, root=root) == [place]


def test_without_a_list_of_files_those_of_the_change_are_known():
    assert places("shop.py", "app.js", listed=(), tops=()) == CHANGED


names = st.text("abcdefgh./\\:%", max_size=12)


@given(st.lists(names, max_size=5), st.lists(names, max_size=5), st.sets(names, max_size=8))
def test_whatever_the_names_are_a_place_is_a_file_of_the_change(uris, paths, files):
    found = [*map(of_uri, uris), *map(of_path, paths)]
    placing = Placing(Files(sorted(files)[:3], files, ("/a/b",)), found)
    for name in found:
        place = placing.place_of(name)
        assert isinstance(place, Lost) or place in files
