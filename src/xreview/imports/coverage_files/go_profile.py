"""Go's cover profiles: `go test -coverprofile` (golang.org/x/tools/cover).

After the first line, `mode: set`, each line is a block of statements:
`example.com/module/file.go:10.20,12.3 2 1` — from line 10, column 20 to line 12, column 3, with two
statements, which ran once.
"""

import re

from xreview.imports.coverage_files.measured import (
    CoverageFileError,
    CoverageReading,
    CoverageReport,
)

_BLOCK = re.compile(r"(\d{1,7})\.\d{1,7},(\d{1,7})\.\d{1,7} \d{1,9} (\d{1,20})\s*")
_BETWEEN_CHECKS = 5_000


def is_go_profile(head: str) -> bool:
    """Whether a file begins as a cover profile does."""
    return re.match(r"mode: (set|count|atomic)\r?\n", head) is not None


def read_go_profile(text: str, reading: CoverageReading) -> CoverageReport:
    """Read a cover profile. Raises CoverageFileError, also if a block isn't understood."""
    is_wanted: dict[str, bool] = {}
    for at, row in enumerate(text.split("\n")):
        if at % _BETWEEN_CHECKS == 0:
            reading.check_time()
        if not row.strip() or row.startswith("mode: "):  # merged profiles have several of these
            continue
        name, colon, rest = row.rpartition(":")
        if not colon:
            raise CoverageFileError(f"line {at + 1} isn't a block of a cover profile")
        if name not in is_wanted:
            is_wanted[name] = reading.wants(name)
        if not is_wanted[name]:
            continue
        block = _BLOCK.fullmatch(rest)
        if block is None:
            raise CoverageFileError(f"line {at + 1} isn't a block of a cover profile")
        lines = range(int(block[1]), int(block[2]) + 1)
        reading.mark(name, lines, is_run=bool(block[3].strip("0")))
    return reading.report(marks_regions=True)
