from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.imports.placing.file_names import of_path, of_uri
from xreview.imports.placing.placing import Files, Placing
from xreview.imports.statement import FileName

PATHS = ["src/a b.py", "src/ü.py", "a.py", "lib/a.py", "100%.py", "odd\\name.py", "x%20y.py"]
HERE = "/home/ada/shop"


def placed(name: FileName, *others: FileName, repository: str = HERE) -> str | None:
    files = Files(PATHS, (), (repository, str(Path(repository).resolve())))
    place = Placing(files, [name, *others]).place_of(name)
    return place if isinstance(place, str) else None


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("a.py", "a.py"),
        ("./a.py", "a.py"),
        ("lib/../a.py", "a.py"),
        ("src/a%20b.py", "src/a b.py"),
        ("src/a b.py", "src/a b.py"),
        ("src\\a%20b.py", "src/a b.py"),
        ("src/%C3%BC.py", "src/ü.py"),
        ("100%25.py", "100%.py"),
        ("100%.py", "100%.py"),
        ("x%2520y.py", "x%20y.py"),
        ("odd%5Cname.py", "odd\\name.py"),
        (f"file://{HERE}/a.py", "a.py"),
        (f"file://localhost{HERE}/src/a%20b.py", "src/a b.py"),
        (f"{HERE}/a.py", "a.py"),
        ("file:///C:/projects/shop/lib/a.py", "lib/a.py"),
        ("C:\\projects\\shop\\lib\\a.py", "lib/a.py"),
        ("http://example.com/a.py", None),
        ("../a.py", None),
        ("b.py", None),
        ("", None),
        ("file:", None),
    ],
)
def test_references_of_files(uri, path):
    assert placed(of_uri(uri)) == path


@pytest.mark.parametrize(
    ("bases", "path"),
    [
        ((f"file://{HERE}/lib/",), "lib/a.py"),
        ((f"file://{HERE}/lib",), "lib/a.py"),
        (("lib/", f"file://{HERE}/"), "lib/a.py"),
        (("file:///github/workspace/",), "a.py"),
        (("",), "a.py"),
        ((), "a.py"),
    ],
)
def test_references_with_bases(bases, path):
    assert placed(of_uri("a.py", bases)) == path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a b.py", "src/a b.py"),
        ("src\\a b.py", "src/a b.py"),
        ("odd\\name.py", "odd\\name.py"),
        ("100%25.py", None),
        (f"{HERE}/lib/a.py", "lib/a.py"),
    ],
)
def test_plain_paths(path, expected):
    assert placed(of_path(path)) == expected


def test_a_file_of_another_machine_is_taken_relative_to_the_folder_that_holds_all():
    elsewhere = [of_path(f"/build/7/shop/{path}") for path in ("src/ü.py", "lib/a.py", "other.py")]
    assert [placed(name, *elsewhere) for name in elsewhere] == ["src/ü.py", "lib/a.py", None]
    assert placed(of_path("/x/lib/a.py"), of_path("/x/b.py")) == "lib/a.py"
    # /x/deep holds a file called as one of the change, but not all that the tool names.
    assert placed(of_path("/x/deep/a.py"), of_path("/x/b.py")) is None


def test_absolute_names_in_the_repository_leave_no_room_for_guesses():
    assert placed(of_path("/x/a.py"), of_path(f"{HERE}/lib/a.py")) is None


def test_a_repository_under_a_linked_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    name = of_path(f"{tmp_path}/real/a.py")
    assert placed(name, repository=f"{tmp_path}/link") == "a.py"


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_reference_has_readings_and_none_raises(uri, bases):
    placed(of_uri(uri, bases))
    placed(of_path(uri))
