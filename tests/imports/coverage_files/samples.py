"""Coverage files that real tools wrote (see tests/data/coverage/README.md)."""

from pathlib import Path

from xreview.imports.coverage_files.measured import CoverageReport, MeasuredFile
from xreview.imports.coverage_files.reading import read_coverage

FOLDER = Path(__file__).parents[2] / "data" / "coverage"


def sample(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read(content: bytes | str, *wanted: str) -> CoverageReport:
    raw = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    return read_coverage(raw, wanted)


def only(report: CoverageReport) -> MeasuredFile:
    (one,) = report.files.values()
    return one
