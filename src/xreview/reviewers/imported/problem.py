"""What a file of findings says, in terms of none of the formats."""

from dataclasses import dataclass, field
from enum import Enum

from xreview.domain.coverage import CoverageEntry
from xreview.domain.report import Category, Confidence, Lens, ReviewerIdentity, Severity
from xreview.reviewers.base import RawReport


class Columns(Enum):
    """In what a tool counts columns and character offsets."""

    CODE_POINTS = "code points"
    UTF16 = "UTF-16 code units"
    UTF8 = "bytes of UTF-8"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a file, as a tool writes it: by lines, or by offsets where there are no lines.

    Args:
        start_line, end_line: 1-based, inclusive; 0 for not given.
        start_column, end_column: 1-based, the end exclusive; 0 for not given, which is the
            beginning of the first and the end of the last line.
        char_offset, byte_offset: 0-based; -1 for not given. length: of either.
    """

    start_line: int = 0
    end_line: int = 0
    start_column: int = 0
    end_column: int = 0
    char_offset: int = -1
    byte_offset: int = -1
    length: int = 0
    columns: Columns = Columns.CODE_POINTS


@dataclass(frozen=True, slots=True)
class Edit:
    """A proposed edit: the region becomes the text."""

    region: Region
    text: str


@dataclass(frozen=True, slots=True)
class FileName:
    """What a tool calls a file: all readings of the name, the likeliest first."""

    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One result of a tool.

    Args:
        file: None where the tool names no file.
        region: None where it names no part of the file.
        snippet: the code as the tool quotes it, "" where it does not.
        suggestion: what to do about it, "" where the tool does not say.
        edits: how, in the same file; all of them together.
    """

    rule: str
    title: str
    claim: str
    category: Category
    severity: Severity
    confidence: Confidence
    file: FileName | None
    region: Region | None = None
    snippet: str = ""
    suggestion: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What one tool (or one reviewer of an earlier review) says in a file.

    Args:
        problems: its results, which are still to be placed in the change.
        reports: results that are placed already, of our own exports.
        read: files it says it analysed.
        suppressed: the files of results that somebody has dealt with already.
        failed: why its run failed, "" where it did not; failures: the same for single files.
        coverage: what is known of its reading already, of our own exports.
    """

    identity: ReviewerIdentity
    lens: Lens
    problems: tuple[Problem, ...] = ()
    reports: tuple[RawReport, ...] = ()
    read: tuple[FileName, ...] = ()
    suppressed: tuple[FileName, ...] = ()
    failed: str = ""
    failures: tuple[tuple[FileName, str], ...] = field(default=())
    coverage: tuple[CoverageEntry, ...] = ()
