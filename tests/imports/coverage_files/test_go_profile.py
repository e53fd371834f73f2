"""Go's cover profiles."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.coverage_files.samples import only, read, sample
from xreview.imports.coverage_files.measured import CoverageFileError, MeasuredFile

PROFILE = sample("go.out").decode()


def test_a_line_that_ran_in_one_block_ran() -> None:
    report = read(PROFILE, "rest.go")

    assert only(report) == MeasuredFile(frozenset({6, 7, 13}), frozenset({8, 9, 10, 11}))
    assert report.names == ("example.com/bank/cmd/main.go", "example.com/bank/pay/rest.go")
    assert report.marks_regions


def test_merged_profiles_can_have_several_first_lines_and_windows_ends() -> None:
    text = (
        PROFILE.replace("\n", "\r\n") + "mode: set\r\nexample.com/bank/cmd/main.go:3.13,5.2 1 4\r\n"
    )

    assert only(read(text, "main.go")).run == {3, 4, 5}


@pytest.mark.parametrize(
    "row", ["x", "a.go:1,2", "a.go:1.1,2.2 1 -1", "a.go:1.1,2.2 1 1 1", "a.go:٣.1,4.1 1 1x"]
)
def test_another_line_is_refused(row: str) -> None:
    with pytest.raises(CoverageFileError, match="line 2"):
        read(f"mode: count\n{row}\n", "a.go")


@pytest.mark.parametrize("lines", ["1.1,999999.1", "2000000.1,9999999.1"])
def test_blocks_as_large_as_files_cannot_be_are_refused(lines: str) -> None:
    text = "mode: set\n" + f"a.go:{lines} 1 1\n" * 2_000
    with pytest.raises(CoverageFileError, match="2,000,000"):
        read(text, "a.go")


@given(st.text(alphabet="ago.:,0159 \n-/") | st.text())
def test_any_text_gives_lines_or_the_documented_error(text: str) -> None:
    with suppress(CoverageFileError):
        read(f"mode: set\n{text}", "a.go")
