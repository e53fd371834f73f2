"""Which coverage files of a checkout are read."""

from pathlib import Path

import pytest

from tests.review.attention.changes import dated
from xreview.review.attention import coverage_places
from xreview.review.attention.coverage_places import MOST_FOLDERS, USUAL_PLACES


def written(top: Path, *paths: str) -> None:
    for at, path in enumerate(paths):
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
        dated(file, at)


def found(top: Path, *changed: str) -> list[tuple[str, str]]:
    return [(one.path, one.base) for one in coverage_places.coverage_places(top, changed)]


@pytest.mark.parametrize("folder", ["", "web/"])
@pytest.mark.parametrize(
    "place",
    [
        *USUAL_PLACES,
        "unit.coverprofile",
        "build/reports/jacoco/any.xml",
        "build/reports/jacoco/test/jacocoTestReport.xml",
    ],
)
def test_the_usual_places_are_looked_at(tmp_path: Path, folder: str, place: str) -> None:
    written(tmp_path, f"{folder}{place}", "elsewhere/lcov.info", "web/not-usual.info")
    assert found(tmp_path, "web/src/a.js", "b.js") == [(f"{folder}{place}", folder.rstrip("/"))]


def test_the_newest_are_first(tmp_path: Path) -> None:
    paths = [f"p{at:02}/lcov.info" for at in range(15)]
    written(tmp_path, *paths)
    places = found(tmp_path, *(f"p{at:02}/a.c" for at in range(15)))
    assert [path for path, _ in places] == paths[::-1]


def test_the_number_of_folders_is_bounded(tmp_path: Path) -> None:
    deep = "/".join("d" * 100)
    written(tmp_path, "lcov.info", f"{deep}/lcov.info")
    assert len(found(tmp_path, f"{deep}/a.c")) == 1
    assert MOST_FOLDERS < 100


def test_a_folder_with_more_than_is_listed_has_them_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_places, "_MOST_LISTED", 3)
    written(tmp_path, *(f"{name}.c" for name in "abcdef"), "lcov.info")
    assert found(tmp_path, "a.c") == [("lcov.info", "")]


@pytest.mark.parametrize("path", ["../x/a.c", "/etc/a.c", ".git/x/a.c", "a\0b/a.c"])
def test_no_path_leads_out(tmp_path: Path, path: str) -> None:
    top = tmp_path / "top"
    written(tmp_path, "x/lcov.info", "top/.git/x/lcov.info")
    assert found(top, path) == []
