import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tests.fakes.reports import repeated, report
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.related import CoChange, RelatedCode, UntouchedCaller
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.themes.files import variable_defaults
from xreview.tui.widgets.file_tree import NOT_IN_CHANGE, FileTree, TreeRow, tree_of, tree_rows

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


RELATED = RelatedCode(
    (CoChange("db/schema.sql", "a.py", 9, 10),),
    (UntouchedCaller("web\x1b.py", 4, "save", "a.py", "passes 1 argument, needs 2"),),
)


def test_what_is_related_follows_with_its_reasons() -> None:
    snapshot = ReviewSnapshot(
        "s",
        ChangeSource(ChangeKind.WORKTREE, "worktree", "/r"),
        tuple(of("a.py")),
        related=RELATED,
    )
    names = [row.name for row in tree_of(snapshot)]

    assert names[:3] == ["a.py", NOT_IN_CHANGE, "web\x1b.py:4"]
    assert " ".join(names[3:5]) == "calls save of a.py: passes 1 argument, needs 2"
    assert names[5] == "db/schema.sql:1"
    assert [row.name for row in tree_of(snapshot, "schema")][:2] == [NOT_IN_CHANGE, names[5]]
    assert tree_of(snapshot, "nowhere") == []


def test_the_cursor_reaches_the_related_places() -> None:
    place = RELATED.places[0]
    rows = [*tree_rows(of("a.py"), {}), TreeRow(NOT_IN_CHANGE, 0), TreeRow("w", 0, place=place)]
    tree = FileTree(rows)

    assert (tree.path, tree.place, tree.file_count) == ("a.py", None, 1)
    tree.move_cursor(1)
    assert (tree.path, tree.place) == (place.path, place)
    tree.show_rows([*tree_rows(of("a.py", place.path), {}), *rows[1:]], tree.path)
    assert tree.place == place


def test_a_file_counts_the_findings_that_have_a_place_in_it() -> None:
    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "/r")
    files = tuple(FileDiff(path, FileStatus.MODIFIED) for path in ("a.py", "b.py", "c.py"))
    spots = (("a.py", 1), ("a.py", 50), ("b.py", 7))
    one = repeated(*(report(path=path, line=line, rule="python/x") for path, line in spots))

    rows = tree_of(ReviewSnapshot("s", source, files, findings=(one,)))

    assert [row.findings for row in rows] == [1, 1, 0]


@pytest.mark.parametrize(("width", "shown"), [(70, ("decide", "study")), (28, ("!!", "!"))])
async def test_files_at_4_and_5_are_marked_and_stay_in_their_place(width, shown) -> None:
    levels = {"src/a.py": 3, "src/long_name_of_a_file.py": 4, "z.py": 5}
    whole = Attention(AttentionLevel.DECIDE)
    each = {path: Attention(AttentionLevel(level)) for path, level in levels.items()}
    rows = tree_rows(of(*levels), {"z.py": 2}, attention=ChangeAttention(whole, each))
    app = TreeApp(rows)

    async with app.run_test(size=(width, 8)):
        tree = app.query_one(FileTree)
        lines = [tree.render_line(y).text for y in range(len(rows))]

    assert [row.name for row in rows] == ["src", "a.py", "long_name_of_a_file.py", "z.py"]
    decide, study = shown
    assert lines[1].split() == ["M", "a.py"]
    assert f"  {study}" in lines[2]
    assert f"z.py  {decide}  2" in lines[3]


class TreeApp(App[None]):
    def __init__(self, rows: list[TreeRow]) -> None:
        super().__init__()
        self._rows = rows

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(variable_defaults())

    def compose(self) -> ComposeResult:
        yield FileTree(self._rows)
