"""lcov's tracefiles."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from tests.imports.coverage_files.samples import only, read, sample
from xreview.imports.coverage_files.measured import CoverageFileError, MeasuredFile

BANK = MeasuredFile(frozenset({4, 6, 11, 15, 22}), frozenset({7, 25, 26}))


def test_what_coverage_py_wrote_is_what_its_json_says() -> None:
    report = read(sample("coverage_py.lcov"), "bank.py")

    assert only(report) == BANK
    assert report.names == ("bank.py", "test_bank.py")


def test_what_gcovr_wrote_has_lines_with_checksums() -> None:
    report = read(sample("gcovr.lcov"), "sum.c")

    assert only(report) == MeasuredFile(frozenset({3, 4, 6, 9, 12, 13, 14}), frozenset({7}))
    assert report.names == ("/tmp/facts-cov/c/sum.c",)


def test_two_records_of_a_file_are_one_and_windows_writes_as_windows_does() -> None:
    text = (
        "TN:\r\nSF:src\\a.js\r\nDA:1,0\r\nDA:2,0\r\nend_of_record\r\n"
        "SF:src\\a.js\r\nDA:2,3\r\nend_of_record\r\n"
    )
    report = read(text, "a.js")

    assert report.files == {"src/a.js": MeasuredFile(frozenset({2}), frozenset({1}))}


def test_only_what_is_wanted_is_kept() -> None:
    report = read(sample("coverage_py.lcov"), "other.py")

    assert report.files == {}
    assert len(report.names) == 2


LINES = st.lists(st.tuples(st.integers(0, 2_000_000), st.integers(0, 9)))


@given(LINES)
def test_lines_are_read_as_written(lines: list[tuple[int, int]]) -> None:
    body = "".join(f"DA:{line},{hits}\n" for line, hits in lines)
    report = read(f"SF:/x/a.c\n{body}end_of_record\n", "a.c")

    run = {line for line, hits in lines if hits and 0 < line <= 1_000_000}
    known = {line for line, _ in lines if 0 < line <= 1_000_000}
    found = report.files.get("/x/a.c", MeasuredFile(frozenset()))
    assert found == MeasuredFile(frozenset(run), frozenset(known - run))


@given(st.text(alphabet="SFDATN:,0159\n -/.aend_of_record") | st.text())
def test_any_text_gives_lines_or_the_documented_error(text: str) -> None:
    with suppress(CoverageFileError):
        read(f"TN:{text}", "a")
