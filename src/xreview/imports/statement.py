"""What a file of findings says, whatever its format."""

from enum import Enum

from xreview.domain.coverage import CoverageEntry
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Category, Confidence, Lens, ReviewerIdentity, Severity
from xreview.ports.reviewer import RawReport


class Columns(Enum):
    """The units in which a tool counts columns and character offsets."""

    CODE_POINTS = "code points"
    UTF16 = "UTF-16 code units"
    UTF8 = "bytes of UTF-8"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a file, as a tool writes it: by lines, or by offsets where there are no lines.

    Args:
        start_line, end_line: 1-based, inclusive; 0 for not given.
        start_column, end_column: 1-based, the end exclusive; 0 for not given, which means the
            beginning of the first line and the end of the last.
        char_offset, byte_offset: 0-based; -1 for not given. length: of either.
        is_certain: whether the units of its columns are known.
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

    @classmethod
    def of_lines(
        cls,
        start: int | None,
        end: int | None = None,
        start_column: int | None = None,
        end_column: int | None = None,
        *,
        columns: Columns = Columns.CODE_POINTS,
    ) -> "Region | None":
        """The region; None without a first line. Impossible numbers count as not given."""
        if start is None or start <= 0:
            return None
        first, last = max(0, start_column or 0), max(0, end_column or 0)
        return cls(start, max(start, end or 0), first, last, columns=columns)


@dataclass(frozen=True, slots=True)
class ProposedEdit:
    """A proposed edit: the region becomes the text.

    `old` is the region's present text as the tool quotes it; "" for not quoted.
    """

    region: Region
    text: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class FileName:
    """A tool's name for a file: the paths that it may mean, the likeliest first.

    `is_web` marks a name that was a web URL.
    """

    readings: tuple[str, ...]
    is_web: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """One location of a result; without a region, the whole file.

    `snippet` is the code as the tool quotes it; "" for not quoted.
    """

    file: FileName | None = None
    region: Region | None = None
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposed fix: a description, and the edits of one file that belong together, if any."""

    description: str
    edits: tuple[ProposedEdit, ...] = ()
    file: FileName | None = None


@dataclass(frozen=True, slots=True)
class ImportedProblem:
    """One result of a tool.

    Args:
        message: about this place. detail: about the rule, with a link. flow: the steps that lead
            to it; each "" for nothing.
        places: its locations; the first one in the change counts.
    """

    rule: str
    title: str
    message: str
    category: Category
    severity: Severity
    confidence: Confidence = Confidence.MEDIUM
    places: tuple[Where, ...] = ()
    detail: str = ""
    flow: str = ""
    fix: Fix | None = None

    @property
    def claim(self) -> str:
        """The message and the detail."""
        return "\n\n".join(filter(None, (self.message, self.detail)))


@dataclass(frozen=True, slots=True)
class ToolStatement:
    """What one tool (or one reviewer of an earlier review) says in a file.

    Args:
        problems: its results, which have yet to be placed in the change.
        reports: results with known places, from this program's own exports.
        read: the files it says it analysed.
        suppressed: the files of suppressed results, one for each.
        failed: why its run failed; "" for success. failures: the same for single files.
        coverage: known coverage, from this program's own exports.
        unread: clauses about what could not be read, which follow the file's name.
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
        """The statement of two runs of the same tool."""
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
