"""lcov's tracefiles, which most tools for JavaScript, C, C++ and Rust can write (geninfo(1)).

`SF:` names a source file, `DA:` a line and how often it ran, `end_of_record` ends the file.
"""

import re

from xreview.imports.coverage_files.measured import CoverageReading, CoverageReport

_LINE = re.compile(r"^DA:(\d{1,9}),(\d{1,20})", re.MULTILINE)
_FILE = re.compile(r"^SF:(.*)", re.MULTILINE)
_BETWEEN_CHECKS = 200


def is_lcov(head: str) -> bool:
    """Whether a file begins as a tracefile does."""
    return re.match(r"(\s{0,9}#.{0,300}\n){0,9}\s{0,9}(TN|SF):", head) is not None


def read_lcov(text: str, reading: CoverageReading) -> CoverageReport:
    """Read a tracefile. Lines of it that aren't understood are skipped.

    LLVM marks whole regions, with their blank lines. Raises CoverageFileError.
    """
    for at, record in enumerate(text.split("\nend_of_record")):
        if at % _BETWEEN_CHECKS == 0:
            reading.check_time()
        named = _FILE.search(record)
        if named is None or not reading.wants(name := named[1].strip()):
            continue
        for line in _LINE.finditer(record, named.end()):
            reading.mark(name, (int(line[1]),), is_run=bool(line[2].strip("0")))
    return reading.report(marks_regions=True)
