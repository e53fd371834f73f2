"""Where lines come from."""

import time

from tests.repo.builder import Builder
from xreview.repo.attribution.base import Deadline
from xreview.repo.later.blame import LineOrigin, line_origins
from xreview.repo.repository import find_repository


def origins(project: Builder, path: str, *lines: int):
    deadline = Deadline(time.monotonic() + 30, time.monotonic)
    return line_origins(find_repository(project.top), project.rev("HEAD"), path, lines, deadline)


def test_lines_are_followed_through_renames_and_indentation(project: Builder) -> None:
    first = project.rev("HEAD")
    project.git("mv", "a.txt", "c d.txt")
    project.commit("Move")
    project.write("c d.txt", "zero\none\n    two\nthree\n")
    second = project.commit("Indent")
    assert origins(project, "c d.txt", 1, 3, 4) == {
        1: LineOrigin(second, "c d.txt", 1),
        3: LineOrigin(first, "a.txt", 2),
        4: LineOrigin(first, "a.txt", 3),
    }


def test_names_that_git_quotes_are_raw(project: Builder) -> None:
    name = 'q"\n\udcff.txt'
    project.write(name, "x1\n")
    added = project.commit("Add")
    assert origins(project, name, 1) == {1: LineOrigin(added, name, 1)}


def test_many_places_are_asked_as_a_whole(project: Builder) -> None:
    project.write("long.txt", "".join(f"line {number}\n" for number in range(1000)))
    added = project.commit("Add")
    found = origins(project, "long.txt", *range(1, 1000, 2))
    assert len(found) == 500
    assert found[999] == LineOrigin(added, "long.txt", 999)
