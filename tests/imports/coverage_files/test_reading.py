"""The format of a coverage file is told by its content."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.coverage_files.samples import read, sample
from xreview.imports.coverage_files.measured import CoverageFileError


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + sample("coverage_py.xml"),
        b"\n" + sample("gcovr_cobertura.xml"),
        b"\xef\xbb\xbf" + sample("gcovr.lcov"),
        b"# from ci\n" + sample("gcovr.lcov"),
        sample("coverage_py.json"),
        b"mode: atomic\n",
    ],
)
def test_each_format_is_known_by_its_beginning(content: bytes) -> None:
    read(content)


@pytest.mark.parametrize("content", [b"", b"hello", b"!coverage.py: This is a private format"])
def test_another_format_is_refused(content: bytes) -> None:
    with pytest.raises(CoverageFileError, match="format"):
        read(content)


@given(st.binary())
def test_any_bytes_give_a_report_or_the_documented_error(content: bytes) -> None:
    with suppress(CoverageFileError):
        read(content, "a")
