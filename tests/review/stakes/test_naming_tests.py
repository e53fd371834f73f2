"""Which changed functions the tests of a real repository name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analysers.changes import diff_body
from tests.repo.builder import Builder, isolate
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.stakes.advice import advise
from xreview.domain.stakes.stakes import Stakes
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.session.whole_change import WholeChange, read_to_end
from xreview.review.stakes import naming_tests
from xreview.review.stakes.naming_tests import changed_names, named_by_tests
from xreview.review.stakes.reading import read_stakes

STORE = "app/colours.py"
BEFORE = "def mixed_colour(a, b):\n    x = 1\n    y = 2\n    z = 3\n    u = 4\n    return a\n"
AFTER = BEFORE.replace("return a", "return b")


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write(".gitattributes", "*.py diff=python\n")
    made.write(STORE, BEFORE)
    made.write("app/user.py", "from app.colours import mixed_colour\n")
    made.commit("first")
    return made


def whole(builder: Builder) -> WholeChange:
    request = ChangeRequest(builder.top)
    collected = collect(request)
    change = read_to_end(collected, request)
    collected.close()
    return change


def stakes(builder: Builder) -> Stakes:
    change = whole(builder)
    return read_stakes(change.files, change.tree)


def test_a_function_that_no_test_names_is_said(builder: Builder) -> None:
    builder.write(STORE, f"{AFTER}\n\ndef darker_colour(a):\n    return a.price\n")

    found = stakes(builder)

    assert found.unnamed == {"mixed_colour", "darker_colour"}
    assert advise(found).reason == (
        "deep: it touches money (“price” in app/colours.py), and no test names 2 of the changed "
        "functions"
    )


def test_a_name_in_a_test_counts_even_in_an_untracked_one(builder: Builder) -> None:
    builder.write(STORE, AFTER)
    slow = stakes(builder)
    builder.write("tests/test_mixed_colour_2.py", "import mixed_colour_2, mixed_colours\n")
    assert stakes(builder).unnamed == {"mixed_colour"}

    builder.write("tests/test_colours.py", "assert mixed_colour(1, 2) == 2\n")
    builder.git("add", ".")
    builder.git("commit", "-qm", "tests", "--", "tests")

    assert stakes(builder).unnamed == frozenset()
    assert stakes(builder).seconds < slow.seconds


def test_without_a_repository_nothing_is_known_of_tests() -> None:
    file = FileDiff("a.py", FileStatus.MODIFIED, body=diff_body(BEFORE, AFTER))

    assert read_stakes([file], lambda: None).unnamed == frozenset()


def test_too_many_places_say_nothing(builder: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming_tests, "_MOST_HITS", 3)
    builder.write(STORE, AFTER)
    builder.write("a.py", "mixed_colour()\n" * 3)

    assert stakes(builder).unnamed == frozenset()


def names_in(new: str, old: str = "", section: str = "") -> set[str]:
    body = diff_body(old, new).replace(b" @@\n", f" @@ {section}\n".encode(), 1)
    return set(changed_names(FileDiff("a.x", FileStatus.MODIFIED, body=body)))


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("async def paint(self):", {"paint"}),
        ("class Painter(Base):", {"Painter"}),
        ("func (p *Painter) Paint() {", {"Paint"}),
        ("pub fn paint<T>(t: T) {", {"paint"}),
        ("export function paint() {", {"paint"}),
        ("def __init__(self):", set[str]()),
        ("def färben():", set[str]()),
        ("x = 1", set[str]()),
    ],
)
def test_what_changed_lines_define(code: str, names: set[str]) -> None:
    assert names_in(f"{code}\n") == names
    assert names_in("y = 2\n", f"{code}\ny = 2\n") == set()


@pytest.mark.parametrize(
    "section", ["def paint(self):", "int paint(int a)", "static void paint(char *a) {"]
)
def test_what_git_says_is_around_them(section: str) -> None:
    assert names_in("x = 1\n", section=section) == {"paint"}


class Refusing:
    """A tree that must not be searched."""

    def search(self, pattern: str, **_: object) -> Iterator[str]:
        raise AssertionError(pattern)


def test_nothing_is_searched_for_without_a_name() -> None:
    text = FileDiff("a.md", FileStatus.ADDED, body=diff_body("", "def paint():\n"))
    plain = FileDiff("a.py", FileStatus.ADDED, body=diff_body("", "x = 1\n"))
    test = FileDiff("tests/test_a.py", FileStatus.ADDED, body=diff_body("", "def test_a():\n"))

    assert named_by_tests([text, plain, test], Refusing()) == {}  # pyright: ignore[reportArgumentType]


def test_a_call_whose_value_gets_a_name_is_not_what_changed() -> None:
    body = "@@ -9,1 +9,1 @@ {}\n-    1,\n+    2,\n"
    names = [
        list(changed_names(FileDiff("a.c", FileStatus.MODIFIED, body=body.format(row).encode())))
        for row in ("WORDS = frozenset(", "int darken(int by = 1) {", "def darken(a):")
    ]
    assert names == [[], ["darken"], ["darken"]]
