"""Which file of a repository a name in a coverage file means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.imports.coverage_files.matching import match_names
from xreview.imports.coverage_files.measured import CoverageReport, plain_name

TOP = "/home/me/project"
JAVA = "com/acme/Bank.java"


def matched(*names: str, files: str, base: str = "", roots: tuple[str, ...] = ()) -> dict[str, str]:
    report = CoverageReport(tuple(map(plain_name, names)), {}, roots)
    return dict(match_names(report, base, TOP, files.split()))


@pytest.mark.parametrize(
    ("name", "files", "base", "roots", "path"),
    [
        ("src/a.py", "src/a.py a.py", "", (), "src/a.py"),
        ("./src/a.py", "src/a.py a.py", "", (), "src/a.py"),
        ("src\\a.py", "src/a.py a.py", "", (), "src/a.py"),
        (f"{TOP}/src/a.py", "src/a.py a.py", "", (), "src/a.py"),
        ("src/a.js", "web/src/a.js src/a.js", "web", (), "web/src/a.js"),
        ("../lib/a.js", "web/src/a.js lib/a.js src/lib/a.js", "web", (), "lib/a.js"),
        ("a.py", "src/a.py lib/a.py", "", ("src",), "src/a.py"),
        ("a.py", "src/a.py lib/a.py", "", (f"{TOP}/lib",), "lib/a.py"),
        ("/builds/ci/project/src/a.py", "src/a.py", "", (), "src/a.py"),
        ("C:\\agent\\src\\a.cs", "src/a.cs b.cs", "", (), "src/a.cs"),
        (JAVA, f"app/src/main/java/{JAVA}", "", (), f"app/src/main/java/{JAVA}"),
        (JAVA, f"a/{JAVA} b/{JAVA}", "b", (), f"b/{JAVA}"),
    ],
)  # fmt: skip
def test_a_name_is_matched(
    name: str, files: str, base: str, roots: tuple[str, ...], path: str
) -> None:
    assert matched(name, files=files, base=base, roots=roots) == {path: plain_name(name)}


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("a.py",), "src/a.py lib/a.py"),
        (("/ci/src/a.py",), "src/a.py a.py"),
        (("/ci/one/a.py", "/ci/two/a.py"), "a.py"),
        (("/ci/data.py",), "a.py"),
        (("../../../etc/passwd", "/etc/passwd"), "src/a.py"),
        (("",), "src/a.py"),
        (("/",), "src/a.py"),
    ],
)
def test_what_may_mean_several_files_means_none(names: tuple[str, ...], files: str) -> None:
    assert matched(*names, files=files) == {}


def test_what_is_sure_tells_the_root_of_what_is_not() -> None:
    names = ("example.com/bank/pay/rest.go", "example.com/bank/cmd/main.go")
    found = matched(*names, files="pay/rest.go cmd/main.go main.go")
    assert found == {"pay/rest.go": names[0], "cmd/main.go": names[1]}


def test_an_exact_name_goes_before_one_that_ends_alike() -> None:
    found = matched("src/a.py", "/venv/src/a.py", files="src/a.py")
    assert found == {"src/a.py": "src/a.py"}


PARTS = st.lists(st.sampled_from(["a", "b", "..", ".", "", "C:", "\\"]), max_size=5).map("/".join)


@given(st.lists(PARTS, max_size=6), st.sets(PARTS, max_size=6), PARTS)
def test_a_match_is_always_a_file_of_the_repository(
    names: list[str], files: set[str], base: str
) -> None:
    report = CoverageReport(tuple(dict.fromkeys(map(plain_name, names))), {}, (base,))
    found = match_names(report, base, TOP, files)
    assert set(found) <= files
    assert set(found.values()) <= set(report.names)
