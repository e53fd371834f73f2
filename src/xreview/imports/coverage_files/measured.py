"""What a coverage file says, whatever its format."""

from collections.abc import Callable, Iterable, Mapping

from xreview.domain.errors import XReviewError
from xreview.domain.record import dataclass, field

LAST_LINE = 1_000_000
"""The highest line number that is believed."""

MOST_LINES = 2_000_000
"""Lines that are read of one coverage file."""


class CoverageFileError(XReviewError):
    """A coverage file isn't read: it is damaged, of another format, or too large."""


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """The lines of one source file, 1-based: those that tests ran, and those that none ran."""

    run: frozenset[int]
    missed: frozenset[int] = frozenset()

    @property
    def known(self) -> frozenset[int]:
        """All lines that the coverage file takes for executable."""
        return self.run | self.missed


@dataclass(frozen=True)
class CoverageReport:
    """What one coverage file has, under the names that it uses, with `/` between folders.

    Args:
        names: of all source files that it names.
        files: the lines of those that were wanted.
        roots: folders below which it says the names are.
        knows_missed: False if it has only the lines that ran.
        marks_regions: blank lines can be in it, as it marks from the first to the last line of a
            region.
    """

    names: tuple[str, ...]
    files: Mapping[str, MeasuredFile]
    roots: tuple[str, ...] = ()
    knows_missed: bool = True
    marks_regions: bool = False


@dataclass
class CoverageReading:
    """Collects what a coverage file says, within limits.

    Args:
        wanted: the last names of the source files whose lines are kept.
        is_over: whether the time is up.
    """

    wanted: frozenset[str]
    is_over: Callable[[], bool] = lambda: False
    roots: list[str] = field(default_factory=list[str])
    _names: dict[str, None] = field(default_factory=dict[str, None])
    _run: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    _missed: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    _counted: int = 0

    def wants(self, name: str) -> bool:
        """Note a name as the file writes it; return whether its lines are needed."""
        plain = plain_name(name)
        self._names[plain] = None
        return plain.rpartition("/")[2] in self.wanted

    def mark(self, name: str, lines: Iterable[int], is_run: bool) -> None:
        """Keep lines of a file. Raises CoverageFileError beyond `MOST_LINES`."""
        kept = (self._run if is_run else self._missed).setdefault(plain_name(name), set())
        for line in lines:
            self._counted += 1  # also what isn't kept: it takes as long
            if self._counted > MOST_LINES:
                raise CoverageFileError(f"it has over {MOST_LINES:,} lines")
            if 0 < line <= LAST_LINE:
                kept.add(line)

    def check_time(self) -> None:
        """Raise CoverageFileError if the time is up."""
        if self.is_over():
            raise CoverageFileError("reading it takes too long")

    def report(self, *, knows_missed: bool = True, marks_regions: bool = False) -> CoverageReport:
        """What was kept; a line that ran in one place ran."""
        names = (*self._run, *self._missed)
        files = {
            name: MeasuredFile(
                frozenset(run := self._run.get(name, set[int]())),
                frozenset(self._missed.get(name, set[int]()) - run),
            )
            for name in dict.fromkeys(names)
        }
        roots = tuple(plain_name(root).rstrip("/") for root in self.roots)
        return CoverageReport(tuple(self._names), files, roots, knows_missed, marks_regions)


def plain_name(name: str) -> str:
    """A name with `/` between folders, also if it was written on Windows."""
    return name.replace("\\", "/").removeprefix("./")
