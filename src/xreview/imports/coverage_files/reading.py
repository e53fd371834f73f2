"""Tells the format of a coverage file by its content, and reads it."""

from collections.abc import Callable, Collection

from xreview.imports.coverage_files.coverage_py import (
    SQLITE_HEADER,
    read_coverage_database,
    read_coverage_json,
)
from xreview.imports.coverage_files.go_profile import is_go_profile, read_go_profile
from xreview.imports.coverage_files.lcov import is_lcov, read_lcov
from xreview.imports.coverage_files.measured import (
    CoverageFileError,
    CoverageReading,
    CoverageReport,
)

_HEAD = 4000


def read_coverage(
    content: bytes, wanted: Collection[str], is_over: Callable[[], bool] = lambda: False
) -> CoverageReport:
    """Read a coverage file.

    Args:
        wanted: the last names of the source files whose lines are needed.
        is_over: whether the time is up.

    Raises CoverageFileError, whose text continues "The coverage file isn't read: …".
    """
    reading = CoverageReading(frozenset(wanted), is_over)
    if content.startswith(SQLITE_HEADER):
        return read_coverage_database(content, reading)
    plain = content.removeprefix(b"\xef\xbb\xbf")
    head = plain[:_HEAD].decode("utf-8", "replace")
    if head.lstrip().startswith("<"):
        # Imported here: most repositories have none, and don't need expat.
        from xreview.imports.coverage_files.xml_reports import read_xml

        return read_xml(plain.lstrip(), reading)
    if head.lstrip().startswith("{"):
        return read_coverage_json(plain, reading)
    if is_go_profile(head):
        return read_go_profile(plain.decode("utf-8", "surrogateescape"), reading)
    if is_lcov(head):
        return read_lcov(plain.decode("utf-8", "surrogateescape"), reading)
    raise CoverageFileError("its format isn't known")
