from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.change import FileDiff, FileStatus
from xreview.tui.widgets.file_tree import TreeRow, tree_rows

segments = st.text("abcD é", min_size=1, max_size=4).filter(str.strip)
paths = st.lists(st.lists(segments, min_size=1, max_size=4).map("/".join), unique=True, max_size=12)


def of(*names: str) -> list[FileDiff]:
    return [FileDiff(name, FileStatus.MODIFIED) for name in names]


def test_what_is_known_about_a_file_stands_beside_it() -> None:
    rows = tree_rows(
        of("src/a.py", "src/b.py"), {"src/a.py": 2}, {"src/b.py": "openai"}, {"src/a.py"}
    )
    assert [(row.name, row.depth, row.findings, row.author, row.is_viewed) for row in rows] == [
        ("src", 0, 0, "", False),
        ("a.py", 1, 2, "", True),
        ("b.py", 1, 0, "openai", False),
    ]


def test_only_wanted_paths_are_listed_with_their_folders() -> None:
    rows = tree_rows(of("src/App.py", "docs/x.md", "src/y.py"), {}, wanted="app")
    assert [row.name for row in rows] == ["src", "App.py"]
    assert tree_rows(of("src/a.py"), {}, wanted="none") == []


def full_paths(rows: list[TreeRow]) -> list[str]:
    """The paths as the rows show them, by their depth."""
    found: list[str] = []
    folders: list[str] = []
    for row in rows:
        folders = folders[: row.depth]
        if row.file is None:
            folders.append(row.name)
        else:
            found.append("/".join([*folders, row.name]))
    return found


@given(paths, st.text("abD", max_size=2))
def test_each_wanted_file_is_found_under_its_folders(names: list[str], wanted: str) -> None:
    expected = sorted(name for name in names if wanted.casefold() in name.casefold())
    assert sorted(full_paths(tree_rows(of(*names), {}, wanted=wanted))) == expected
