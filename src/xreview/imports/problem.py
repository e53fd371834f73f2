"""What a file of findings says, in terms of none of the formats."""

from dataclasses import dataclass, field, replace
from enum import Enum

from xreview.domain.coverage import CoverageEntry
from xreview.domain.report import Category, Confidence, Lens, ReviewerIdentity, Severity
from xreview.ports.reviewer import RawReport


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
        is_certain: False where it is not known in what the tool counts columns.
    """

    start_line: int = 0
    end_line: int = 0
    start_column: int = 0
    end_column: int = 0
    char_offset: int = -1
    byte_offset: int = -1
    length: int = 0
    columns: Columns = Columns.CODE_POINTS
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class ProposedEdit:
    """A proposed edit: the region becomes the text.

    `old` is what stands in the region by the tool's own words, "" where it does not say.
    """

    region: Region
    text: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class FileName:
    """What a tool calls a file: all readings of the name, the likeliest first.

    `is_web` marks one that was a URL of the web.
    """

    readings: tuple[str, ...]
    is_web: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """One place that a result names.

    Args:
        file: None where the tool names no file. region: None where it names no part of it.
        snippet: the code as the tool quotes it, "" where it does not.
    """

    file: FileName | None = None
    region: Region | None = None
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """What a tool proposes: in words, and as edits of one file, all of them together.

    Args:
        edits: () where it is in words only. file: which file they edit.
    """

    said: str
    edits: tuple[ProposedEdit, ...] = ()
    file: FileName | None = None


@dataclass(frozen=True, slots=True)
class ImportedProblem:
    """One result of a tool.

    Args:
        message: what the tool says of this place. detail: what it says of the rule, and where
            more can be read. flow: how it comes about, step by step; each "" for nothing.
        places: where; the first one in the change counts. () where it names no place.
        fix: None where the tool proposes nothing.
    """

    rule: str
    title: str
    message: str
    category: Category
    severity: Severity
    confidence: Confidence
    places: tuple[Where, ...] = ()
    detail: str = ""
    flow: str = ""
    fix: Fix | None = None

    @property
    def claim(self) -> str:
        """What is wrong, and more about it."""
        return "\n\n".join(filter(None, (self.message, self.detail)))


@dataclass(frozen=True, slots=True)
class ToolStatement:
    """What one tool (or one reviewer of an earlier review) says in a file.

    Args:
        problems: its results, which are still to be placed in the change.
        reports: results that are placed already, of our own exports.
        read: files it says it analysed.
        suppressed: the files of results that somebody has dealt with already.
        failed: why its run failed, "" where it did not; failures: the same for single files.
        coverage: what is known of its reading already, of our own exports.
        unread: sentences on what of the file could not be read.
    """

    identity: ReviewerIdentity
    lens: Lens
    problems: tuple[ImportedProblem, ...] = ()
    reports: tuple[RawReport, ...] = ()
    read: tuple[FileName, ...] = ()
    suppressed: tuple[FileName, ...] = ()
    failed: str = ""
    failures: tuple[tuple[FileName, str], ...] = field(default=())
    coverage: tuple[CoverageEntry, ...] = ()
    unread: tuple[str, ...] = ()

    def with_more(self, other: "ToolStatement") -> "ToolStatement":
        """What the same tool says in two runs."""
        return replace(
            self,
            problems=self.problems + other.problems,
            reports=self.reports + other.reports,
            read=self.read + other.read,
            suppressed=self.suppressed + other.suppressed,
            failed=self.failed or other.failed,
            failures=self.failures + other.failures,
            coverage=self.coverage + other.coverage,
            unread=self.unread + other.unread,
        )
